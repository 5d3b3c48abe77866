//! What can be wrong with the configuration file or the variables.

use thiserror::Error;

/// What can be wrong with the configuration file or the variables.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigurationError {
    /// The connection named by flag or variable does not exist.
    #[error("there is no connection named `{name}`")]
    UnknownConnection {
        /// As the user spelled it.
        name: String,
        /// The nearest existing name.
        nearest: Option<String>,
    },
}

impl ConfigurationError {
    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            ConfigurationError::UnknownConnection { nearest, .. } => nearest
                .as_ref()
                .map(|name| format!("did you mean `{name}`?")),
        }
    }
}
