//! With RUST_BACKTRACE set, as many CI systems and most Rust developers have it, every error is still told: a program
//! whose unwind tables were cut off dies without a word.

use std::path::Path;

use codeartifact_end_to_end::fixture::{PYPI, two_hops};

use crate::{TOOL, install};

/// One error of each program and command: program, arguments, exit code, words (on either stream).
const ERRORS: [(&str, &[&str], i32, &str); 22] = [
    (
        TOOL,
        &["token", "https://example.com/"],
        1,
        "is not a CodeArtifact URL",
    ),
    (
        TOOL,
        &["connect", "acme", "--account-id", "1"],
        2,
        "12 digits",
    ),
    (TOOL, &["connections", "globex"], 3, "globex"),
    (TOOL, &["disconnect", "globex"], 3, "globex"),
    (TOOL, &["repositories", "globex"], 3, "globex"),
    (TOOL, &["policy", "trust", "globex"], 3, "globex"),
    (TOOL, &["test", "globex"], 3, "globex"),
    (TOOL, &["setup", "pip", "globex"], 2, "globex"),
    (
        TOOL,
        &["exec", "--connection", "globex", "--", "sh"],
        3,
        "globex",
    ),
    (TOOL, &["completions", "no-such-shell"], 2, "no-such-shell"),
    (TOOL, &["no-such-command"], 2, "no-such-command"),
    ("codeartifact-keyring", &["get"], 2, "usage"),
    (
        "codeartifact-keyring",
        &["get", MISSPELT, "aws"],
        1,
        "misspelt",
    ),
    (
        "codeartifact-npm",
        &["--no-such-option"],
        2,
        "--no-such-option",
    ),
    (
        "codeartifact-npm",
        &["exec", "--", "no-such-command"],
        127,
        "no-such-command",
    ),
    ("codeartifact-goauth", &["--no-such-option"], 2, "usage"),
    ("codeartifact-cargo", &[], 2, "cargo runs this"),
    ("nuget-plugin-codeartifact", &[], 2, "NuGet runs this"),
    ("codeartifact-bazel", &["get"], 2, "usage"),
    ("codeartifact-ruby", &[], 2, "which program"),
    (
        "codeartifact-ruby",
        &["gem", "build"],
        127,
        "no other `gem`",
    ),
    (TOOL, &["setup", "maven", "globex"], 2, "globex"),
];

const MISSPELT: &str =
    "https://my-domain-111122223333.d.codeartfact.us-east-1.amazonaws.com/pypi/my-repo/simple/";

#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn every_error_is_told_with_rust_backtrace_set() {
    let (mut sandbox, _emulator) = two_hops();
    install(&sandbox);
    for variable in ["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"] {
        sandbox.set(variable, "1");
        for (program, arguments, code, words) in ERRORS {
            let outcome = sandbox.run(program, arguments);
            assert_eq!(
                outcome.code,
                Some(code),
                "{program} {arguments:?}: {outcome:?}"
            );
            let told = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(told.contains(words), "{program} {arguments:?}: {outcome:?}");
        }
    }
}

/// A refusal of AWS, which a helper hears from `codeartifact`.
#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn a_refusal_is_told_with_rust_backtrace_set() {
    let (mut sandbox, _emulator) = two_hops();
    install(&sandbox);
    sandbox.set("RUST_BACKTRACE", "full");
    sandbox.set("AWS_SECRET_ACCESS_KEY", "not-the-secret-of-this-key");
    for (program, arguments, code) in [
        (TOOL, ["token", PYPI].as_slice(), 4),
        ("codeartifact-keyring", &["get", PYPI, "aws"], 1),
    ] {
        let _ = sandbox
            .run(program, arguments)
            .exited(code)
            .says(&["SignatureDoesNotMatch", "hint:"]);
    }
}

/// NuGet's question about a source.
const NUGET: &str = r#"{"RequestId":"1","Type":"Request","Method":"GetAuthenticationCredentials","Payload":{"Uri":"https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/nuget/my-repo/v3/index.json","IsRetry":false}}
"#;

/// Memory for no thread: that is a panic of the standard library's own. NuGet's helper needs one for a token that is not
/// kept.
#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn a_panic_is_told_with_rust_backtrace_set() {
    let (mut sandbox, _emulator) = two_hops();
    install(&sandbox);
    sandbox.link("prlimit", Path::new("/usr/bin/prlimit"));
    sandbox.set("RUST_BACKTRACE", "1");
    let limited = ["--as=3000000", "nuget-plugin-codeartifact", "-Plugin"];
    let outcome = sandbox.feed("prlimit", &limited, NUGET);
    assert_eq!(outcome.code, None, "a panic aborts: {outcome:?}");
    let _ = outcome.says(&["panicked at", "stack backtrace:"]);
}
