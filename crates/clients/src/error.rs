//! The two ways in which a room refuses: the arguments are wrong, or something on this machine is. The program that
//! asked turns them into its exit code.

use thiserror::Error;

/// The arguments contradict each other, in a way that only the command itself can see.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct UsageError(String);

/// A file, a program or a setting on this machine is in the way. Configuration, not a bug.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct UserError(String);

impl UsageError {
    /// With what to tell the user.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl UserError {
    /// With what to tell the user.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}
