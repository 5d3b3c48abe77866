//! Refuses a value that the user gave: names the flag or the output that it came from, the reason, and the corrected
//! value if there is one.

use codeartifact_auth::error::Problem;
use codeartifact_clients::error::UsageError;

/// `--npm: … is of format pypi, not npm`, and a hint.
pub(super) fn refused(what: &str, problem: &Problem) -> UsageError {
    UsageError::new(reason(what, problem))
}

/// Returns the same as text.
pub(super) fn reason(what: &str, problem: &Problem) -> String {
    match problem.hint() {
        Some(hint) => format!("{what}: {problem}\n  hint: {hint}"),
        None => format!("{what}: {problem}"),
    }
}
