//! The result of a command: text for stdout, text for stderr, an exit code or a program to become. Nothing is printed
//! here.

use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path::Successor;
use codeartifact_auth::token::Secret;

/// The result of a command. stdout may hold a token, so it is a secret.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) stdout: Secret,
    pub(crate) stderr: String,
    pub(crate) exit: Exit,
    /// The program to become in the end.
    pub(crate) successor: Option<Successor>,
}

impl Output {
    pub(crate) fn done(stdout: String, stderr: String) -> Self {
        Self {
            stdout: Secret::new(stdout),
            stderr,
            exit: Exit::Done,
            successor: None,
        }
    }

    /// Nothing is left to print.
    pub(crate) fn ended(exit: Exit) -> Self {
        Self::failed(String::new(), exit)
    }

    pub(crate) fn failed(stderr: String, exit: Exit) -> Self {
        Self {
            exit,
            ..Self::done(String::new(), stderr)
        }
    }

    pub(crate) fn becomes(successor: Successor, stderr: String) -> Self {
        Self {
            successor: Some(successor),
            ..Self::done(String::new(), stderr)
        }
    }

    /// More text for stdout.
    pub(crate) fn add(&mut self, text: &str) {
        self.stdout = Secret::new(format!("{}{text}", self.stdout.expose()));
    }
}
