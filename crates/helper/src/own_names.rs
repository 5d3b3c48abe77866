//! The names by which one file knows which of several programs it is: a release installs a file under the name of each.

use std::env::{args_os, current_exe};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

/// The name of the running file, links resolved, then the name by which it was called, which a client may choose freely. A
/// root without `/proc` knows just the second.
pub fn own_names() -> Vec<OsString> {
    let file = current_exe().and_then(fs::canonicalize).ok();
    let names = [file.map(Into::into), args_os().next()];
    names
        .into_iter()
        .flatten()
        .filter_map(|path| Path::new(&path).file_name().map(OsStr::to_owned))
        .collect()
}
