//! How a run ends by becoming another program.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use codeartifact_auth::next_on_path::become_program;

/// A shell's own exit code for a command that exists and cannot be run.
const CANNOT_RUN: u8 = 126;

/// Becomes `program`. On Unix this returns only if that fails, and `name` says why on stderr.
pub fn turn_into(name: &str, program: Command) -> ExitCode {
    let path = PathBuf::from(program.get_program());
    become_program(program).unwrap_or_else(|error| {
        let path = path.display();
        let _ = writeln!(io::stderr(), "{name}: cannot start {path}: {error}");
        CANNOT_RUN.into()
    })
}
