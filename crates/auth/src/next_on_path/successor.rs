//! The program that this process ends as.

use std::io;
use std::process::{Command, ExitCode};

use crate::memory_file::MemoryFile;

/// A program that this process ends as, and the files that it reads meanwhile.
#[derive(Debug)]
pub struct Successor {
    /// The program, its arguments and its environment.
    pub command: Command,
    files: Vec<MemoryFile>,
}

impl From<Command> for Successor {
    fn from(command: Command) -> Self {
        Self {
            command,
            files: Vec::new(),
        }
    }
}

impl Successor {
    /// Lets a variable of the program name a file.
    pub fn lend(&mut self, variable: &str, file: MemoryFile) {
        self.command.env(variable, file.path());
        self.keep(file);
    }

    /// Keeps a file whose path the program has been told already.
    pub fn keep(&mut self, file: MemoryFile) {
        self.files.push(file);
    }
}

/// Becomes `program`: where it can, this process turns into it and the call returns only if that fails. Windows cannot, and
/// on macOS the files have to be removed afterwards: the program runs as a child there, and its exit code is returned.
///
/// # Errors
/// It cannot be started.
pub fn become_program(program: Successor) -> io::Result<ExitCode> {
    #[cfg(target_os = "linux")]
    {
        Err(exec(program))
    }
    #[cfg(all(unix, not(target_os = "linux")))]
    if program.files.is_empty() {
        return Err(exec(program));
    }
    #[cfg(not(target_os = "linux"))]
    run_to_end(program)
}

/// Returns only if it fails.
#[cfg(unix)]
fn exec(mut program: Successor) -> io::Error {
    std::os::unix::process::CommandExt::exec(&mut program.command)
}

/// Runs it to its end. The terminal's signals reach the program as well, which decides what to do about them.
#[cfg(not(target_os = "linux"))]
fn run_to_end(mut program: Successor) -> io::Result<ExitCode> {
    // Without a handler this process ends first; that is no reason not to start the program.
    let _ = ctrlc::set_handler(|| {});
    let status = program.command.status()?;
    // The files go before this process does.
    drop(program);
    Ok(exit_as(status))
}

/// Ends this process as the child ended. Windows' exit codes have 32 bits; an `ExitCode` has 8.
#[cfg(not(target_os = "linux"))]
#[expect(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "only this call has the whole code, and the child has had its environment"
)]
fn exit_as(status: std::process::ExitStatus) -> ExitCode {
    std::process::exit(status.code().unwrap_or(1))
}
