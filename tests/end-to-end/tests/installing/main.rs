//! Tests of how users get the programs: the scripts and workflows of a release. What each package does where nothing else is,
//! is tried by `tests/release/bare.sh`.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod action;
mod join;
mod names;
mod script;
mod workflows;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use codeartifact_end_to_end::{Sandbox, TOOLS, helpers};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The system's programs that the scripts start.
const OF_THE_SYSTEM: [&str; 20] = [
    "basename",
    "bash",
    "cat",
    "cmp",
    "cp",
    "curl",
    "dirname",
    "git",
    "grep",
    "gzip",
    "head",
    "ln",
    "mkdir",
    "mktemp",
    "mv",
    "rm",
    "sed",
    "sha256sum",
    "tar",
    "uname",
];

/// A script of ours, by its path in the repository.
fn script(path: &str) -> String {
    format!("{REPOSITORY}/{path}")
}

/// The system's tools on PATH, and below `releases` one release with the programs that the tests run.
fn published(sandbox: &Sandbox) {
    for tool in OF_THE_SYSTEM {
        sandbox.link(tool, &Path::new("/usr/bin").join(tool));
    }
    let name = format!("codeartifact-{VERSION}-{}-linux", std::env::consts::ARCH);
    let programs = sandbox.path(&name).join("bin");
    fs::create_dir_all(&programs).unwrap();
    for program in helpers().iter().map(String::as_str).chain(TOOLS) {
        // Links, because the programs of the tests take seconds to pack.
        let own = sandbox.path("bin/codeartifact").canonicalize().unwrap();
        symlink(own.with_file_name(program), programs.join(program)).unwrap();
    }
    let folder = sandbox.path("releases").join(VERSION);
    fs::create_dir_all(&folder).unwrap();
    let archive = folder.join(format!("{name}.tar.gz")).display().to_string();
    let pack = script("install/release/archive.py");
    let from = sandbox.path(&name).display().to_string();
    let _ = sandbox
        .run("python3", &[&pack, &from, &archive])
        .succeeded();
    let sums = ["--sums", &folder.display().to_string()];
    let _ = sandbox
        .run("python3", &[&[pack.as_str()], sums.as_slice()].concat())
        .succeeded();
}

/// Makes a place of releases, for a script: a URL that needs no server.
fn releases(sandbox: &Sandbox) -> String {
    format!("file://{}", sandbox.path("releases").display())
}
