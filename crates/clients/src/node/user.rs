//! The user's own `.npmrc`, the one file that we write: where it is, and how it is changed. What is in it is
//! [`npmrc`](crate::node::npmrc)'s to know.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use codeartifact_auth::endpoint::{Endpoint, MappedHosts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::lock;
use codeartifact_auth::private_folder::PrivateFolder;
use codeartifact_auth::user_file::{Privacy, UserFile, read_regular};

use super::npmrc::Document;
use super::registries::{CommandLine, Places};

/// A writer needs a few milliseconds; one that takes longer than this was stopped.
const LOCK_DEADLINE: Duration = Duration::from_secs(5);

/// The file, and the lock for it.
#[derive(Debug)]
pub struct UserNpmrc {
    /// The path of the file, even if there is none.
    pub path: PathBuf,
    lock: Option<PathBuf>,
}

impl UserNpmrc {
    /// The one that clients read when they are started in `directory`.
    ///
    /// # Errors
    /// There is no place for one.
    pub fn of(directory: &Path, environment: &Environment) -> Result<Self> {
        let places = Places::of(directory, &CommandLine::default(), environment)?;
        Ok(Self::at(places.token_files.npmrc, environment))
    }

    /// One lock for all files: writing takes milliseconds, and a lock beside an `.npmrc` would litter the home directory.
    pub fn at(path: PathBuf, environment: &Environment) -> Self {
        let state = environment.state_directory();
        Self {
            path,
            lock: state.map(|directory| directory.join("npmrc.lock")),
        }
    }

    /// Reads it; an absent file is an empty one.
    ///
    /// # Errors
    /// It cannot be read, or is no text.
    pub fn read(&self) -> Result<Document> {
        let bytes = match read_regular(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            result => result.with_context(|| format!("cannot read {}", self.path.display()))?,
        };
        Document::parse(&bytes).with_context(|| format!("cannot use {}", self.path.display()))
    }

    /// Changes it by `edit`; returns true if that changed anything. Without the lock it goes on alone: a line that gets
    /// lost is found missing, and written, by the next run.
    ///
    /// # Errors
    /// It cannot be read or replaced; or `edit`'s own.
    pub fn update(&self, edit: impl Fn(&mut Document) -> Result<()>) -> Result<bool> {
        let cannot = || format!("cannot write {}", self.path.display());
        // A file in memory, of an `exec` round this one, could not be replaced, and need not.
        if self.edited(&edit)?.is_none() {
            return Ok(false);
        }
        let target = UserFile::at(&self.path).with_context(cannot)?;
        let lock = self.lock();
        // Another process may have written while we waited.
        let Some(text) = self.edited(&edit)? else {
            return Ok(false);
        };
        if lock.is_some() {
            target.remove_leftovers();
        }
        // A file that had our lines alone goes with them. One that is linked to is among the user's dotfiles.
        let done = if text.is_empty() && !self.path.is_symlink() {
            target.remove()
        } else {
            target.replace(&text, Privacy::OwnerOnly)
        };
        done.with_context(cannot)?;
        Ok(true)
    }

    /// The new text, or `None` if it is the old one.
    fn edited(&self, edit: &impl Fn(&mut Document) -> Result<()>) -> Result<Option<Vec<u8>>> {
        let before = self.read()?;
        let mut after = before.clone();
        edit(&mut after)?;
        Ok((after != before).then(|| after.to_bytes()))
    }

    fn lock(&self) -> Option<File> {
        let path = self.lock.as_deref()?;
        let folder = PrivateFolder::open_or_make_closed(path.parent()?).ok()?;
        let file = folder.file_or_new(path.file_name()?.to_str()?).ok()?;
        let is_locked = lock::wait(&file, LOCK_DEADLINE).ok()?;
        is_locked.then_some(file)
    }

    /// Takes away the tokens for those CodeArtifact registries that are meant; returns true if there was one.
    ///
    /// # Errors
    /// It cannot be read or replaced.
    pub fn log_out(
        &self,
        hosts: &MappedHosts,
        is_meant: impl Fn(&Endpoint) -> bool,
    ) -> Result<bool> {
        self.update(|document| {
            document.remove_tokens(|registry| {
                Endpoint::parse(&format!("https:{registry}"), hosts).is_ok_and(|it| is_meant(&it))
            });
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    #[cfg(unix)]
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    const REGISTRY: &str =
        "//my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";

    fn set_token(file: &Path, token: &str) -> Result<bool> {
        let npmrc = UserNpmrc {
            path: file.to_owned(),
            lock: Some(file.with_file_name("lock")),
        };
        npmrc.update(|document| document.set_token(REGISTRY, token))
    }

    fn line(token: &str) -> String {
        format!("{REGISTRY}:_authToken={token}\n")
    }

    #[cfg(unix)]
    fn mode(file: &Path) -> u32 {
        fs::metadata(file).unwrap().mode() & 0o7777
    }

    #[test]
    fn a_new_file_is_for_its_owner_only() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("new/.npmrc");
        assert!(set_token(&file, "t").unwrap());
        assert_eq!(fs::read_to_string(&file).unwrap(), line("t"));
        #[cfg(unix)]
        assert_eq!(mode(&file), 0o600);
    }

    #[test]
    fn a_file_that_has_our_lines_alone_goes_with_them() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".npmrc");
        let npmrc = UserNpmrc {
            path: path.clone(),
            lock: None,
        };
        let log_out = || npmrc.log_out(&MappedHosts::new(), |_| true).unwrap();
        set_token(&path, "t").unwrap();
        assert!(log_out() && !path.exists());
        fs::write(&path, "fund=false\n").unwrap();
        set_token(&path, "t").unwrap();
        assert!(log_out());
        assert_eq!(fs::read_to_string(&path).unwrap(), "fund=false\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_file_stays_when_its_lines_go() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".npmrc");
        let npmrc = UserNpmrc {
            path: path.clone(),
            lock: None,
        };
        let dotfile = directory.path().join("dotfile");
        fs::write(&dotfile, line("t")).unwrap();
        std::os::unix::fs::symlink(&dotfile, &path).unwrap();
        assert!(npmrc.log_out(&MappedHosts::new(), |_| true).unwrap());
        assert_eq!(fs::read_to_string(&dotfile).unwrap(), "");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_due_nothing_written() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(".npmrc");
        set_token(&file, "t").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let before = fs::metadata(&file).unwrap();
        assert!(!set_token(&file, "t").unwrap());
        let after = fs::metadata(&file).unwrap();
        assert_eq!(
            (before.ino(), before.mtime_nsec()),
            (after.ino(), after.mtime_nsec())
        );
    }

    #[test]
    fn what_a_killed_writer_left_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(".npmrc");
        let leftover = directory.path().join(".npmrc.codeartifact-x1y2z3");
        fs::write(&leftover, line("old")).unwrap();
        set_token(&file, "t").unwrap();
        assert!(!leftover.exists());
        assert_eq!(
            fs::read_dir(directory.path()).unwrap().count(),
            2,
            "the file and its lock"
        );
    }

    #[cfg(unix)]
    #[test]
    fn without_a_place_for_the_lock_it_goes_on_alone() {
        let directory = tempfile::tempdir().unwrap();
        let npmrc = UserNpmrc {
            path: directory.path().join(".npmrc"),
            lock: Some("/dev/null/lock".into()),
        };
        assert!(npmrc.lock().is_none());
        let written = npmrc.update(|document| document.set_token(REGISTRY, "t"));
        assert!(written.unwrap());
    }

    #[test]
    fn what_cannot_be_used_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(".npmrc");
        fs::write(&file, b"\xff\xfea\0").unwrap();
        let error = format!("{:#}", set_token(&file, "t").unwrap_err());
        assert!(error.contains("UTF-16"), "{error}");
        assert_eq!(fs::read(&file).unwrap(), b"\xff\xfea\0");
    }
}
