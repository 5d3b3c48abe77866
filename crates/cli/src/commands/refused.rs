//! How a value that a person gave is refused: by what it was given as, the reason, and the corrected value where
//! that can be told.

use codeartifact_auth::error::Failure;
use codeartifact_clients::error::UsageError;

/// `--npm: … is of format pypi, not npm`, and a hint.
pub(super) fn refused(what: &str, failure: &Failure) -> UsageError {
    UsageError::new(&reason(what, failure))
}

/// The same as text.
pub(super) fn reason(what: &str, failure: &Failure) -> String {
    match failure.hint() {
        Some(hint) => format!("{what}: {failure}\n  hint: {hint}"),
        None => format!("{what}: {failure}"),
    }
}
