//! The other clients that read `.npmrc`, and the older npm: what `codeartifact-npm` wrote is enough for each.

use codeartifact_end_to_end::fixture::two_hops;
use codeartifact_end_to_end::install;

use super::*;
use clients::NPM_6;

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

/// It sends no token for a file whose URL has a port, as those of CodeArtifact have, unless it is told to by a variable,
/// which the link and `exec` set.
#[test]
fn npm_6() {
    let desk = Desk::with(NPM_6);
    desk.sandbox
        .write("work/.npmrc", &format!("registry={NPM}\n"));
    let package = r#"{"name": "work", "version": "1.0.0", "private": true}"#;
    desk.sandbox.write("work/package.json", package);
    let _ = desk.types("codeartifact setup npm --no-test").succeeded();
    for line in [
        "npm install my-package @my-scope/my-package",
        "npm ci",
        "codeartifact-npm exec -- npm ci",
        "codeartifact-npm exec --no-file -- npm ci",
        "codeartifact exec --connection acme -- npm ci",
        "npm view my-package version",
    ] {
        for folder in ["home/.npm", "work/node_modules"] {
            let _ = std::fs::remove_dir_all(desk.sandbox.path(folder));
        }
        let _ = desk.types(line).succeeded();
    }
    let lock = desk.sandbox.read("work/package-lock.json");
    assert!(lock.contains(".amazonaws.com:443/"), "{lock}");
    let journal = desk.emulator.journal();
    assert!(journal.of("npm").iter().all(|it| it.status != Some(401)));
    assert_eq!(journal.mints(), 1);
}
