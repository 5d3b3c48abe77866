//! Files of a project and of the user, as far as a search reads them.

use std::path::Path;

use codeartifact_auth::user_file::read_regular;

/// A file's text; one that is missing or cannot be read names no registry, to npm neither.
pub(super) fn read(file: &Path) -> Option<Vec<u8>> {
    read_regular(file).ok()
}

/// The same as text. Lock files have megabytes: what is UTF-8 already is not copied.
pub(super) fn read_text(file: &Path) -> Option<String> {
    let text = String::from_utf8(read(file)?);
    Some(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}
