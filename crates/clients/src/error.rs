//! The two ways in which a room refuses: the arguments are wrong, or something on this machine is. The program that
//! asked turns them into its exit code.

use std::fmt;

/// The arguments contradict each other, in a way that only the command itself can see.
#[derive(Debug)]
pub struct UsageError(String);

/// A file, a program or a setting on this machine is in the way. Configuration, not a bug.
#[derive(Debug)]
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

impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}
impl std::error::Error for UserError {}
