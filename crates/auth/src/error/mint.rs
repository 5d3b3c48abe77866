//! Why AWS gave no token: at which step, and what decision follows.

use thiserror::Error;

use super::Exit;

/// How far the journey to AWS came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Finding the first credentials.
    Credentials,
    /// Assuming a role of the chain.
    Hop {
        /// From 1.
        number: usize,
        /// How many hops the chain has.
        of: usize,
        /// The role.
        role_arn: String,
    },
    /// Asking CodeArtifact for the token.
    Token,
}

/// What stood in the way; the variants are decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Nobody answered in time, or no connection could be made.
    Unreachable(String),
}

/// AWS gave no token.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("cannot get a token")]
pub struct MintError {
    /// Where it failed.
    pub step: Step,
    /// Why.
    pub cause: Cause,
}

impl MintError {
    /// The exit code that follows.
    pub fn exit(&self) -> Exit {
        Exit::Network
    }

    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        None
    }
}
