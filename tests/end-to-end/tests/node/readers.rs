//! The other clients that read `.npmrc`, and the older npm: what `codeartifact-npm` wrote is enough for each.

use codeartifact_end_to_end::fixture::{NPM, two_hops};
use codeartifact_end_to_end::install::{self, GREETING};

/// Installs with a client put on PATH under its command's name, with a token that was minted once.
#[track_caller]
fn installs(client: &str, command: &str, verb: &str) {
    let (sandbox, emulator) = two_hops();
    sandbox.client(client, command);
    let outcome = install::node(&sandbox, NPM, command, verb).succeeded();
    assert_eq!(outcome.stdout.trim_end(), GREETING);
    assert_eq!(emulator.journal().mints(), 1);
}

#[test]
fn npm_10() {
    installs("npm-10", "npm", "install");
}

#[test]
fn pnpm() {
    installs("pnpm", "pnpm", "add");
}

#[test]
fn pnpm_10() {
    installs("pnpm-10", "pnpm", "add");
}

#[test]
fn bun() {
    installs("bun", "bun", "add");
}

#[test]
fn pnpm_9() {
    installs("pnpm-9", "pnpm", "add");
}
