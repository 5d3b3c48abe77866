//! The helper has nothing to do: it says nothing, asks nobody, and costs next to nothing.

use std::time::{Duration, Instant};

use super::*;

/// Of a build without optimisation on a busy machine; `tests/bench` has the figure that counts.
const NEXT_TO_NOTHING: Duration = Duration::from_millis(50);

const OTHERS: [&str; 5] = [
    "https://proxy.example.com,direct",
    "direct",
    "off",
    "file:///srv/modules",
    "https://aws:s3cret@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/",
];

/// Not even a broken configuration file is its business then: it is not read.
#[test]
fn goproxy_without_ours() {
    let (mut sandbox, emulator) = developer();
    for proxies in OTHERS {
        sandbox.set("GOPROXY", proxies);
        let answer = sandbox.run("codeartifact-goauth", &[]).succeeded();
        assert_eq!(
            (answer.stdout.as_str(), answer.stderr.as_str()),
            ("", ""),
            "{proxies}"
        );
    }
    for proxies in ["direct", "off", ""] {
        sandbox.set("GOPROXY", proxies);
        sandbox.write(
            "home/.config/codeartifact/config.toml",
            "this is no configuration",
        );
        let answer = sandbox.run("codeartifact-goauth", &[]).succeeded();
        assert_eq!(
            (answer.stdout.as_str(), answer.stderr.as_str()),
            ("", ""),
            "{proxies}"
        );
    }
    assert!(emulator.journal().0.is_empty());
}

#[test]
fn goproxy_without_ours_takes_no_time() {
    let (mut sandbox, _emulator) = developer();
    sandbox.set("GOPROXY", OTHERS[0]);
    let fastest = (0..10).map(|_| {
        let begin = Instant::now();
        let _ = sandbox.command("codeartifact-goauth").output();
        begin.elapsed()
    });
    let fastest = fastest.min().unwrap_or_default();
    assert!(fastest < NEXT_TO_NOTHING, "{fastest:?}");
}

/// A program without dependencies, and commands that load nothing.
#[test]
fn commands_that_need_no_module() {
    with_each_go(|sandbox, emulator| {
        sandbox.write("work/go.mod", "module example.com/work\n\ngo 1.24\n");
        sandbox.write("work/main.go", "package main\n\nfunc main() {}\n");
        for arguments in [
            &["version"][..],
            &["env", "GOPROXY"],
            &["build"],
            &["vet"],
            &["list", "-m", "all"],
        ] {
            let outcome = sandbox.run("go", arguments).succeeded();
            assert_eq!(outcome.stderr, "", "{arguments:?}");
        }
        assert!(emulator.journal().0.is_empty());
    });
}
