//! `codeartifact`: the tool for a person at a terminal, and for scripts.
//! This file is the edge of the process: arguments in, text and an exit code out. What a command does is in `commands`.

mod arguments;
mod commands;
mod output;
mod words;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;

use arguments::Arguments;
use output::Output;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return explain_usage(&error),
    };
    codeartifact_auth::process::keep_memory_private();
    let environment = Environment::of_process();
    let output = commands::run(&arguments.command, &environment);
    deliver(&output)
}

/// Help and version go to stdout and are no failure; a wrong argument goes to stderr.
fn explain_usage(error: &clap::Error) -> ExitCode {
    match (error.use_stderr(), error.print()) {
        (false, Ok(())) => Exit::Done.into(),
        _ => Exit::Usage.into(),
    }
}

/// A reader that has gone away (`| head`) is not an error of ours.
fn deliver(output: &Output) -> ExitCode {
    let _ = std::io::stderr().write_all(output.stderr.as_bytes());
    let _ = std::io::stdout().write_all(output.stdout.expose().as_bytes());
    output.exit.into()
}
