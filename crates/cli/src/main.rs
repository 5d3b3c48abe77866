//! `codeartifact`: the tool for a person at a terminal, and for scripts.
//! This file is the edge of the process: arguments in, text and an exit code out. What a command does is in `commands`.

mod arguments;
mod commands;
mod console;
mod output;
mod words;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::Parser;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::successor::become_program;

use arguments::Arguments;
use console::Console;

/// A shell's own code for a command that is there and cannot be run.
const CANNOT_RUN: u8 = 126;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return explain_usage(&error),
    };
    codeartifact_auth::process::keep_memory_private();
    let environment = Environment::of_process();
    let mut console = Console::of_process(&environment);
    let output = commands::run(&arguments.command, &environment, &mut console);
    console.deliver(&output);
    match output.successor {
        Some(successor) => turn_into(successor),
        None => output.exit.into(),
    }
}

/// Help and version go to stdout and are no failure; a wrong argument goes to stderr.
fn explain_usage(error: &clap::Error) -> ExitCode {
    match (error.use_stderr(), error.print()) {
        (false, Ok(())) => Exit::Done.into(),
        _ => Exit::Usage.into(),
    }
}

/// On Unix this comes back only to say why it could not.
fn turn_into(successor: Command) -> ExitCode {
    let program = PathBuf::from(successor.get_program());
    become_program(successor).unwrap_or_else(|error| {
        let program = program.display();
        let _ = writeln!(
            std::io::stderr(),
            "codeartifact: cannot start {program}: {error}"
        );
        CANNOT_RUN.into()
    })
}
