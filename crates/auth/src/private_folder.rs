//! A folder that is ours alone, opened once: whose it is, is asked of the open handle, and what is in it is reached
//! through that handle. So nobody can put another folder in its place between the question and the use, even where
//! the folder above is another user's (`sudo -E` hands on XDG_RUNTIME_DIR). Single files are `private_file`'s.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::private_file::because;

/// Temporary files start with this; a killed process may leave one.
pub const TEMPORARY: &str = ".new";

/// As many killed processes of our number may have left a temporary file.
const MOST_LEFTOVERS: u32 = 100;

/// A folder of ours, open.
#[derive(Debug)]
pub struct PrivateFolder {
    path: PathBuf,
    handle: system::Handle,
}

impl PrivateFolder {
    /// Opens it; `None` if there is none. What is in front of its name may be a link, but the folder itself may not: a symbolic link is never followed.
    ///
    /// # Errors
    /// It is no folder, or not ours alone: the reason for people, with the path.
    pub fn open(path: &Path) -> Result<Option<Self>, String> {
        let handle = system::open(path).map_err(|reason| because(path, reason))?;
        Ok(handle.map(|handle| Self {
            path: path.to_owned(),
            handle,
        }))
    }

    /// The same as [`PrivateFolder::open_or_make`], where an earlier release made the folder readable for others: it is closed
    /// to them.
    ///
    /// # Errors
    /// As there.
    pub fn open_or_make_closed(path: &Path) -> Result<Self, String> {
        system::close(path);
        Self::open_or_make(path)
    }

    /// The same; one that is missing is made, with those above it.
    ///
    /// # Errors
    /// As [`PrivateFolder::open`], or it cannot be made.
    pub fn open_or_make(path: &Path) -> Result<Self, String> {
        if let Some(folder) = Self::open(path)? {
            return Ok(folder);
        }
        system::make(path).map_err(|error| because(path, error))?;
        Self::open(path)?.ok_or_else(|| because(path, "vanished while it was made"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The open folder itself, to ask what it is on.
    #[cfg(unix)]
    pub fn handle(&self) -> std::os::fd::BorrowedFd<'_> {
        std::os::fd::AsFd::as_fd(&self.handle)
    }

    /// Opens a file in it to read; `None` if there is none. Only a regular one that no one else can read or write.
    ///
    /// # Errors
    /// It is another kind of file, or not ours alone.
    pub fn file(&self, name: &str) -> Result<Option<File>, String> {
        let opened = system::open_file(&self.handle, &self.path, name);
        opened.map_err(|reason| self.because(name, reason))
    }

    /// Opens a file in it to read and write, which is made if it is missing.
    ///
    /// # Errors
    /// As [`PrivateFolder::file`].
    pub fn file_or_new(&self, name: &str) -> Result<File, String> {
        let opened = system::open_or_make_file(&self.handle, &self.path, name);
        opened.map_err(|reason| self.because(name, reason))
    }

    /// Puts `bytes` in the place of a file, whole: a reader sees the old file or the new one.
    ///
    /// # Errors
    /// They cannot be written. Then the old file stays, and nothing else is left.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let (temporary, mut file) = self.temporary()?;
        let written = file
            .write_all(bytes)
            .and_then(|()| system::rename(&self.handle, &self.path, &temporary, name));
        written.map_err(|error| {
            let _ = system::remove(&self.handle, &self.path, OsStr::new(&temporary));
            self.because(name, error)
        })
    }

    fn temporary(&self) -> Result<(String, File), String> {
        let us = std::process::id();
        for number in 0..MOST_LEFTOVERS {
            let name = format!("{TEMPORARY}{us}-{number}");
            match system::make_file(&self.handle, &self.path, &name) {
                Ok(file) => return Ok((name, file)),
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(because(&self.path, error)),
            }
        }
        Err(because(&self.path, "is full of temporary files"))
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove(&self, name: &OsStr) -> Result<(), String> {
        match system::remove(&self.handle, &self.path, name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(because(&self.path.join(name), error))
            }
            _ => Ok(()),
        }
    }

    /// The names of what is in it.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn names(&self) -> Result<Vec<OsString>, String> {
        system::names(&self.handle, &self.path).map_err(|error| because(&self.path, error))
    }

    /// When a file was written last.
    pub fn modified(&self, name: &OsStr) -> Option<SystemTime> {
        system::modified(&self.handle, &self.path, name)
    }

    fn because(&self, name: &str, reason: impl std::fmt::Display) -> String {
        because(&self.path.join(name), reason)
    }
}

#[cfg(unix)]
mod system {
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

    const OWNER_ONLY: u32 = 0o600;
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
        let mode = Mode::from_raw_mode(OWNER_ONLY);
        Ok(openat(folder, name, flags, mode)?.into())
    }

    fn judged(file: File) -> Result<File, String> {
        judge_file(&file)?;
        Ok(file)
    }

    pub(super) fn open_file(
        folder: &Handle,
        path: &Path,
        name: &str,
    ) -> Result<Option<File>, String> {
        match open_with(folder, name, OFlags::RDONLY) {
            Ok(file) => judged(file).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(explain(&path.join(name), &error)),
        }
    }

    pub(super) fn open_or_make_file(
        folder: &Handle,
        path: &Path,
        name: &str,
    ) -> Result<File, String> {
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
}

/// Elsewhere the user's own profile directory is private already, and only kinds of files are checked.
#[cfg(not(unix))]
mod system {
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
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_put_in_the_folders_place_later_is_not_used() {
        let above = tempfile::tempdir().unwrap();
        let (path, moved) = (above.path().join("ours"), above.path().join("moved"));
        let folder = PrivateFolder::open_or_make(&path).unwrap();
        fs::rename(&path, &moved).unwrap();
        fs::create_dir(&path).unwrap();
        folder.replace("record", b"secret").unwrap();
        assert_eq!(fs::read(moved.join("record")).unwrap(), b"secret");
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
        let mut text = String::new();
        let mut file = folder.file("record").unwrap().unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "secret");
        assert_eq!(folder.names().unwrap(), ["record"]);
        folder.remove(OsStr::new("record")).unwrap();
        assert!(folder.file("record").unwrap().is_none());
    }

    #[test]
    fn a_temporary_file_that_is_in_the_way_is_passed_by() {
        let above = tempfile::tempdir().unwrap();
        let folder = PrivateFolder::open_or_make(&above.path().join("ours")).unwrap();
        let leftover = format!("{TEMPORARY}{}-0", std::process::id());
        fs::write(folder.path().join(leftover), "another's").unwrap();
        folder.replace("record", b"new").unwrap();
        assert_eq!(fs::read(folder.path().join("record")).unwrap(), b"new");
        assert_eq!(folder.names().unwrap().len(), 2);
    }

    #[test]
    fn a_folder_that_cannot_be_written_keeps_the_older_file() {
        let above = tempfile::tempdir().unwrap();
        let folder = PrivateFolder::open_or_make(&above.path().join("ours")).unwrap();
        fs::create_dir(folder.path().join("record")).unwrap();
        assert!(folder.replace("record", b"new").is_err());
        assert_eq!(folder.names().unwrap(), ["record"]);
    }
}
