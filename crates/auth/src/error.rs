//! Everything that can go wrong, as decisions: which exit code, whether an older token may be served,
//! what the person should do next. The one place that words errors and hints. It prints nothing.

mod configuration;
mod endpoint;
mod fault;
mod mint;
mod refusal;

use thiserror::Error;

pub use configuration::{ConfigurationError, Problem};
pub use endpoint::EndpointError;
pub use fault::{Area, FAULTS, Fault, Row};
pub use mint::{
    Absence, AwsSaid, Cause, Instead, MintError, Obstacle, Permission, Step, Suspicion, Unreachable,
};
pub use refusal::Refusal;

/// A failed journey from URL to token.
#[derive(Debug, Error)]
pub enum Error {
    /// Not a CodeArtifact URL, or one that must be mended.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The configuration file or the variables must be mended.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// AWS gave no token.
    #[error(transparent)]
    Mint(#[from] Box<MintError>),
    /// The server refused the client's request, and no other token would change that.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// The programs' exit codes, decided once. Helpers use what their client expects instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        std::process::ExitCode::from(exit as u8)
    }
}

impl Error {
    /// The exit code a program of ours ends with.
    pub fn exit(&self) -> Exit {
        match self {
            Error::Refused(Refusal::Forbidden(_)) => Exit::Permission,
            Error::Refused(Refusal::OwnCredentials(_)) => Exit::Authentication,
            Error::Refused(Refusal::NotAnIndex(_)) => Exit::Usage,
            error => error.fault().map_or(Exit::Bug, Fault::exit),
        }
    }

    /// Its row in the troubleshooting table. What a client's request was refused for has none, nor has a bug of ours.
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Error::Endpoint(EndpointError::NotCodeArtifact(_)) => Some(Fault::UrlOfOthers),
            Error::Endpoint(EndpointError::Malformed { .. }) => Some(Fault::UrlMalformed),
            Error::Configuration(error) => Some(error.fault()),
            Error::Mint(error) => error.fault(),
            Error::Refused(_) => None,
        }
    }

    /// The one thing to do next, if there is one.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Endpoint(error) => Some(error.hint()),
            Error::Configuration(error) => error.hint(),
            Error::Mint(error) => error.hint(),
            Error::Refused(refusal) => refusal.hint(),
        }
    }

    /// The connection that it happened on, if it is known and has a name.
    pub fn connection(&self) -> Option<&str> {
        match self {
            Error::Mint(error) => error.connection.as_deref(),
            _ => None,
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
