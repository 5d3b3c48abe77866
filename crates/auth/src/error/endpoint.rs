//! Why a text is no endpoint.

use thiserror::Error;

/// Why a text is no endpoint. The variants are what the caller does next. Userinfo is never shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EndpointError {
    /// Somebody else's: stay silent and let the next one answer.
    #[error("`{0}` is not a CodeArtifact URL")]
    NotCodeArtifact(String),
    /// A CodeArtifact host, and yet not usable: the person has to mend the URL.
    #[error("`{url}` {reason}")]
    Malformed {
        /// The text without userinfo.
        url: String,
        /// Completes the sentence that the URL begins.
        reason: &'static str,
    },
}

impl EndpointError {
    /// The one thing to do next.
    pub fn hint(&self) -> String {
        match self {
            EndpointError::NotCodeArtifact(_) => {
                "a proxy of your own in front of CodeArtifact belongs into [hosts]"
            }
            EndpointError::Malformed { .. } => {
                "a repository's URL looks like \
                 https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/"
            }
        }
        .to_owned()
    }
}
