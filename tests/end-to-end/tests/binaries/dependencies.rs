//! The crates that go into each program, as cargo resolves them: no AWS, async or TLS crate for a helper, and one TLS
//! stack for all.

use std::collections::BTreeSet;
use std::process::Command;

use codeartifact_end_to_end::helpers;

/// Crates that the small programs share; each helper's own has the name of its program. `codeartifact-auth` is here without its
/// feature `aws`.
const SHARED: [&str; 4] = [
    "codeartifact-front",
    "codeartifact-auth",
    "codeartifact-helper",
    "codeartifact-clients",
];

/// Each may be the beginning of a name.
const FOREIGN_TO_HELPERS: [&str; 12] = [
    "aws-",
    "tokio",
    "async-",
    "futures",
    "hyper",
    "http",
    "rustls",
    "ring",
    "reqwest",
    "ureq",
    "libdbus",
    "libc-getaddrinfo",
];

/// Everything that could be a TLS stack, or the start of one.
const TLS: [&str; 9] = [
    "rustls",
    "native-tls",
    "openssl",
    "openssl-sys",
    "aws-lc-rs",
    "aws-lc-sys",
    "boring",
    "s2n-tls",
    "mbedtls",
];

#[test]
fn no_helper_depends_on_aws_async_or_tls() {
    let own = helpers();
    for package in own.iter().map(String::as_str).chain(SHARED) {
        let foreign: Vec<_> = names_of(package)
            .into_iter()
            .filter(|name| FOREIGN_TO_HELPERS.iter().any(|it| name.starts_with(it)))
            .collect();
        assert!(foreign.is_empty(), "{package}: {foreign:?}");
    }
}

/// The check above can fail: the program that asks AWS has what it looks for.
#[test]
fn only_the_program_that_asks_aws_depends_on_it() {
    let names = names_of("codeartifact-cli");
    for expected in ["aws-sdk-sts", "tokio", "rustls"] {
        assert!(names.contains(expected), "{expected}");
    }
}

#[test]
fn one_tls_stack() {
    for package in ["codeartifact-cli", "codeartifact-emulator"] {
        let stacks: BTreeSet<_> = dependencies_of(package)
            .into_iter()
            .filter(|it| TLS.contains(&name(it)))
            .collect();
        let names: Vec<_> = stacks.iter().map(|it| name(it)).collect();
        assert_eq!(names, ["rustls"], "{package}: {stacks:?}");
    }
}

fn name(dependency: &str) -> &str {
    dependency.split(' ').next().unwrap()
}

fn names_of(package: &str) -> BTreeSet<String> {
    let all = dependencies_of(package);
    all.iter().map(|it| name(it).to_owned()).collect()
}

/// `NAME VERSION` of everything that is linked into a package's programs on this system.
fn dependencies_of(package: &str) -> Vec<String> {
    let arguments = [
        "tree",
        "--locked",
        "--offline",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--package",
        package,
    ];
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let tree = String::from_utf8(output.stdout).unwrap();
    let lines = tree.lines().map(|line| line.split(' ').take(2));
    lines
        .map(|words| words.collect::<Vec<_>>().join(" "))
        .collect()
}
