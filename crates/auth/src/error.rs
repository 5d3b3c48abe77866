//! Everything that can go wrong: one row for each failure, with its text, hint and exit code, and the errors whose
//! variants mean decisions. The only place that words them. It prints nothing.

mod endpoint;
mod exit;
mod failure;
pub mod row;
mod step;
mod table;
mod template;

use thiserror::Error;

pub use endpoint::EndpointError;
pub use exit::Exit;
pub use failure::{AwsSaid, Failure};
pub use step::Step;
pub use table::{Area, Call, Row, When};

/// No token for a URL.
#[derive(Debug, Error)]
pub enum Error {
    /// Not a CodeArtifact URL, or one that must be fixed.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The configuration is wrong, AWS gave no token, or the client's request cannot be answered with one.
    #[error(transparent)]
    Failed(#[from] Box<Failure>),
}

impl Error {
    /// The same as plain data.
    pub fn failure(&self) -> Box<Failure> {
        match self {
            Error::Endpoint(error) => error.failure(),
            Error::Failed(failure) => failure.clone(),
        }
    }

    /// The exit code a program of ours ends with.
    pub fn exit(&self) -> Exit {
        self.failure().exit()
    }

    /// The one thing to do next, if there is one.
    pub fn hint(&self) -> Option<String> {
        self.failure().hint().map(str::to_owned)
    }

    /// The connection that it happened on, if it is known and has a name.
    pub fn connection(&self) -> Option<&str> {
        match self {
            Error::Failed(failure) => failure.connection(),
            Error::Endpoint(_) => None,
        }
    }

    /// The whole message for a person: what failed, AWS's words, one hint. Several lines, no trailing newline.
    pub fn report(&self) -> String {
        match self.hint() {
            Some(hint) => format!("{self}\n  hint: {hint}"),
            None => self.to_string(),
        }
    }
}
