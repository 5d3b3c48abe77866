//! What can be wrong with the configuration file or the variables, as decisions. What exactly is wrong with one
//! value is in `problem.rs`.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{Failure, Problem, row};
use crate::environment;

/// What can be wrong with the configuration file or the variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigurationError {
    /// A line of the file must be fixed.
    File {
        /// The file, once it is known.
        path: Option<PathBuf>,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// Its key: `connections.acme.role_arn`.
        key: String,
        /// What is wrong with it.
        problem: Box<Problem>,
    },
    /// A variable must be fixed.
    Variable {
        /// Its name.
        name: &'static str,
        /// What is wrong with its value.
        problem: Box<Problem>,
    },
    /// The file is there and cannot be read, or is not where the variable says.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        reason: String,
        /// Whether [`environment::CONFIG`] names it.
        named: bool,
    },
    /// The file cannot be changed.
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's words, or who holds it.
        reason: String,
    },
    /// A connection would not be a whole one, so the file is left as it was.
    NotSaved {
        /// The connection.
        name: String,
        /// What is wrong with it.
        problem: Box<Problem>,
    },
    /// The connection named by flag or variable does not exist.
    UnknownConnection {
        /// As the user spelled it.
        name: String,
        /// The variable that names it, if not a flag.
        variable: Option<&'static str>,
        /// The nearest existing name.
        nearest: Option<String>,
    },
    /// The connection named by flag or variable is another account's than the URL: that is no case for a fallback.
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

    /// Its row, filled.
    pub fn failure(&self) -> Box<Failure> {
        match self {
            ConfigurationError::File {
                path,
                line,
                column,
                key,
                problem,
            } => {
                let file = path.as_ref().map(|path| format!("{}, ", path.display()));
                let file = file.unwrap_or_default();
                let place = format!("{file}line {line}, column {column}: {key}");
                problem.failure().with("step", place)
            }
            ConfigurationError::Variable { name, problem } => problem.failure().with("step", name),
            ConfigurationError::NotSaved { name, problem } => {
                let place = format!("connection `{}` is not saved", name.escape_debug());
                problem.failure().with("step", place)
            }
            ConfigurationError::Unreadable {
                path,
                reason,
                named,
            } => unusable("read", path, reason)
                .with_any("variable", named.then_some(environment::CONFIG)),
            ConfigurationError::Unwritable { path, reason } => unusable("change", path, reason),
            ConfigurationError::UnknownConnection {
                name,
                variable,
                nearest,
            } => row::CONNECTION_UNKNOWN
                .with("name", name.escape_debug())
                .with_any("variable", *variable)
                .with_any("nearest", nearest.as_ref()),
            ConfigurationError::OtherOwner {
                name,
                variable,
                account_id,
                url,
                owner,
            } => row::CONNECTION_OF_OTHER_ACCOUNT
                .with("name", name)
                .with_any("variable", *variable)
                .with("account_id", account_id)
                .with("url", url)
                .with("owner", owner),
            ConfigurationError::Ambiguous { url, first, second } => row::CONNECTION_AMBIGUOUS
                .with("url", url)
                .with("first", first)
                .with("second", second),
        }
    }
}

fn unusable(action: &str, path: &Path, reason: &str) -> Box<Failure> {
    row::FILE_UNUSABLE
        .with("action", action)
        .with("path", path.display())
        .with("reason", reason)
}

impl std::error::Error for ConfigurationError {}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure().fmt(formatter)
    }
}
