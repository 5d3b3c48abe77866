//! A part of a test in a process of its own: an ignored test of this same binary, because Cargo builds no other
//! program for a library's tests. Ignored parts do nothing when a person runs them.

use std::process::{Command, Output};

use codeartifact_auth::environment::Environment;

/// Set in processes that such a part runs in.
const MARK: &str = "CODEARTIFACT_TEST_PART";

/// The command that runs the part of that path (`files::full_disk_part`), in an empty environment.
pub(crate) fn command(part: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .env_clear()
        .env(MARK, part)
        .args(["--exact", part, "--ignored", "--nocapture"]);
    command
}

/// The environment of the part that this process runs; `None` if a person runs it.
pub(crate) fn environment() -> Option<Environment> {
    let environment = Environment::of_process();
    environment.text(MARK).map(|_| environment)
}

/// Checks its output: a part must say that it passed.
pub(crate) fn assert_passed(part: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{part}:\n{said}"
    );
}
