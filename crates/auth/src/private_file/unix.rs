//! Unix has owners and modes to check.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::{Mode, OFlags};

const OWNER_ONLY_FILE: u32 = 0o600;
const OWNER_ONLY_DIRECTORY: u32 = 0o700;
const OTHERS: u32 = 0o077;

/// NONBLOCK, because opening a pipe in the file's place would wait for its other end.
pub(super) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    options
        .mode(OWNER_ONLY_FILE)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

pub(crate) fn make_directories(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(OWNER_ONLY_DIRECTORY)
        .create(path)
}

/// If it cannot be done, the file is refused later, with the reason.
pub(super) fn close_file(file: &File) {
    let found = file.metadata().ok().filter(|found| found.nlink() == 1);
    if found.is_some_and(|found| found.mode() & OTHERS != 0) {
        let _ = file.set_permissions(fs::Permissions::from_mode(OWNER_ONLY_FILE));
    }
}

/// Closes a folder that an earlier release made readable for others. One that others could write stays as it is and
/// is refused later, since what is in it may be theirs.
pub(crate) fn close_folder(folder: impl AsFd) {
    const OTHERS: Mode = Mode::RWXG.union(Mode::RWXO);
    const OTHERS_WRITE: Mode = Mode::WGRP.union(Mode::WOTH);
    let mode = rustix::fs::fstat(&folder)
        .map_or(Mode::empty(), |found| Mode::from_raw_mode(found.st_mode));
    if mode.intersects(OTHERS) && !mode.intersects(OTHERS_WRITE) {
        let _ = rustix::fs::fchmod(folder, Mode::RWXU);
    }
}

/// The system's words for a link that is not followed are "too many levels of symbolic links".
pub(crate) fn explain(path: &Path, error: &io::Error) -> String {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => "is a symbolic link".to_owned(),
        Ok(found) if found.is_dir() => "is a directory".to_owned(),
        _ => error.to_string(),
    }
}

pub(crate) fn judge_file(file: &File) -> Result<(), String> {
    let found = file.metadata().map_err(|error| error.to_string())?;
    if !found.is_file() {
        return Err("is not a regular file".to_owned());
    }
    // Another user may have put a file of ours here under a second name.
    if found.nlink() > 1 {
        return Err("has another name (a hard link)".to_owned());
    }
    judge_owner(found.uid(), found.mode())
}

pub(crate) fn judge_folder(folder: impl AsFd) -> Result<(), String> {
    let found = rustix::fs::fstat(folder).map_err(|error| error.to_string())?;
    judge_owner(found.st_uid, found.st_mode)
}

pub(super) fn judge_directory(path: &Path) -> Result<(), String> {
    let found = fs::symlink_metadata(path).map_err(|error| error.to_string())?;
    if !found.is_dir() {
        return Err("is not a directory".to_owned());
    }
    judge_owner(found.uid(), found.mode())
}

/// A mode has 16 bits on macOS, and 32 on Linux.
fn judge_owner(owner: u32, mode: impl Into<u32>) -> Result<(), String> {
    let us = rustix::process::geteuid().as_raw();
    if owner != us {
        return Err(format!("belongs to user {owner}, and we are {us}"));
    }
    let mode = mode.into() & 0o777;
    if mode & OTHERS != 0 {
        return Err(format!("is open to others (mode {mode:o})"));
    }
    Ok(())
}
