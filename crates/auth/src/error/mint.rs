//! Why AWS gave no token: at which step, and what decision follows.
//! What AWS's codes mean is judged in `mint/codes.rs`; how it is told is in `wording` and `hint`.

mod cause;
mod fault;
mod hint;
mod wording;

use super::{Exit, Fault};
use crate::endpoint::Domain;

pub use cause::{Absence, Cause, Instead, Obstacle, Permission, Suspicion, Unreachable};

/// How far the journey to AWS came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Making ready: certificate authorities, AWS's shared files.
    Start,
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
    /// Asking STS who the credentials belong to.
    Identity,
    /// Asking CodeArtifact for the token.
    Token {
        /// The domain that it was asked for.
        domain: Domain,
    },
    /// Asking CodeArtifact which domains the caller's account has.
    Domains {
        /// Where.
        region: String,
    },
    /// Asking CodeArtifact which repositories a domain has.
    Repositories {
        /// The domain.
        domain: Domain,
    },
    /// Reading from a repository, as its clients do.
    Repository {
        /// Its root.
        url: String,
    },
    /// Looking for a package in a repository.
    Package {
        /// `my-package`, `my-package@1.0.0`.
        package: String,
        /// The repository's root.
        url: String,
    },
}

impl Step {
    /// The account that the step depends on.
    pub fn account(&self) -> Option<&str> {
        match self {
            Step::Hop { role_arn, .. } => role_arn.split(':').nth(4),
            Step::Token { domain } => Some(&domain.owner),
            _ => None,
        }
    }
}

/// AWS's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsSaid {
    /// `AccessDenied`, …
    pub code: String,
    /// One line, without anything that must not be seen.
    pub message: String,
    /// What AWS's support asks for.
    pub request_id: Option<String>,
}

/// AWS gave no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct MintError {
    /// Where it failed.
    pub step: Step,
    /// The connection's name, if it has one.
    pub connection: Option<String>,
    /// Why.
    pub cause: Cause,
    /// AWS's own words, if AWS was reached.
    pub aws: Option<AwsSaid>,
}

impl MintError {
    /// The exit code that follows.
    pub fn exit(&self) -> Exit {
        self.fault().map_or(Exit::Bug, Fault::exit)
    }

    /// Whether the same call may well succeed a little later, with nothing mended.
    pub fn is_transient(&self) -> bool {
        match &self.cause {
            Cause::Unreachable(unreachable) => {
                matches!(unreachable.obstacle, Obstacle::Network | Obstacle::Name)
            }
            _ => self.exit() == Exit::Network,
        }
    }

    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        hint::of(self)
    }
}

#[cfg(test)]
mod tests;
