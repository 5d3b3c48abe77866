//! `codeartifact test`: what it shows of what works. What it says of what does not is in `faults`.

use codeartifact_end_to_end::fixture::{
    Connection, EXTERNAL_ID, GO, NPM, PYPI, SECRET_ACCESS_KEY, acme, two_hops,
};
use serde_json::Value;

const ALL_IS_WELL: &str = "\
✓ source credentials       environment, arn:aws:iam::198331734661:user/ci
✓ hop 1                    arn:aws:iam::198331734661:role/IntegrationReadOnly
✓ hop 2                    arn:aws:iam::111122223333:role/CodeArtifactReader, external id required
✓ authorization token      my-domain, 12 h
✓ npm   /npm/my-repo/      reachable, readable
✓ pypi  /pypi/my-repo/     reachable, readable
✓ go    /go/my-repo/       readable; CodeArtifact has no Go format, so go needs our proxy, or one of yours there
✓ clock                    agrees with AWS's
✓ cache                    ";

#[test]
fn every_step_is_shown_and_nothing_secret() {
    let (mut sandbox, emulator) = two_hops();
    let proxy = sandbox.run("sh", &["-c", "echo $HTTPS_PROXY"]).stdout;
    let address = proxy.trim().strip_prefix("http://").unwrap();
    sandbox.unset("https_proxy");
    sandbox.set("HTTPS_PROXY", format!("http://me:my-password@{address}"));
    let whole = sandbox.run("codeartifact", &["test"]).succeeded();
    assert!(
        whole
            .stdout
            .starts_with("✓ configuration            3 URLs, 1 domain, us-east-1\n"),
        "{whole:?}"
    );
    assert!(whole.stdout.contains(ALL_IS_WELL), "{whole:?}");
    assert!(
        whole
            .stdout
            .contains(&format!("HTTPS_PROXY=http://{address},")),
        "{whole:?}"
    );
    assert_eq!(whole.stderr, "");
    let json = sandbox
        .run("codeartifact", &["test", "acme", "--format", "json"])
        .succeeded();
    let report: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(report["ok"], true);
    let findings = report["connections"][0]["findings"].as_array().unwrap();
    let checks: Vec<_> = findings
        .iter()
        .map(|finding| finding["check"].as_str().unwrap())
        .collect();
    assert_eq!(
        checks,
        [
            "configuration",
            "network",
            "source_credentials",
            "hop",
            "hop",
            "token",
            "repository",
            "repository",
            "repository",
            "clock",
            "cache"
        ]
    );
    for secret in [SECRET_ACCESS_KEY, EXTERNAL_ID, "my-password", "eyJ"] {
        assert!(
            !whole.stdout.contains(secret) && !json.stdout.contains(secret),
            "{secret}"
        );
    }
    // The same token serves every repository, and none is kept: a test changes nothing.
    assert_eq!(emulator.journal().mints(), 2);
    let status = sandbox.run("codeartifact", &["status"]).succeeded();
    assert!(status.stdout.contains("no tokens are kept"), "{status:?}");
}

#[test]
fn several_connections_take_a_line_each() {
    let (sandbox, _emulator) = two_hops();
    let wrong = Connection {
        name: "globex",
        external_id: "globex-00000000",
        ..acme()
    };
    Connection::configure_all(&[acme(), wrong], &sandbox);
    let brief = sandbox.run("codeartifact", &["test"]).exited(4);
    let lines: Vec<_> = brief.stdout.lines().collect();
    assert_eq!(lines[0], "✓ acme                     all is well");
    assert!(
        lines[1].starts_with("✗ globex                   hop 2: cannot assume "),
        "{brief:?}"
    );
    assert_eq!(lines.len(), 4, "with AWS's words and a hint: {brief:?}");
    let _ = sandbox.run("codeartifact", &["test", "acme"]).succeeded();
    let _ = sandbox.run("codeartifact", &["test", "globex"]).exited(4);
}

#[test]
fn without_a_connection_a_url_is_enough() {
    let (mut sandbox, _emulator) = two_hops();
    std::fs::remove_file(sandbox.path("home/.config/codeartifact/config.toml")).unwrap();
    let nothing = sandbox.run("codeartifact", &["test"]).exited(2);
    let _ = nothing.says(&["there is no connection", "hint: give a repository's URL"]);
    let refused = sandbox.run("codeartifact", &["test", NPM]).exited(5);
    assert!(
        refused
            .stdout
            .contains("the caller is of account 198331734661"),
        "{refused:?}"
    );
    sandbox.set(
        "CODEARTIFACT_VIA",
        codeartifact_end_to_end::fixture::INTEGRATION_ROLE,
    );
    sandbox.set(
        "CODEARTIFACT_ROLE_ARN",
        codeartifact_end_to_end::fixture::READER_ROLE,
    );
    sandbox.set("CODEARTIFACT_EXTERNAL_ID", EXTERNAL_ID);
    for url in [NPM, PYPI, GO] {
        let _ = sandbox.run("codeartifact", &["test", url]).succeeded();
    }
    let host = NPM.split("/npm").next().unwrap();
    let domain = sandbox.run("codeartifact", &["test", host]).succeeded();
    assert!(
        domain
            .stdout
            .contains("✓ authorization token      my-domain"),
        "{domain:?}"
    );
}

#[test]
fn a_package_that_is_there_is_shown_with_its_versions() {
    let (sandbox, _emulator) = two_hops();
    let rows = [
        ("npm:my-package", "2 versions in my-repo: 1.1.0, 1.0.0"),
        ("npm:@my-scope/my-package", "in my-repo: "),
        ("pypi:My.Package@1.0.0", "1.0.0 is in my-repo"),
        (
            "go:example.com/private/greeting@v1.0.0",
            "v1.0.0 is in my-repo",
        ),
    ];
    for (package, says) in rows {
        let found = sandbox
            .run("codeartifact", &["test", "--package", package])
            .succeeded();
        assert!(found.stdout.contains(says), "{package}: {found:?}");
    }
    let misspelt = sandbox
        .run("codeartifact", &["test", "--package", "my-package"])
        .exited(2);
    let _ = misspelt.says(&["write FORMAT:NAME"]);
}

#[test]
fn what_a_profile_says_about_the_way_is_shown() {
    let (mut sandbox, _emulator) = two_hops();
    let file = sandbox.path("emulator/ca.pem").display().to_string();
    sandbox.unset("AWS_CA_BUNDLE");
    sandbox.unset("SSL_CERT_FILE");
    sandbox.write(
        "home/.aws/config",
        &format!("[default]\nca_bundle = {file}\n"),
    );
    let shown = sandbox.run("codeartifact", &["test"]).succeeded();
    let says = format!("✓ network                  the profile says ca_bundle = {file}\n");
    assert!(shown.stdout.contains(&says), "{shown:?}");
}

/// Returns the message that pip hides.
#[test]
fn what_a_helper_said_last_and_what_is_kept_are_shown() {
    let (sandbox, emulator) = two_hops();
    emulator.fault(r#"{"fault": "refuse", "action": "sts:AssumeRole", "message": "no"}"#);
    let _ = sandbox
        .run("keyring", &["--mode=creds", "--output=json", "get", PYPI])
        .failed();
    emulator.recover();
    let _ = sandbox.run("codeartifact", &["token", NPM]).succeeded();
    let shown = sandbox.run("codeartifact", &["test"]).succeeded();
    for text in [
        "; one of my-domain was got ",
        "! latest failure           ",
        ", codeartifact-keyring: cannot assume ",
    ] {
        assert!(shown.stdout.contains(text), "{text}: {shown:?}");
    }
}
