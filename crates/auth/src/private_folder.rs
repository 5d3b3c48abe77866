//! A folder that is ours alone, opened once: whose it is, is asked of the open handle, and what is in it is reached
//! through that handle. So nobody can put another folder in its place between the question and the use, even where
//! the folder above is another user's (`sudo -E` hands on XDG_RUNTIME_DIR). Single files are `private_file`'s.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::private_file::because;

#[cfg(not(unix))]
use elsewhere as system;
#[cfg(unix)]
use unix as system;

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
    /// Opens it; `None` if there is none. What is in front of its name may be a link, but the folder itself may not: a symbolic
    /// link is never followed.
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

    /// Returns its path.
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
