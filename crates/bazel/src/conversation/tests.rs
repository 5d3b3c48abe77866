//! Whole conversations, byte for byte, by the protocol's specification.

use codeartifact_helper::for_tests::{Machine, NOW, Said};

use super::*;
use crate::Bazel;

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

fn feed(machine: &Machine, request: &str) -> Said {
    machine.feed(&Bazel, &["get"], request)
}

fn about(uri: &str) -> String {
    format!("{{\"uri\":\"{uri}\"}}")
}

/// Tokens of 12 hours are asked for again an hour before they expire.
fn said(authorization: &str) -> Said {
    let expires = NOW.plus(11 * 3600);
    let text = format!(
        "{{\"expires\":\"{expires}\",\"headers\":{{\"Authorization\":[\"{authorization}\"]}}}}\n"
    );
    Said::new(Exit::Done, text, "")
}

#[test]
fn each_url_gets_its_answer() {
    let basic = "Basic YXdzOlQ=";
    let rows = [
        (format!("https://{HOST}/maven/my-repo/a/1/a-1.jar"), basic),
        (
            format!("https://{HOST}/pypi/my-repo/simple/my-package/"),
            basic,
        ),
        (format!("https://{HOST}/generic/my-repo/n/p/1/f.zip"), basic),
        (format!("https://{HOST}/"), basic),
        (
            format!("https://{HOST}:443/npm/my-repo/my-package/-/my-package-1.0.0.tgz"),
            "Bearer T",
        ),
        (format!("https://{HOST}/cargo/my-repo/config.json"), "T"),
        (
            "https://my-domain-111122223333.codeartifact.us-east-1.on.aws/maven/my-repo/a".into(),
            basic,
        ),
    ];
    for (uri, authorization) in rows {
        assert_eq!(
            feed(&Machine::new("T"), &about(&uri)),
            said(authorization),
            "{uri}"
        );
    }
}

#[test]
fn another_host_gets_nothing_and_asks_nobody() {
    let machine = Machine::new("T");
    let rows = [
        "https://assets-111122223333-us-east-1.s3.amazonaws.com/x?X-Amz-Signature=y".to_owned(),
        "https://repo.maven.apache.org/maven2/".to_owned(),
        format!("https://{HOST}.example.com/maven/my-repo/"),
        format!("https://example.com/{HOST}/maven/my-repo/"),
        "grpcs://remote.example.com".to_owned(),
        String::new(),
    ];
    for uri in rows {
        let nothing = Said::new(Exit::Done, "{}\n", "");
        assert_eq!(feed(&machine, &about(&uri)), nothing, "{uri}");
    }
    assert_eq!(machine.mint.minted(), 0);
}

/// A tool may know more than we do.
#[test]
fn unknown_members_are_ignored() {
    let request =
        format!("{{\"uri\":\"https://{HOST}/maven/my-repo/\",\"method\":\"GET\",\"more\":[1]}}\n");
    assert_eq!(feed(&Machine::new("T"), &request), said("Basic YXdzOlQ="));
}

#[test]
fn what_is_no_request_is_a_failure_without_an_answer() {
    for request in [
        "",
        "get",
        "{}",
        "[]",
        "{\"url\":\"https://x/\"}",
        "{\"uri\":1}",
    ] {
        let said = feed(&Machine::new("T"), request);
        assert_eq!((said.exit, said.stdout.as_str()), (Some(Exit::Usage), ""));
        assert!(said.stderr.contains("usage: "), "{said:?}");
    }
    for arguments in [&[] as &[&str], &["store"], &["get", "x"]] {
        let said = Machine::new("T").call(&Bazel, arguments);
        assert_eq!((said.exit, said.stdout.as_str()), (Some(Exit::Usage), ""));
    }
}

#[test]
fn a_failure_is_told_and_is_no_answer() {
    let mut machine = Machine::new("T");
    machine.mint.refused = "*";
    let said = feed(&machine, &about(&format!("https://{HOST}/maven/my-repo/")));
    assert_ne!(said.exit, Some(Exit::Done));
    assert_eq!(said.stdout, "");
    assert!(said.stderr.starts_with("codeartifact-bazel: "), "{said:?}");
    assert!(!said.stderr.contains("Basic"), "{said:?}");
}

#[test]
fn a_url_of_ours_that_is_wrong_is_told() {
    let said = feed(
        &Machine::new("T"),
        &about(&format!("https://{HOST}:8443/maven/my-repo/")),
    );
    assert_ne!(said.exit, Some(Exit::Done), "{said:?}");
    assert_eq!(said.stdout, "");
}
