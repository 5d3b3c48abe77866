//! The warm path does no more than it did: instructions of an installed program that answers from its cache, less those of
//! the same program when it only tells its version, which are mostly the system's loader. Counted by valgrind, so that
//! the result does not depend on the machine's mood.
//!
//! A number that grew is a regression, or a price worth paying: then it is written down here, with the reason.

use std::path::Path;

use codeartifact_end_to_end::Sandbox;
use codeartifact_end_to_end::fixture::{GO, NPM, PYPI, two_hops};

use crate::{install, installed};

const VALGRIND: &str = "/usr/bin/valgrind";

/// Compilers and C libraries differ a little.
const TOLERANCE_PERCENT: u64 = 10;

/// Program, arguments, what it reads, thousands of instructions. Ruby's is left out: it becomes another program. npm's were
/// 620 with `memchr`, nine of them CPUID, each of which takes a virtual machine as long as ten thousand others.
const BASELINE: [(&str, &[&str], &str, u64); 7] = [
    ("codeartifact-keyring", &["get", PYPI, "aws"], "", 325),
    ("codeartifact-goauth", &[], "", 490),
    ("codeartifact-npm", &[], "", 650),
    ("codeartifact-cargo", &["--cargo-plugin"], CARGO, 405),
    ("codeartifact-bazel", &["get"], BAZEL, 430),
    ("nuget-plugin-codeartifact", &["-Plugin"], NUGET, 515),
    ("codeartifact", &["token", PYPI], "", 345),
];

/// cargo's request to a credential provider, with the only domain of the test.
const CARGO: &str = r#"{"v":1,"registry":{"index-url":"sparse+https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/cargo/my-repo/"},"kind":"get","operation":"read","args":[]}
"#;
const BAZEL: &str = r#"{"uri":"https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/maven/my-repo/com/example/a.jar"}"#;
/// All that NuGet asks about a source; then it closes the plugin's input.
const NUGET: &str = r#"{"RequestId":"1","Type":"Request","Method":"Handshake","Payload":{"ProtocolVersion":"2.0.0","MinimumProtocolVersion":"1.0.0"}}
{"RequestId":"2","Type":"Request","Method":"Initialize","Payload":{"ClientVersion":"6.14.0","Culture":"en","RequestTimeout":"00:00:05"}}
{"RequestId":"3","Type":"Request","Method":"GetOperationClaims","Payload":{}}
{"RequestId":"4","Type":"Request","Method":"GetAuthenticationCredentials","Payload":{"Uri":"https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/nuget/my-repo/v3/index.json","IsRetry":false,"IsNonInteractive":true,"CanShowDialog":false}}
"#;

#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn the_warm_path_takes_no_more_instructions_than_it_did() {
    if !Path::new(VALGRIND).exists() {
        eprintln!("skipped: valgrind is not installed");
        return;
    }
    let (mut sandbox, _emulator) = two_hops();
    install(&sandbox);
    sandbox.set("GOPROXY", GO);
    sandbox.write("work/.npmrc", &format!("registry={NPM}\n"));
    let _ = sandbox.run("codeartifact-npm", &[]).succeeded();
    let found = BASELINE.map(|(program, arguments, stdin, expected)| {
        let answer = instructions_of(&sandbox, program, arguments, stdin);
        let start = instructions(&sandbox, program, &["--version"]);
        (program, (answer - start) / 1000, expected)
    });
    let grown: Vec<_> = found
        .iter()
        .filter(|(_, counted, expected)| counted * 100 > expected * (100 + TOLERANCE_PERCENT))
        .collect();
    assert!(grown.is_empty(), "grown: {grown:?}; all: {found:?}");
}

/// Of 20,000 packages with the port that CodeArtifact writes: 43 million when this was written, which take under 20 ms.
#[test]
#[ignore = "needs the programs of install/build.sh: tests/run.sh builds them"]
fn a_long_lock_file_takes_milliseconds() {
    if !Path::new(VALGRIND).exists() {
        eprintln!("skipped: valgrind is not installed");
        return;
    }
    let (sandbox, _emulator) = two_hops();
    install(&sandbox);
    sandbox.write("work/.npmrc", &format!("registry={NPM}\n"));
    let _ = sandbox.run("codeartifact-npm", &[]).succeeded();
    let before = instructions(&sandbox, "codeartifact-npm", &["--check"]);
    let root = NPM.replace("amazonaws.com", "amazonaws.com:443");
    let line = |number| format!("  resolved \"{root}p{number}/-/p-1.0.0.tgz#abc\"\n");
    sandbox.write("work/yarn.lock", &(0..20_000).map(line).collect::<String>());
    let after = instructions(&sandbox, "codeartifact-npm", &["--check"]);
    assert!(after - before < 45_000_000, "{}", after - before);
}

fn instructions(sandbox: &Sandbox, program: &str, arguments: &[&str]) -> u64 {
    instructions_of(sandbox, program, arguments, "")
}

fn instructions_of(sandbox: &Sandbox, program: &str, arguments: &[&str], stdin: &str) -> u64 {
    let program = installed(program).display().to_string();
    let tool = [
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        &program,
    ];
    let outcome = sandbox.feed(VALGRIND, &[&tool, arguments].concat(), stdin);
    let told = outcome.succeeded().stderr;
    // `==123== Collected : 2123456`
    let count = told
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    count.unwrap().1.trim().parse().unwrap()
}
