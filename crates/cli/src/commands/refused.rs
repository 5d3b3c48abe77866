//! Refuses a value that the user gave: names the flag or the output that it came from, the reason, and the corrected
//! value if there is one.

use codeartifact_auth::error::Failure;
use codeartifact_clients::error::UsageError;

/// `--npm: … is of format pypi, not npm`, and a hint.
pub(super) fn refused(what: &str, failure: &Failure) -> UsageError {
    UsageError::new(reason(what, failure))
}

/// Returns the same as text.
pub(super) fn reason(what: &str, failure: &Failure) -> String {
    match failure.hint() {
        Some(hint) => format!("{what}: {failure}\n  hint: {hint}"),
        None => format!("{what}: {failure}"),
    }
}
