//! Elsewhere the user's own profile directory is private already, and only kinds of files are checked.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use crate::patience::patiently;
use crate::private_file;

pub(super) type Handle = ();

pub(super) fn open(path: &Path) -> Result<Option<Handle>, String> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => Ok(Some(())),
        Ok(_) => Err("is not a directory".to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

pub(super) fn close(_: &Path) {}

pub(super) fn make(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

pub(super) fn open_file(_: &Handle, path: &Path, name: &str) -> Result<Option<File>, String> {
    private_file::open(&path.join(name))
}

pub(super) fn open_or_make_file(_: &Handle, path: &Path, name: &str) -> Result<File, String> {
    private_file::open_or_make(&path.join(name))
}

pub(super) fn make_file(_: &Handle, path: &Path, name: &str) -> io::Result<File> {
    File::options()
        .write(true)
        .create_new(true)
        .open(path.join(name))
}

pub(super) fn rename(_: &Handle, path: &Path, from: &str, to: &str) -> io::Result<()> {
    patiently(|| fs::rename(path.join(from), path.join(to)))
}

pub(super) fn remove(_: &Handle, path: &Path, name: &OsStr) -> io::Result<()> {
    patiently(|| fs::remove_file(path.join(name)))
}

pub(super) fn names(_: &Handle, path: &Path) -> io::Result<Vec<OsString>> {
    Ok(fs::read_dir(path)?
        .flatten()
        .map(|entry| entry.file_name())
        .collect())
}

pub(super) fn modified(_: &Handle, path: &Path, name: &OsStr) -> Option<SystemTime> {
    fs::symlink_metadata(path.join(name)).ok()?.modified().ok()
}
