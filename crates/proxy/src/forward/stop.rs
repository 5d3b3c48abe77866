//! Why a run cannot begin, in what becomes of it: an exit code and words, which `report` says.

use std::ffi::OsString;
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
    /// The command is no program.
    NoProgram(OsString, io::Error),
}

impl From<Box<Failure>> for Stop {
    fn from(failure: Box<Failure>) -> Self {
        Self::Failure(failure)
    }
}
