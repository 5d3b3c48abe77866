//! `codeartifact`: the tool for a person at a terminal, and for scripts.
//! This file is the edge of the process: arguments in, text and an exit code out. What a command does is in `commands`.

mod arguments;
mod commands;
mod console;
mod output;
mod words;

use std::process::ExitCode;

use clap::Parser;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_helper::turn_into;

use arguments::Arguments;
use console::Console;

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
        Some(successor) => turn_into("codeartifact", successor),
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
