//! Removes what nobody can use any more from a folder of ours: records, locks and temporary files that are older than any
//! token lives. Ages are measured against a file that was just written, so by one clock.

use std::ffi::OsStr;
use std::time::Duration;

use crate::private_folder::{PrivateFolder, TEMPORARY};
use crate::token::LONGEST_LIFE_SECONDS;

/// Record files end in this, so that nothing else in the folder is taken for one.
pub(super) const RECORD: &str = ".json";

/// Lock files end in this.
pub(super) const LOCK: &str = ".lock";

/// Sweeps a folder to which `written` has just been added: as many files as there are have to be looked at, and without a new
/// one they were not more than before. What cannot be removed does no harm.
pub(super) fn sweep(folder: &PrivateFolder, written: &str) -> Option<()> {
    let newest = folder.modified(written.as_ref())?;
    let longest = Duration::from_secs(LONGEST_LIFE_SECONDS);
    for name in folder.names().ok()? {
        let is_ours = is_record(&name) || is_temporary(&name) || is_lock(&name);
        let Some(modified) = folder.modified(&name).filter(|_| is_ours) else {
            continue;
        };
        let age = newest.duration_since(modified).unwrap_or_default();
        if age > longest && !(is_lock(&name) && is_held(folder, &name)) {
            folder.remove(&name).ok()?;
        }
    }
    Some(())
}

pub(super) fn is_record(name: &OsStr) -> bool {
    ends_with(name, RECORD)
}

pub(super) fn is_temporary(name: &OsStr) -> bool {
    let name = name.to_str();
    name.is_some_and(|name| name.starts_with(TEMPORARY))
}

fn is_lock(name: &OsStr) -> bool {
    ends_with(name, LOCK)
}

fn ends_with(name: &OsStr, end: &str) -> bool {
    name.to_str().is_some_and(|name| name.ends_with(end))
}

/// A lock that is about to be taken may go, too: then two processes ask AWS at once.
fn is_held(folder: &PrivateFolder, name: &OsStr) -> bool {
    let file = name.to_str().map(|name| folder.file(name));
    matches!(file, Some(Ok(Some(file))) if file.try_lock().is_err())
}
