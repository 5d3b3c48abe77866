//! Once there is a token, AWS is left alone: no helper calls it again, and builds go on while it is down.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use codeartifact_end_to_end::fixture::{self, two_hops};
use codeartifact_end_to_end::install::{self, GREETING};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

/// Installs, and installs again elsewhere; returns what the second time asked.
fn twice(install: impl Fn(&mut Sandbox) -> Outcome, between: impl Fn(&Emulator)) -> usize {
    let (mut sandbox, emulator) = two_hops();
    let _ = install(&mut sandbox).succeeded();
    let before = emulator.journal();
    assert_eq!(before.mints(), 1, "{before:#?}");
    between(&emulator);
    forget_packages(&sandbox);
    let second = install(&mut sandbox).succeeded();
    assert_eq!(second.stdout.trim_end(), GREETING);
    let after = emulator.journal().after(before.0.len());
    assert!(
        !after.of("asset").is_empty(),
        "the package was really fetched again: {after:#?}"
    );
    after.aws().len()
}

/// Removes what was installed, and what the clients keep of it: everything but the token.
fn forget_packages(sandbox: &Sandbox) {
    for folder in ["work", "home/go", "home/.npm", "home/.cache/pip"] {
        let folder = sandbox.path(folder);
        if folder.exists() {
            std::fs::remove_dir_all(folder).unwrap();
        }
    }
    std::fs::create_dir(sandbox.path("work")).unwrap();
}

fn pip(sandbox: &mut Sandbox) -> Outcome {
    install::pip(sandbox, fixture::PYPI)
}

fn npm(sandbox: &mut Sandbox) -> Outcome {
    install::npm(sandbox, fixture::NPM)
}

fn go(sandbox: &mut Sandbox) -> Outcome {
    install::go(sandbox, fixture::GO)
}

fn aws_is_up(_: &Emulator) {}

fn aws_is_down(emulator: &Emulator) {
    emulator.fault(
        r#"[{"fault": "reset", "action": "sts"}, {"fault": "reset", "action": "codeartifact"}]"#,
    );
}

#[test]
fn second_pip_install_calls_no_aws() {
    assert_eq!(twice(pip, aws_is_up), 0);
}

#[test]
fn second_npm_install_calls_no_aws() {
    assert_eq!(twice(npm, aws_is_up), 0);
}

#[test]
fn second_go_build_calls_no_aws() {
    assert_eq!(twice(go, aws_is_up), 0);
}

#[test]
fn clients_go_on_while_aws_is_down() {
    for install in [pip, npm, go] {
        assert_eq!(twice(install, aws_is_down), 0);
    }
}

#[test]
fn one_token_serves_all_clients() {
    let (mut sandbox, emulator) = two_hops();
    for install in [pip, npm, go] {
        let _ = install(&mut sandbox).succeeded();
    }
    assert_eq!(emulator.journal().mints(), 1);
    assert_eq!(emulator.journal().aws().len(), 3);
}
