//! Ends a run by becoming another program.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use codeartifact_auth::environment::{DEPTH, Environment, TIME_LEFT};
use codeartifact_auth::next_on_path::{Successor, become_program, find};

/// A shell's own exit code for a command that exists and cannot be run.
const CANNOT_RUN: u8 = 126;

/// No build starts itself in itself so often: a script named `npm` that starts us to become `npm` would, for ever.
const DEEPEST: u32 = 40;

/// The command of these words: the next program of that name on PATH that is not us, with its arguments. `None` if there
/// is none.
pub fn next_program(words: &[OsString], environment: &Environment) -> Option<Command> {
    let (name, arguments) = words.split_first()?;
    let depth = environment.text(DEPTH).and_then(|text| text.parse().ok());
    let depth = depth.unwrap_or(0_u32);
    if depth >= DEEPEST {
        return None;
    }
    let mut command = Command::new(find(name, environment)?);
    command
        .args(arguments)
        .env(DEPTH, (depth + 1).to_string())
        .env_remove(TIME_LEFT);
    Some(command)
}

/// Becomes `program`. On Unix this returns only if that fails, and `name` says why on stderr.
pub fn turn_into(name: &str, program: Successor) -> ExitCode {
    let path = PathBuf::from(program.command.get_program());
    become_program(program).unwrap_or_else(|error| {
        let path = path.display();
        let _ = writeln!(io::stderr(), "{name}: cannot start {path}: {error}");
        CANNOT_RUN.into()
    })
}
