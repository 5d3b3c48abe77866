//! Why a run cannot begin, in what becomes of it: an exit code and words, which `report` says.

use std::io;

use codeartifact_auth::error::Failure;

/// Why a run cannot begin.
pub(crate) enum Stop {
    Failure(Box<Failure>),
    Io(&'static str, io::Error),
    Words(String),
    /// A file must be fixed.
    Configuration(String),
    /// The command is not there.
    NoCommand(String),
}

impl From<Box<Failure>> for Stop {
    fn from(failure: Box<Failure>) -> Self {
        Self::Failure(failure)
    }
}
