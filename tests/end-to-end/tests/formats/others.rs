//! What has no client of its own here: curl with a netrc, the variables of Renovate.

use std::path::Path;

use super::*;

const POM: &str = "com/example/my-parent/1.0.0/my-parent-1.0.0.pom";

/// As a generic package is read: by documented `curl --netrc-file`, with the login that Swift would take beside it.
#[test]
fn curl_reads_by_a_netrc() {
    if !Path::new("/usr/bin/curl").exists() {
        eprintln!("skipped: curl is not installed");
        return;
    }
    let (sandbox, emulator) = developer("maven");
    sandbox.link("curl", Path::new("/usr/bin/curl"));
    let file = url("maven") + POM;
    let by_token = format!(
        "codeartifact token {file} --format netrc > netrc && curl -sfL --netrc-file netrc {file}"
    );
    let by_exec = format!("codeartifact exec -- sh -c 'curl -sfL --netrc-file $NETRC {file}'");
    for script in [by_token, by_exec] {
        let said = sandbox.run("sh", &["-c", &script]).succeeded();
        assert!(said.stdout.contains("<artifactId>my-parent"), "{said:?}");
    }
    assert_mints(&emulator, 1);
    let swift = [
        "token",
        &url("maven"),
        "--format",
        "netrc",
        "--user",
        "token",
    ];
    let netrc = sandbox.run("codeartifact", &swift).succeeded().stdout;
    let start = format!("machine {HOST} login token password ");
    assert!(netrc.starts_with(&start), "{netrc}");
}

/// One rule a host, behind the user's own.
#[test]
fn exec_adds_to_the_rules_of_renovate() {
    let (mut sandbox, _emulator) = developer("maven");
    sandbox.set("RENOVATE_HOST_RULES", r#"[{"matchHost":"example.com"}]"#);
    sandbox.write_program(
        "bin/renovate",
        "#!/bin/sh\nprintf %s \"$RENOVATE_HOST_RULES\"\n",
    );
    let print = ["exec", "--", "renovate"];
    let rules = sandbox.run("codeartifact", &print).succeeded().stdout;
    let rules: serde_json::Value = serde_json::from_str(&rules).unwrap();
    assert_eq!(rules[0]["matchHost"], "example.com");
    assert_eq!(rules[1]["matchHost"], format!("https://{HOST}"));
    assert_eq!(rules[1]["username"], "aws");
    assert_eq!(rules[1]["password"], token(&sandbox, "maven"));
    assert_eq!(rules.as_array().unwrap().len(), 2);
}

const FORMATS: [&str; 9] = [
    "npm", "pypi", "go", "cargo", "nuget", "maven", "ruby", "swift", "generic",
];

/// A URL of each in one connection: it is saved, read with one token, and named to whoever types.
#[test]
fn every_format_is_known_alike() {
    let (sandbox, emulator) = developer("maven");
    std::fs::remove_file(sandbox.path("home/.config/codeartifact/config.toml")).unwrap();
    let flags: Vec<_> = FORMATS
        .iter()
        .flat_map(|format| [format!("--{format}"), url(format)])
        .collect();
    let flags: Vec<_> = flags.iter().map(String::as_str).collect();
    let connect = [&["connect", "acme"], &flags[..]].concat();
    let _ = sandbox.run("codeartifact", &connect).succeeded();
    let tested = sandbox.run("codeartifact", &["test", "acme"]);
    let tested = tested.succeeded().stdout;
    let said = |command: &[&str]| sandbox.run("codeartifact", command).succeeded().stdout;
    let completions = said(&["completions", "bash"]);
    let connections = said(&["connections", "--format", "json"]);
    for format in FORMATS {
        assert!(
            tested.contains(&format!("✓ {format} ")),
            "{format}: {tested}"
        );
        assert!(
            connections.contains(&format!("/{format}/my-repo/")),
            "{connections}"
        );
        assert!(completions.contains(&format!("--{format}")), "{format}");
    }
    assert_eq!(emulator.journal().mints(), 1);
}
