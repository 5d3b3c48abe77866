//! `codeartifact setup go`: what it writes through `go env -w`, what it refuses, and that it can be taken back.

use std::fs;

use codeartifact_end_to_end::fixture::GO;
use codeartifact_end_to_end::{Outcome, Sandbox};

use super::*;

const ENV_FILE: &str = "home/.config/go/env";
const PUBLIC: &str = "https://proxy.example.com,direct";

/// A developer whose settings are in no variable, and what the go env file holds before.
fn newcomer(client: &str, env_file: Option<&str>) -> (Sandbox, Emulator) {
    let (mut sandbox, emulator) = developer();
    sandbox.client(client, "go");
    sandbox.unset("GOAUTH");
    sandbox.unset("GOPROXY");
    if let Some(text) = env_file {
        sandbox.write(ENV_FILE, text);
    }
    (sandbox, emulator)
}

fn setup(sandbox: &Sandbox, more: &[&str]) -> Outcome {
    let arguments = [
        &["setup", "go", "acme", "--private", "example.com/private"],
        more,
    ]
    .concat();
    sandbox.run("codeartifact", &arguments)
}

fn setting(sandbox: &Sandbox, name: &str) -> String {
    sandbox
        .run("go", &["env", name])
        .succeeded()
        .stdout
        .trim_end()
        .to_owned()
}

fn env_file(sandbox: &Sandbox) -> Option<Vec<u8>> {
    fs::read(sandbox.path(ENV_FILE)).ok()
}

#[test]
fn build_works_right_after_it() {
    for client in GOS {
        let (sandbox, emulator) = newcomer(client, None);
        let _ = setup(&sandbox, &[]).succeeded();
        assert_eq!(setting(&sandbox, "GOAUTH"), "netrc; codeartifact-goauth");
        assert!(
            setting(&sandbox, "GOPROXY").starts_with(&format!("{GO},")),
            "in front of go's default"
        );
        assert_eq!(setting(&sandbox, "GONOSUMDB"), "example.com/private");
        let _ = download(&sandbox, &[GREETING, WORDS]).succeeded();
        assert_tokens_presented(&emulator.journal(), 1);
    }
}

#[test]
fn what_was_set_is_kept() {
    for client in GOS {
        let before = format!("GOAUTH=git /work\nGOPROXY={PUBLIC}\nGONOSUMDB=corp.example.com\n");
        let (sandbox, _emulator) = newcomer(client, Some(&before));
        for _ in 0..2 {
            let _ = setup(&sandbox, &[]).succeeded();
            assert_eq!(
                setting(&sandbox, "GOAUTH"),
                "git /work; codeartifact-goauth"
            );
            assert_eq!(setting(&sandbox, "GOPROXY"), format!("{GO},{PUBLIC}"));
            assert_eq!(
                setting(&sandbox, "GONOSUMDB"),
                "corp.example.com,example.com/private"
            );
        }
    }
}

#[test]
fn dry_run_shows_and_writes_nothing() {
    for env_text in [None, Some("GOPROXY=https://proxy.example.com,direct\n")] {
        let (sandbox, _emulator) = newcomer("go", env_text);
        let before = env_file(&sandbox);
        let shown = setup(&sandbox, &["--dry-run"]).succeeded().stdout;
        for text in [
            "GOAUTH=netrc; codeartifact-goauth",
            &format!("GOPROXY={GO},"),
            "GONOSUMDB=example.com/private",
        ] {
            assert!(shown.contains(text), "{shown}");
        }
        assert_eq!(env_file(&sandbox), before);
    }
}

#[test]
fn undo_leaves_the_file_as_it_was() {
    let texts = [
        "",
        "GOAUTH=git /work\n",
        "GOPROXY=https://proxy.example.com,direct\n",
        "GOFLAGS=-modcacherw\nGONOSUMDB=corp.example.com\nGOPROXY=https://proxy.example.com|direct\n",
    ];
    for client in GOS {
        for text in texts {
            let (sandbox, _emulator) = newcomer(client, Some(text));
            let _ = setup(&sandbox, &[]).succeeded();
            assert_ne!(sandbox.read(ENV_FILE), text);
            let _ = setup(&sandbox, &["--undo", "--dry-run"]).succeeded();
            assert_ne!(sandbox.read(ENV_FILE), text, "a dry run");
            let _ = setup(&sandbox, &["--undo"]).succeeded();
            assert_eq!(sandbox.read(ENV_FILE), text);
        }
    }
}

/// On a refused token go would ask the public proxy for private modules.
#[test]
fn bar_behind_the_repository_is_refused_with_the_reason() {
    let before = format!("GOPROXY={GO}|{PUBLIC}\n");
    let (sandbox, _emulator) = newcomer("go", Some(&before));
    let _ = setup(&sandbox, &[])
        .exited(2)
        .says(&["`|`", "private modules", "comma"]);
    assert_eq!(sandbox.read(ENV_FILE), before);
}

#[test]
fn off_is_refused_with_the_reason() {
    let (sandbox, _emulator) = newcomer("go", Some("GOAUTH=off\n"));
    let _ = setup(&sandbox, &[]).exited(2).says(&["go env -u GOAUTH"]);
    assert_eq!(sandbox.read(ENV_FILE), "GOAUTH=off\n");
}

#[test]
fn repository_by_url_and_variables_that_win() {
    let (mut sandbox, _emulator) = newcomer("go", None);
    sandbox.set("GOPROXY", PUBLIC);
    let url = GO.trim_end_matches('/');
    let outcome = sandbox
        .run("codeartifact", &["setup", "go", "--url", url])
        .exited(1);
    let _ = outcome.says(&["GOPROXY", "environment", "seen: go ", ", not my-repo"]);
    let written = sandbox.read(ENV_FILE);
    assert!(written.contains(&format!("GOPROXY={GO},")), "{written}");
}

#[test]
fn connection_that_is_not_there_or_not_named() {
    let (sandbox, _emulator) = newcomer("go", None);
    let _ = sandbox
        .run("codeartifact", &["setup", "go", "nobody"])
        .exited(2)
        .says(&["--url"]);
    let _ = sandbox
        .run("codeartifact", &["setup", "go"])
        .exited(2)
        .says(&["several connections"]);
    assert_eq!(env_file(&sandbox), None);
}
