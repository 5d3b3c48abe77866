//! Elsewhere the user's own profile directory is private already, and only the kind of a file is checked.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

pub(super) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => Err(io::Error::other("is not a regular file")),
        _ => options.open(path),
    }
}

pub(super) fn make_directories(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

pub(super) fn close_file(_file: &File) {}

pub(super) fn explain(_path: &Path, error: &io::Error) -> String {
    error.to_string()
}

pub(super) fn judge_file(_file: &File) -> Result<(), String> {
    Ok(())
}

pub(super) fn judge_directory(path: &Path) -> Result<(), String> {
    let found = fs::symlink_metadata(path).map_err(|error| error.to_string())?;
    if found.is_dir() {
        Ok(())
    } else {
        Err("is not a directory".to_owned())
    }
}
