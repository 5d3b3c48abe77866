//! A repository that some setting of a client names, and where it is named: what every room answers to the question
//! which CodeArtifact URLs its client would use here.

use std::fmt;
use std::path::PathBuf;

use codeartifact_auth::endpoint::Endpoint;

/// A repository of CodeArtifact, and where it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The client's name for it; variables with its login are named after that.
    pub name: Option<String>,
    /// The repository.
    pub endpoint: Endpoint,
    /// The place that names it.
    pub origin: Origin,
}

/// The place where something is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In a file, on a line (from 1) where that is known.
    File(PathBuf, Option<usize>),
    /// In a variable of this name, or what the client itself treats as one.
    Variable(String),
    /// In this option of the command.
    Option(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File(path, Some(line)) => write!(formatter, "{}:{line}", path.display()),
            Origin::File(path, None) => write!(formatter, "{}", path.display()),
            Origin::Variable(name) => write!(formatter, "the variable {name}"),
            Origin::Option(name) => write!(formatter, "the option {name}"),
        }
    }
}
