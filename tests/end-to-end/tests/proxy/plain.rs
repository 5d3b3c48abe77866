//! Plain http URLs of loopback, for a go that trusts no certificate of a run.

use super::modules::{ALL, platform};
use super::*;

/// Whatever SSL_CERT_FILE says, this go trusts nobody, as on a system whose own store is asked.
const WITHOUT_CERTIFICATE: &str = "set -e; export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/nowhere GOSUMDB=off GOFLAGS=-modcacherw \
     GOMODCACHE=$PWD/mod GOCACHE=$PWD/build;";

const GOPROXY_OF_A_USER: &str =
    "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo,off";

fn with_goproxy(list: &str) -> Platform {
    let mut platform = platform();
    platform.sandbox.set("GOPROXY", list);
    platform
}

#[test]
fn go_gets_a_module_without_a_certificate() {
    let platform = with_goproxy(GOPROXY_OF_A_USER);
    platform.publish("example.com/private/My/module", "v1.0.0", ALL);
    let get = format!(
        "{WITHOUT_CERTIFICATE} go get example.com/private/My/module@latest; go mod verify; cat go.sum; echo $GOPROXY"
    );
    let options = ["--others", "refuse", "--journal", "../journal.jsonl"];
    let refused = platform.exec(&options, &get).failed();
    assert!(refused.stderr.contains("certificate"), "{refused:?}");

    let said = platform
        .exec(&[&options[..], &["--go"]].concat(), &get)
        .succeeded()
        .stdout;
    let verified = "all modules verified";
    for part in [verified, "example.com/private/My/module v1.0.0 h1:", ",off"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(said.contains("\nhttp://127.0.0.1:"), "{said}");
    assert_no_token(&said, "the build's output");
    let journal = platform.sandbox.read("journal.jsonl");
    let module = r#""example.com/private/My/module""#;
    assert!(journal.contains(module), "{journal}");
    for name in ["go.sum", "go.mod"] {
        let file = platform.sandbox.read(&format!("work/{name}"));
        assert!(!file.contains("127.0.0.1"), "{name}: {file}");
    }
}

/// Nothing but Go's paths, and only with the run's secret.
#[test]
fn a_plain_url_opens_nothing_else() {
    let platform = with_goproxy(GOPROXY_OF_A_USER);
    let script = r#"
        ask() { curl --silent --noproxy '*' --output /dev/null --write-out '%{http_code}\n' "$1"; }
        door=${GOPROXY%,off}; secret=${door#http://*/}; secret=${secret%%/*}
        ask "$door/example.com/private/absent/@v/list"
        ask "$door/../../npm/my-repo/my-package"
        ask "$(echo "$door" | sed s,/go/,/npm/,)/my-package"
        ask "$(echo "$door" | sed s,$secret,${secret}0,)/example.com/private/absent/@v/list"
        curl --silent --noproxy '*' --output /dev/null --write-out '%{http_code}\n' -X PUT -d x "$door/example.com/private/absent/@v/v1.0.0.zip"
    "#;
    platform.sandbox.link("curl", Path::new("/usr/bin/curl"));
    platform.sandbox.link("sed", Path::new("/usr/bin/sed"));
    let outcome = platform.exec(&["--go"], script).succeeded();
    assert_eq!(outcome.stdout, "403\n407\n407\n407\n405\n");
}

#[test]
fn a_list_without_the_connections_url_is_a_mistake() {
    let platform = with_goproxy("https://proxy.example.com,direct");
    let outcome = platform.exec(&["--go"], "true").exited(2);
    let _ = outcome.says(&[
        "GOPROXY names no Go repository of connection `acme`",
        "codeartifact setup go acme",
    ]);
    let outcome = platform.sandbox.run(
        "codeartifact",
        &["exec", "--connection", "acme", "--go", "--", "true"],
    );
    let _ = outcome.exited(2).says(&["for --proxy"]);
}

/// A proxy that serves writes them into its variables.
#[test]
fn another_step_has_plain_urls_too() {
    let platform = with_goproxy(GOPROXY_OF_A_USER);
    let _served = super::served::Served::start_with(&platform, "run", &["--go"]);
    let script = "codeartifact proxy env --directory run | grep GOPROXY";
    platform.sandbox.link("grep", Path::new("/usr/bin/grep"));
    let outcome = platform.sandbox.run("sh", &["-c", script]).succeeded();
    assert!(
        outcome
            .stdout
            .starts_with("export GOPROXY='http://127.0.0.1:"),
        "{outcome:?}"
    );
}
