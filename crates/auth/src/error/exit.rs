//! The programs' exit codes.

use serde::{Deserialize, Serialize};

/// The programs' exit codes, decided once. Helpers use what their client expects instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u8", from = "u8")]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Not ours, or nothing to answer.
    Nothing = 1,
    /// The arguments are wrong.
    Usage = 2,
    /// The configuration is wrong.
    Configuration = 3,
    /// Credentials, trust or external id.
    Authentication = 4,
    /// Authenticated, but not allowed.
    Permission = 5,
    /// No such domain or repository.
    NotFound = 6,
    /// Network, timeout or throttling.
    Network = 7,
    /// A bug of ours.
    Bug = 70,
    /// There is no such program to become: a shell's own code for that.
    NoCommand = 127,
}

const ALL: [Exit; 10] = [
    Exit::Done,
    Exit::Nothing,
    Exit::Usage,
    Exit::Configuration,
    Exit::Authentication,
    Exit::Permission,
    Exit::NotFound,
    Exit::Network,
    Exit::Bug,
    Exit::NoCommand,
];

impl From<Exit> for u8 {
    fn from(exit: Exit) -> Self {
        exit as u8
    }
}

impl From<u8> for Exit {
    /// No version of ours has another one, so that is a bug.
    fn from(code: u8) -> Self {
        let known = ALL.into_iter().find(|exit| *exit as u8 == code);
        known.unwrap_or(Exit::Bug)
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        std::process::ExitCode::from(exit as u8)
    }
}
