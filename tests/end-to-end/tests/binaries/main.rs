//! The programs as users get them. Those of `install/build.sh` are tested by tests that are ignored until there are
//! some: `tests/run.sh` builds them into `target/installed`, then runs these.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod advisories;
mod backtrace;
mod beside;
mod dependencies;
mod installed;
mod instructions;

use std::path::PathBuf;

use codeartifact_end_to_end::{Sandbox, helpers};

/// The program that people start: for `token URL` a helper like the others.
const TOOL: &str = "codeartifact";

/// The program that asks AWS.
const LARGE: &str = "codeartifact-aws";

/// The programs that are small and need nothing of the system.
fn small() -> Vec<String> {
    helpers().into_iter().chain([TOOL.to_owned()]).collect()
}

/// A program of `install/build.sh`.
fn installed(program: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).unwrap();
    let path = target.join("installed").join(program);
    assert!(
        path.is_file(),
        "{} is missing: install/build.sh target/installed",
        path.display()
    );
    path
}

/// The same, built with the tests.
fn own(program: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().join(program)
}

/// Puts the programs of `install/build.sh` in the place of those that other tests run.
fn install(sandbox: &Sandbox) {
    for program in &small() {
        sandbox.link(program, &installed(program));
    }
    sandbox.link("keyring", &installed("codeartifact-keyring"));
}
