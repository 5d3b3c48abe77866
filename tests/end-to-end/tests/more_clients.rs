//! Other clients, and older versions of the three, through the same two hops.

use codeartifact_end_to_end::fixture::{self, two_hops};
use codeartifact_end_to_end::install::{self, GREETING};
use codeartifact_end_to_end::{Outcome, Sandbox};

/// Installs with a client put in PATH under its command's name, with a token that was minted once.
fn installs(client: &str, command: &str, install: impl Fn(&mut Sandbox) -> Outcome) {
    let (mut sandbox, emulator) = two_hops();
    sandbox.client(client, command);
    let outcome = install(&mut sandbox).succeeded();
    assert_eq!(outcome.stdout.trim_end(), GREETING);
    assert_eq!(emulator.journal().mints(), 1);
}

/// Unlike newer ones it asks only when the URL has a user.
#[test]
fn oldest_pip_with_subprocess_mode() {
    installs("pip-23", "pip", |sandbox| {
        install::pip(sandbox, fixture::PYPI_OF_AWS)
    });
}

#[test]
fn uv() {
    installs("uv", "uv", |sandbox| {
        install::uv(sandbox, fixture::PYPI_OF_AWS)
    });
}

#[test]
fn npm_10() {
    installs("npm-10", "npm", |sandbox| {
        install::npm(sandbox, fixture::NPM)
    });
}

#[test]
fn pnpm() {
    installs("pnpm", "pnpm", |sandbox| {
        install::node(sandbox, fixture::NPM, "pnpm", "add")
    });
}

#[test]
fn pnpm_10() {
    installs("pnpm-10", "pnpm", |sandbox| {
        install::node(sandbox, fixture::NPM, "pnpm", "add")
    });
}

#[test]
fn bun() {
    installs("bun", "bun", |sandbox| {
        install::node(sandbox, fixture::NPM, "bun", "add")
    });
}
