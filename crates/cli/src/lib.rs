//! `codeartifact-aws`: every command of `codeartifact`, for a person at a terminal and for scripts, and what asks AWS.
//! This file is the edge of the process: arguments in, text and an exit code out. What a command does is in `commands`.
//! Without the feature `aws` there is nothing in here: the small programs of this package have crates of their own.
#![cfg(feature = "aws")]

mod arguments;
mod commands;
mod config_file;
mod console;
mod output;
mod programs;
mod words;

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::mint::AwsMinter;
use codeartifact_auth::minter::{MINT, serve};
use codeartifact_auth::process::keep_memory_private;
use codeartifact_helper::{own_names, turn_into};
use codeartifact_proxy::PROGRAM as PROXY;

use arguments::Arguments;
use console::Console;

/// Runs the program as this process: the commands, or the proxy, which a release installs as the same file.
pub fn main() -> ExitCode {
    let is_proxy = |name: &OsString| Path::new(name).file_stem() == Some(OsStr::new(PROXY));
    if own_names().iter().any(is_proxy) {
        return codeartifact_proxy::main(std::env::args_os());
    }
    if std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == MINT)
    {
        return mint_for_helper();
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return explain_usage(&error),
    };
    keep_memory_private();
    let environment = Environment::of_process();
    let mut console = Console::of_process(&environment);
    let output = commands::run(&arguments.command, &environment, &mut console);
    console.deliver(&output);
    match output.successor {
        Some(successor) => turn_into("codeartifact", successor),
        None => output.exit.into(),
    }
}

/// The whole command line, for the man pages of a release.
pub fn command() -> clap::Command {
    Arguments::command()
}

/// A helper has started us, because only this program can ask AWS. It reads the question from stdin.
fn mint_for_helper() -> ExitCode {
    keep_memory_private();
    let minter = AwsMinter::new(Environment::of_process()).telling(commands::tell);
    match serve(std::io::stdin(), std::io::stdout(), &minter) {
        Ok(()) => Exit::Done.into(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "codeartifact: {MINT}: {error}");
            Exit::Bug.into()
        }
    }
}

/// Help and version go to stdout and are no failure; a wrong argument goes to stderr.
fn explain_usage(error: &clap::Error) -> ExitCode {
    match (error.use_stderr(), error.print()) {
        (false, Ok(())) => Exit::Done.into(),
        _ => Exit::Usage.into(),
    }
}
