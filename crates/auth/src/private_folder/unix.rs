//! A folder by its handle: nothing is reached through its path a second time.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{AtFlags, CWD, Dir, Mode, OFlags, openat, renameat, statat, unlinkat};

use crate::private_file::{close_folder, explain, judge_file, judge_folder, make_directories};

pub(super) type Handle = OwnedFd;

const OWNER_ONLY: Mode = Mode::RUSR.union(Mode::WUSR);
const FOLDER: OFlags = OFlags::DIRECTORY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

pub(super) fn open(path: &Path) -> Result<Option<Handle>, String> {
    let handle = match openat(CWD, path, FOLDER, Mode::empty()) {
        Ok(handle) => handle,
        Err(rustix::io::Errno::NOENT) => return Ok(None),
        Err(rustix::io::Errno::NOTDIR | rustix::io::Errno::LOOP) => {
            return Err("is not a directory".to_owned());
        }
        Err(error) => return Err(error.to_string()),
    };
    judge_folder(&handle)?;
    Ok(Some(handle))
}

pub(super) fn close(path: &Path) {
    if let Ok(handle) = openat(CWD, path, FOLDER, Mode::empty()) {
        close_folder(handle);
    }
}

pub(super) fn make(path: &Path) -> io::Result<()> {
    make_directories(path)
}

/// NONBLOCK, because opening a pipe in the file's place would wait for its other end.
fn open_with(folder: &Handle, name: &str, flags: OFlags) -> io::Result<File> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(openat(folder, name, flags, OWNER_ONLY)?.into())
}

fn judged(file: File) -> Result<File, String> {
    judge_file(&file)?;
    Ok(file)
}

pub(super) fn open_file(folder: &Handle, path: &Path, name: &str) -> Result<Option<File>, String> {
    match open_with(folder, name, OFlags::RDONLY) {
        Ok(file) => judged(file).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(explain(&path.join(name), &error)),
    }
}

pub(super) fn open_or_make_file(folder: &Handle, path: &Path, name: &str) -> Result<File, String> {
    let opened = open_with(folder, name, OFlags::RDWR | OFlags::CREATE);
    judged(opened.map_err(|error| explain(&path.join(name), &error))?)
}

pub(super) fn make_file(folder: &Handle, _: &Path, name: &str) -> io::Result<File> {
    open_with(folder, name, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL)
}

pub(super) fn rename(folder: &Handle, _: &Path, from: &str, to: &str) -> io::Result<()> {
    Ok(renameat(folder, from, folder, to)?)
}

pub(super) fn remove(folder: &Handle, _: &Path, name: &OsStr) -> io::Result<()> {
    Ok(unlinkat(folder, name, AtFlags::empty())?)
}

pub(super) fn names(folder: &Handle, _: &Path) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(folder.as_fd())? {
        let name = OsString::from_vec(entry?.file_name().to_bytes().to_vec());
        if name != "." && name != ".." {
            names.push(name);
        }
    }
    Ok(names)
}

pub(super) fn modified(folder: &Handle, _: &Path, name: &OsStr) -> Option<SystemTime> {
    let found = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    let seconds = u64::try_from(found.st_mtime).ok()?;
    Some(UNIX_EPOCH + Duration::from_secs(seconds))
}
