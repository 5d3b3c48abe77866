//! How a value that a person gave is refused: by what it was given as, the reason, and the corrected value where
//! that can be told.

use codeartifact_auth::error::Problem;
use codeartifact_clients::error::UsageError;

/// `--npm: … is of format pypi, not npm`, and a hint.
pub(super) fn refused(what: &str, problem: &Problem) -> UsageError {
    UsageError::new(reason(what, problem))
}

/// The same as text.
pub(super) fn reason(what: &str, problem: &Problem) -> String {
    match problem.hint() {
        Some(hint) => format!("{what}: {problem}\n  hint: {hint}"),
        None => format!("{what}: {problem}"),
    }
}
