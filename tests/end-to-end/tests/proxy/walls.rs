//! Tests of what a hostile build asks of the proxy, and does not get.

use codeartifact_end_to_end::fixture::NPM;
use codeartifact_end_to_end::kept::{self, What};

use super::*;

#[test]
fn a_hostile_build_gets_nothing() {
    let platform = Platform::new();
    let found = platform.probe(&["--others", "tunnel"], "probe.py", "");
    let found = found.as_object().unwrap();
    for (what, answers) in found {
        for answer in answers.as_array().unwrap() {
            let (expected, got) = (&answer["expected"], &answer["got"]);
            assert!(
                expected.as_array().unwrap().contains(got),
                "{what}: {answer:#}"
            );
        }
    }
    assert!(found.len() >= 8, "{found:?}");
    // A refused request never reached the repository; one that did carried our token alone.
    let journal = platform.emulator.journal();
    for entry in journal.of("npm") {
        assert!(entry.path.starts_with("/npm/my-repo/"), "{entry:#?}");
        assert_eq!(entry.status, Some(200), "{entry:#?}");
    }
    assert_no_token(&serde_json::to_string(found).unwrap(), "an answer");
}

#[test]
fn the_builds_environment_has_no_identity() {
    let mut platform = Platform::new();
    for (name, value) in [
        ("AWS_SESSION_TOKEN", "s"),
        (
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "http://169.254.170.23/v1/credentials",
        ),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t"),
        ("CODEARTIFACT_DURATION", "1h"),
        ("SSH_AUTH_SOCK", "/tmp/agent"),
        ("ALL_PROXY", "http://user:password@proxy.example.com"),
        ("NO_PROXY", ".amazonaws.com"),
        ("AWS_REGION", "us-east-1"),
    ] {
        platform.sandbox.set(name, value);
    }
    let said = platform.exec(&[], "env").succeeded().stdout;
    for name in [
        "AWS_ACCESS",
        "AWS_SECRET",
        "AWS_SESSION",
        "AWS_CONTAINER",
        "ACTIONS_",
        "CODEARTIFACT_DURATION",
        "SSH_AUTH",
        "password",
    ] {
        assert!(!said.contains(name), "{name} in {said}");
    }
    for line in [
        "AWS_REGION=us-east-1",
        "NO_PROXY=localhost,127.0.0.1,::1",
        "CODEARTIFACT_PROXIED=1",
        "AWS_EC2_METADATA_DISABLED=true",
    ] {
        assert!(said.lines().any(|it| it == line), "{line} not in {said}");
    }
    // Our own helpers give the build nothing either.
    let answers = platform.exec(
        &[],
        "keyring get $0 aws; codeartifact-goauth $0"
            .replace("$0", NPM)
            .as_str(),
    );
    assert_no_token(&answers.stdout, "a helper's answer");
    assert_eq!(answers.stdout.trim(), "", "{answers:?}");
}

#[test]
fn exit_codes_and_streams_are_the_commands() {
    let platform = Platform::new();
    let outcome = platform.exec(&[], "cat; exit 7").exited(7);
    assert_eq!(outcome.stderr, "");
    let _ = platform.exec(&[], "kill -TERM $$").exited(128 + 15);
    let first = ["exec", "--proxy", "--", "no-such-command"];
    let _ = platform
        .sandbox
        .run("codeartifact", &first)
        .exited(127)
        .says(&["no `no-such-command` is on PATH"]);
    platform.sandbox.write("work/no-program", "text\n");
    let _ = platform
        .sandbox
        .run("codeartifact", &["exec", "--proxy", "--", "./no-program"])
        .exited(126)
        .says(&["cannot start", "no-program"]);
    // Nothing stays behind.
    assert_eq!(
        fs::read_dir(platform.sandbox.path("tmp")).unwrap().count(),
        0
    );
}

/// A pipe that nobody reads, at the journal's place, holds no build.
#[test]
fn a_journal_is_not_waited_for() {
    let platform = Platform::new();
    let made = std::process::Command::new("mkfifo")
        .arg(platform.sandbox.path("work/pipe"))
        .status();
    assert!(made.unwrap().success());
    for (path, reason) in [("pipe", "No such device"), ("none/journal", "No such file")] {
        let outcome = platform.exec(&["--journal", path], "true").exited(3);
        let _ = outcome.says(&[&format!("cannot open the journal {path}: {reason}")]);
    }
}

#[test]
fn a_refused_token_is_replaced_once() {
    let platform = Platform::new();
    let script = format!("npm view my-package version --registry {NPM} --cache $PWD/cache");
    platform
        .emulator
        .fault(r#"{"fault": "revoke", "action": "npm", "times": 1}"#);
    let _ = platform.exec(&[], &script).succeeded();
    assert_eq!(platform.emulator.journal().mints(), 2);

    platform
        .emulator
        .fault(r#"{"fault": "revoke", "action": "npm"}"#);
    let outcome = platform.exec(&[], &format!("{script}2")).failed();
    assert!(outcome.stderr.contains("502"), "{outcome:?}");
    assert!(!outcome.stderr.contains("E401"), "{outcome:?}");
}

#[test]
fn a_token_that_cannot_be_got_is_said_once() {
    let platform = Platform::new();
    let config = platform
        .sandbox
        .read(CONFIG)
        .replace("acme-7f3c2a91", "another-external-id");
    platform.sandbox.write(CONFIG, &config);
    let script = format!("for n in 1 2; do npm view my-package version --registry {NPM}; done");
    let outcome = platform.exec(&[], &script).failed();
    let said = outcome
        .stderr
        .matches("codeartifact: cannot assume")
        .count();
    assert_eq!(said, 1, "{outcome:?}");
    assert_eq!(platform.emulator.journal().of("sts:AssumeRole").len(), 2);
}

#[test]
fn publishing_is_opened_for_one_repository() {
    let platform = Platform::new();
    platform.sandbox.client("npm", "npm");
    platform.sandbox.write(
        "work/package.json",
        "{\"name\": \"my-new-package\", \"version\": \"1.0.0\"}\n",
    );
    let npmrc = format!("//{HOST}/npm/my-repo/:_authToken=${{CODEARTIFACT_AUTH_TOKEN}}\n");
    platform.sandbox.write("work/.npmrc", &npmrc);
    let script = format!("npm publish --registry {NPM} --cache $PWD/cache");
    let journal = ["--journal", "../journal.jsonl"];
    let refused = platform.exec(&journal, &script).failed();
    assert!(refused.stderr.contains("405"), "{refused:?}");
    let journal = platform.sandbox.read("journal.jsonl");
    let tried = journal.lines().find(|line| line.contains("\"PUT\""));
    assert!(
        tried.is_some_and(|line| line.contains("\"package\":\"my-new-package\"")),
        "{journal}"
    );
    let named = platform
        .exec(&["--publish", "other-repo"], &script)
        .exited(2);
    let _ = named.says(&["has no repository `other-repo`", "hint: "]);
    // The reader's role may not publish, so the answer is AWS's own.
    let opened = platform.exec(&["--publish", "my-repo"], &script).failed();
    assert!(opened.stderr.contains("403"), "{opened:?}");
    assert_eq!(platform.emulator.journal().of("npm:publish").len(), 1);
}

/// What is kept for this user, the build could read.
#[test]
fn nothing_of_the_runs_way_to_aws_is_kept() {
    let platform = Platform::new();
    let install = format!("npm view my-package version --registry {NPM} --cache $PWD/cache");
    let _ = platform.exec(&[], &install).succeeded();
    for what in [What::Token, What::Session] {
        assert!(
            kept::records(&platform.sandbox, what).is_empty(),
            "{what:?}"
        );
    }
}
