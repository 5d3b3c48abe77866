//! The header by itself: for a link whose name says the registry, as pnpm calls it, and for a URL, as Yarn asks.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::sandbox::{HOST, Outcome, Sandbox};

/// Calls the program by a link's name.
fn call(sandbox: &Sandbox, name: &str) -> Outcome {
    let link = sandbox.path("helpers").join(name.replace('H', HOST));
    fs::create_dir_all(link.parent().unwrap()).unwrap();
    symlink(env!("CARGO_BIN_EXE_codeartifact-npm"), &link).unwrap();
    sandbox.finish(sandbox.command(Path::new(&link), ""))
}

#[test]
fn a_link_named_after_a_registry_prints_its_header() {
    let sandbox = Sandbox::new();
    for name in ["token-for-H+npm+my-repo", "token-for-H"] {
        let outcome = call(&sandbox, name);
        let said = (
            outcome.code,
            outcome.output.as_str(),
            outcome.errors.as_str(),
        );
        assert_eq!(said, (Some(0), "Bearer T\n", ""), "{name}");
    }
}

/// pnpm 10 asks before every command, and refuses all of them when the answer is an exit code.
#[test]
fn a_link_that_has_no_answer_does_not_fail() {
    let sandbox = Sandbox::new();
    let rows = [
        (
            "token-for-nobody@H+npm+my-repo",
            "no connection named `nobody`",
        ),
        ("token-for-example.com", ""),
        ("token-for-H+npm+x", "`https://H/npm/x/`"),
    ];
    for (name, expected) in rows {
        let outcome = call(&sandbox, name);
        assert_eq!(
            (outcome.code, outcome.output.as_str()),
            (Some(0), ""),
            "{name}"
        );
        assert!(outcome.errors.contains(expected), "{name}: {outcome:?}");
    }
}

#[test]
fn a_url_gets_its_header_and_a_strange_one_nothing() {
    let sandbox = Sandbox::new();
    let rows = [
        ("https://H/npm/my-repo", 0, "Bearer T\n"),
        ("https://example.com/npm/my-repo/", 1, ""),
    ];
    for (url, code, output) in rows {
        let outcome = sandbox.run(&format!("header {}", url.replace('H', HOST)));
        let said = (
            outcome.code,
            outcome.output.as_str(),
            outcome.errors.as_str(),
        );
        assert_eq!(said, (Some(code), output, ""), "{url}");
    }
}
