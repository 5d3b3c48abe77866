//! The names by which one file knows which of several programs it is: a release installs a file under the name of each.

use std::env::{args_os, current_exe};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The name of the running file, links resolved, then the name by which it was called, which a client may choose freely. A
/// root without `/proc` knows just the second.
pub fn own_names() -> Vec<OsString> {
    let file = running_file().ok();
    let names = [file.map(Into::into), args_os().next()];
    names
        .into_iter()
        .flatten()
        .filter_map(|path| Path::new(&path).file_name().map(OsStr::to_owned))
        .collect()
}

/// Linux resolves links itself.
fn running_file() -> io::Result<PathBuf> {
    let file = current_exe()?;
    if cfg!(target_os = "linux") {
        Ok(file)
    } else {
        fs::canonicalize(file)
    }
}
