//! Explains why a text is no endpoint.

use std::fmt;

use super::{Failure, row};

/// Explains why a text is no endpoint. The variants are for what the caller does next. Userinfo is never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointError {
    /// Not ours: stay silent and let the next program answer.
    NotCodeArtifact(String),
    /// A CodeArtifact host, and yet not usable: the person has to fix the URL.
    Malformed {
        /// The text without userinfo.
        url: String,
        /// Completes the sentence that the URL begins.
        reason: &'static str,
    },
}

impl EndpointError {
    /// Its row, filled.
    pub fn failure(&self) -> Box<Failure> {
        match self {
            EndpointError::NotCodeArtifact(url) => row::URL_OF_OTHERS.with("url", url),
            EndpointError::Malformed { url, reason } => {
                row::URL_MALFORMED.with("url", url).with("reason", reason)
            }
        }
    }
}

impl std::error::Error for EndpointError {}

impl fmt::Display for EndpointError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure().fmt(formatter)
    }
}
