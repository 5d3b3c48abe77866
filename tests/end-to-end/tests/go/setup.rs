//! `codeartifact setup go`: what it writes into go's env file, what it refuses, and that it can be taken back.

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
        assert_eq!(setting(&sandbox, "GOPROXY"), GO, "and no public proxy");
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
            let _ = setup(&sandbox, &["--fallback"]).succeeded();
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
            &format!("GOPROXY={GO}"),
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
            for more in [&[][..], &["--fallback"]] {
                let _ = setup(&sandbox, more).succeeded();
                assert_ne!(sandbox.read(ENV_FILE), text);
                let undo = ["setup", "go", "--undo"];
                let dry_run = [&undo[..], &["--dry-run"]].concat();
                let _ = sandbox.run("codeartifact", &dry_run).succeeded();
                assert_ne!(sandbox.read(ENV_FILE), text, "a dry run");
                let _ = sandbox.run("codeartifact", &undo).succeeded();
                // A file in which nothing is left is removed.
                let left = env_file(&sandbox).unwrap_or_default();
                assert_eq!(String::from_utf8(left).unwrap(), text);
            }
        }
    }
}

/// On a refused token go would ask the public proxy for private modules.
#[test]
fn bar_behind_the_repository_is_refused_with_the_reason() {
    let before = format!("GOPROXY={GO}|{PUBLIC}\n");
    let (sandbox, _emulator) = newcomer("go", Some(&before));
    let _ = setup(&sandbox, &["--fallback"])
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
    assert!(written.contains(&format!("GOPROXY={GO}\n")), "{written}");
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

/// A private module that the repository does not have is not looked for anywhere else.
#[test]
fn public_code_does_not_pass_for_private() {
    for client in GOS {
        let (sandbox, _emulator) = newcomer(client, Some(&format!("GOPROXY={PUBLIC}\n")));
        let told = setup(&sandbox, &[]).succeeded();
        let _ = told.says(&[
            "no longer from https://proxy.example.com, then direct",
            "--fallback",
        ]);
        // The emulator would refuse any other host, and the test fail.
        let missing = "example.com/private/reporting@latest";
        let _ = download(&sandbox, &[missing])
            .failed()
            .says(&["404 Not Found"]);
        let tested = sandbox.run("codeartifact", &["test", "acme"]).succeeded();
        assert!(!tested.stdout.contains("its name leaks"), "{tested:?}");
    }
}

/// The trial sees what go sends, not who would answer.
#[test]
fn who_answers_at_a_host_of_aws_is_told() {
    let (sandbox, _emulator) = newcomer("go", None);
    let told = "CodeArtifact has no Go format: run go by `codeartifact exec --proxy`";
    let _ = setup(&sandbox, &[]).succeeded().says(&[told]);
    let config = "home/.config/codeartifact/config.toml";
    let mapped = format!("[hosts]\n\"go.example.com\" = \"{GO}\"\n");
    sandbox.write(config, &format!("{}\n{mapped}", sandbox.read(config)));
    let arguments = ["setup", "go", "--url", "https://go.example.com/"];
    let outcome = sandbox.run("codeartifact", &arguments).succeeded();
    assert!(!outcome.stderr.contains("no Go format"), "{outcome:?}");
}

#[test]
fn what_a_fallback_may_leak_is_told_in_one_line() {
    let (sandbox, _emulator) = newcomer("go", Some(&format!("GOPROXY={PUBLIC}\n")));
    let told = setup(&sandbox, &["--fallback"]).succeeded();
    let warning = "a module of example.com/private that the repository does not have is asked for at \
                   https://proxy.example.com, then direct: its name leaks there";
    let leaks = told.stderr.lines().filter(|line| line.contains("leaks"));
    assert_eq!(leaks.count(), 1, "{told:?}");
    let _ = told.says(&[warning]);
    for command in [&["test", "acme"][..], &["doctor", "go"]] {
        let told = sandbox.run("codeartifact", command);
        assert!(told.stdout.contains("its name leaks there"), "{told:?}");
    }
}

/// It never is in a command's arguments either, because no command is run to write it.
#[test]
fn no_password_is_shown() {
    let before = "GOPROXY=https://user:s3cret@proxy.example.com,direct\n";
    for more in [&[][..], &["--fallback"], &["--fallback", "--dry-run"]] {
        let (sandbox, _emulator) = newcomer("go", Some(before));
        spy_on_arguments(&sandbox);
        let told = setup(&sandbox, more).succeeded();
        let undone = sandbox.run("codeartifact", &["setup", "go", "--undo"]);
        let said = format!("{told:?}{undone:?}{}", sandbox.read("work/arguments"));
        assert!(!said.contains("s3cret"), "{said}");
        assert_eq!(sandbox.read(ENV_FILE), before);
    }
}

fn spy_on_arguments(sandbox: &Sandbox) {
    let go = sandbox.path("bin/real-go");
    fs::rename(sandbox.path("bin/go"), &go).unwrap();
    let script = format!(
        "#!/bin/sh\necho \"$@\" >>'{}'\nexec '{}' \"$@\"\n",
        sandbox.path("work/arguments").display(),
        fs::canonicalize(go).unwrap().display()
    );
    sandbox.write_program("bin/go", &script);
}

#[test]
fn two_connections_are_taken_back_one_by_one() {
    let (sandbox, _emulator) = newcomer("go", None);
    let _ = setup(&sandbox, &[]).succeeded();
    let globex = ["setup", "go", "globex", "--private", "example.com/globex"];
    let _ = sandbox.run("codeartifact", &globex).succeeded();
    assert_eq!(setting(&sandbox, "GOPROXY"), format!("{ELSEWHERE},{GO}"));
    let _ = download(&sandbox, &[FAREWELL, GREETING]).succeeded();
    let undo = ["setup", "go", "globex", "--undo"];
    let _ = sandbox.run("codeartifact", &undo).succeeded();
    assert_eq!(setting(&sandbox, "GOPROXY"), GO);
    assert_eq!(setting(&sandbox, "GONOSUMDB"), "example.com/private");
    let _ = sandbox
        .run("codeartifact", &["setup", "go", "acme", "--undo"])
        .succeeded();
    assert_eq!(env_file(&sandbox), None);
}

/// A helper that is named by its path, as go quotes it, is not named twice.
#[test]
fn a_helper_that_is_named_already_stays() {
    let (sandbox, _emulator) = newcomer("go", None);
    let folder = sandbox.path("my tools");
    fs::create_dir(&folder).unwrap();
    let helper = folder.join("codeartifact-goauth");
    std::os::unix::fs::symlink(sandbox.path("bin/codeartifact-goauth"), &helper).unwrap();
    let goauth = format!("'{}'", helper.display());
    sandbox.write(ENV_FILE, &format!("GOAUTH={goauth}\n"));
    let _ = setup(&sandbox, &[]).succeeded();
    assert_eq!(setting(&sandbox, "GOAUTH"), goauth);
    let _ = download(&sandbox, &[GREETING]).succeeded();
}

#[test]
fn env_file_that_is_off() {
    let (mut sandbox, _emulator) = newcomer("go", None);
    sandbox.set("GOENV", "off");
    let _ = setup(&sandbox, &[]).exited(3).says(&["unset GOENV"]);
}

/// go before 1.24 runs no helper; a netrc it reads.
#[test]
fn go_before_goauth() {
    let (mut sandbox, emulator) = newcomer("go-1.23", None);
    let _ = setup(&sandbox, &[])
        .exited(3)
        .says(&["go 1.23.9 runs no credential helper", "codeartifact exec"]);
    assert_eq!(env_file(&sandbox), None);
    let go = ["go", "mod", "download", GREETING];
    let exec = [&["exec", "--connection", "acme", "--"], &go[..]].concat();
    let _ = sandbox.run("codeartifact", &exec).succeeded();
    assert_tokens_presented(&emulator.journal(), 1);
    // With the environment's repository alone it gets none.
    sandbox.set("GOPROXY", GO);
    empty_module_cache(&mut sandbox);
    let _ = download(&sandbox, &[GREETING]).failed().says(&["401"]);
}

/// The README's block, as a new user types it, with every go that runs helpers.
#[test]
fn block_of_the_readme() {
    for client in ["go-1.24", "go-1.26", "go"] {
        let (sandbox, emulator) = newcomer(client, None);
        let block = [
            "GOAUTH=codeartifact-goauth",
            &format!("GOPROXY={GO}"),
            "GONOSUMDB=example.com/private",
        ];
        let _ = sandbox
            .run("go", &[&["env", "-w"], &block[..]].concat())
            .succeeded();
        write_program(&sandbox, "work");
        let _ = sandbox
            .run("go", &["get", "example.com/private/greeting"])
            .succeeded();
        let tested = sandbox.run("codeartifact", &["doctor", "go"]).succeeded();
        assert!(
            tested.stdout.contains("asks my-repo with our token"),
            "{tested:?}"
        );
        assert_tokens_presented(&emulator.journal(), 1);
    }
}
