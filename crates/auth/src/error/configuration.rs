//! What can be wrong with the configuration file or the variables, as decisions. What exactly is wrong with one
//! value is in `configuration/problem.rs`.

mod fault;
mod problem;

use std::path::{Path, PathBuf};

use thiserror::Error;

pub use problem::Problem;

use crate::environment;

/// What can be wrong with the configuration file or the variables.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigurationError {
    /// A line of the file must be mended.
    #[error("{}line {line}, column {column}: {key}: {problem}", shown(path.as_deref()))]
    File {
        /// The file, once it is known.
        path: Option<PathBuf>,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What stands there: `connections.acme.role_arn`.
        key: String,
        /// What is wrong with it.
        problem: Box<Problem>,
    },
    /// A variable must be mended.
    #[error("{name}: {problem}")]
    Variable {
        /// Its name.
        name: &'static str,
        /// What is wrong with its value.
        problem: Box<Problem>,
    },
    /// The file is there and cannot be read, or is not where the variable says.
    #[error("cannot read the configuration {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
        /// Whether [`environment::CONFIG`] names it.
        named: bool,
    },
    /// The file cannot be changed.
    #[error("cannot change the configuration {}: {reason}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's words, or whoever holds it.
        reason: String,
    },
    /// A connection would not be a whole one, so the file is left as it was.
    #[error("connection `{}` is not saved: {problem}", name.escape_debug())]
    NotSaved {
        /// The connection.
        name: String,
        /// What is wrong with it.
        problem: Box<Problem>,
    },
    /// The connection named by flag or variable does not exist.
    #[error("there is no connection named `{}`{}", name.escape_debug(), from(*variable))]
    UnknownConnection {
        /// As the user spelled it.
        name: String,
        /// The variable that names it, if not a flag.
        variable: Option<&'static str>,
        /// The nearest existing name.
        nearest: Option<String>,
    },
    /// The connection named by flag or variable is another account's than the URL: that is no case for a fallback.
    #[error(
        "connection `{name}`{} is for account {account_id}, and {url} belongs to {owner}",
        from(*variable)
    )]
    OtherOwner {
        /// The connection.
        name: String,
        /// The variable that names it, if not a flag.
        variable: Option<&'static str>,
        /// The connection's account.
        account_id: String,
        /// What was asked for.
        url: String,
        /// Its account.
        owner: String,
    },
    /// Two connections fit equally well, and would not get the same token.
    #[error("connections `{first}` and `{second}` both fit {url}")]
    Ambiguous {
        /// What was asked for.
        url: String,
        /// The first of them by name.
        first: String,
        /// The next that differs from it.
        second: String,
    },
}

impl ConfigurationError {
    /// The same error, in the file that it was found in.
    #[must_use]
    pub fn in_file(mut self, file: &Path) -> Self {
        if let ConfigurationError::File { path, .. } = &mut self {
            *path = Some(file.to_owned());
        }
        self
    }

    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            ConfigurationError::File { problem, .. }
            | ConfigurationError::Variable { problem, .. }
            | ConfigurationError::NotSaved { problem, .. } => problem.hint(),
            ConfigurationError::Unwritable { .. } => None,
            ConfigurationError::Unreadable { named, .. } => {
                named.then(|| format!("unset {} to use the default file", environment::CONFIG))
            }
            ConfigurationError::UnknownConnection { nearest, .. } => Some(match nearest {
                Some(name) => format!("did you mean `{name}`?"),
                None => "`codeartifact connections` lists the existing ones".to_owned(),
            }),
            ConfigurationError::OtherOwner { variable, .. } => Some(match variable {
                Some(variable) => format!("unset {variable} to let the URL decide"),
                None => "leave `--connection` out to let the URL decide".to_owned(),
            }),
            ConfigurationError::Ambiguous { first, .. } => Some(format!(
                "name one of them: `{}={first}`, or `--connection {first}` where there is that option",
                environment::CONNECTION
            )),
        }
    }
}

fn shown(path: Option<&Path>) -> String {
    path.map(|path| format!("{}, ", path.display()))
        .unwrap_or_default()
}

fn from(variable: Option<&'static str>) -> String {
    variable
        .map(|variable| format!(" (from {variable})"))
        .unwrap_or_default()
}
