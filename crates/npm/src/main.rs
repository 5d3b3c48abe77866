//! `codeartifact-npm` keeps the CodeArtifact tokens in the user's `.npmrc` fresh before a package manager reads them.
//! This file is the process round it; the conversation is the library's `program`.

use std::io::{Write, stderr, stdout};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::process::keep_memory_private;
use codeartifact_auth::successor::become_program;
use codeartifact_npm::program::{End, Program};
use codeartifact_npm::voice::Voice;

/// A shell's own code for a command that is there and cannot be run.
const CANNOT_RUN: u8 = 126;

fn main() -> ExitCode {
    keep_memory_private();
    let arguments: Vec<_> = std::env::args_os().collect();
    let Ok(directory) = std::env::current_dir() else {
        return Exit::Configuration.into();
    };
    let environment = Environment::of_process();
    let mut program = Program {
        environment: &environment,
        directory: &directory,
        voice: Voice {
            environment: &environment,
            output: &mut stdout(),
            errors: &mut stderr(),
        },
    };
    match program.run(&arguments) {
        End::Exit(code) => code.into(),
        End::Become(command) => turn_into(command),
    }
}

/// On Unix this comes back only to say why it could not.
fn turn_into(command: Command) -> ExitCode {
    let program = PathBuf::from(command.get_program());
    become_program(command).unwrap_or_else(|error| {
        let _ = writeln!(
            stderr(),
            "codeartifact-npm: cannot start {}: {error}",
            program.display()
        );
        CANNOT_RUN.into()
    })
}
