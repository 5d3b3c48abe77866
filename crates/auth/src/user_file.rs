//! Files that are the user's own and that a program of ours changes: replaced whole, so that a reader, and a writer
//! killed at any moment, leave the old text or the new, never half. Links stay links; owner and mode stay.
//! The caller decides the text. How any file that is not ours alone is read is in `regular.rs`; files that are ours alone
//! are in `private_file.rs`.

mod regular;
mod rights;

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::patience::patiently;

pub use regular::{open_regular, read_regular, read_text, read_token, read_up_to, require_regular};

/// A link that leads through more links than this leads in a circle.
const MOST_LINKS: usize = 40;

/// Decides who may read a file after it was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// The same as before; a new file has the mode that the umask gives.
    AsBefore,
    /// Its owner only, since there is a secret in it now. A mode stricter than 0600 stays.
    OwnerOnly,
}

/// A user's file, behind all links that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFile {
    target: PathBuf,
}

impl UserFile {
    /// The file that `path` leads to, even if that does not exist yet: a link itself has to stay.
    ///
    /// # Errors
    /// It is not a file that could be replaced: `/dev/null` must not become one, and an open file's name in `/proc`
    /// leads to a place that is none. Or another user's link leads to it, who could not have written it: under
    /// `sudo -E` that user's home is ours.
    pub fn at(path: &Path) -> io::Result<Self> {
        let target = behind_links(path)?;
        let replaceable = match fs::metadata(path) {
            Ok(there) => there.is_file() && target.exists(),
            Err(_) => true,
        };
        if replaceable {
            Ok(Self { target })
        } else {
            Err(io::Error::other("it is not a file that could be replaced"))
        }
    }

    /// Returns the path behind all links.
    pub fn path(&self) -> &Path {
        &self.target
    }

    /// Reads its bytes; `None` if it is not there.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self) -> io::Result<Option<Vec<u8>>> {
        match read_regular(&self.target) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts `text` in its place. Directories that are missing are made.
    ///
    /// # Errors
    /// It cannot be written, or belongs to another user and could not go on doing so.
    pub fn replace(&self, text: &[u8], privacy: Privacy) -> io::Result<()> {
        fs::create_dir_all(parent(&self.target))?;
        let mut new = self.beside(privacy)?;
        new.write_all(text)?;
        if let Ok(old) = fs::metadata(&self.target) {
            rights::keep_owner_and_mode(new.as_file(), &old, privacy)?;
        }
        new.as_file().sync_all()?;
        self.put(new.into_temp_path())
            .map_err(|error| self.explain(error))
    }

    fn put(&self, new: TempPath) -> io::Result<()> {
        let mut new = Some(new);
        patiently(|| {
            let Some(path) = new.take() else {
                return Ok(());
            };
            path.persist(&self.target).map_err(|failed| {
                new = Some(failed.path);
                failed.error
            })
        })
    }

    /// Removes the file.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn remove(&self) -> io::Result<()> {
        patiently(|| fs::remove_file(&self.target)).map_err(|error| self.explain(error))
    }

    /// Windows' words are the same for a file that is read-only and for one that another program has open.
    fn explain(&self, error: io::Error) -> io::Error {
        let found = fs::metadata(&self.target);
        let is_read_only = found.is_ok_and(|found| found.permissions().readonly());
        if !cfg!(windows) || error.kind() != ErrorKind::PermissionDenied {
            return error;
        }
        let reason = if is_read_only {
            "it is read-only"
        } else {
            "another program has it open"
        };
        io::Error::new(ErrorKind::PermissionDenied, format!("{reason} ({error})"))
    }

    /// Removes the temporary files of killed writers. Call it only while there is no other writer.
    pub fn remove_leftovers(&self) {
        let prefix = self.leftover_prefix();
        let entries = fs::read_dir(parent(&self.target)).into_iter().flatten();
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                // A leftover that stays does no harm to this run.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn beside(&self, privacy: Privacy) -> io::Result<tempfile::NamedTempFile> {
        let prefix = self.leftover_prefix();
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix);
        rights::set_first_mode(&mut builder, privacy);
        builder.tempfile_in(parent(&self.target))
    }

    fn leftover_prefix(&self) -> String {
        let name = self.target.file_name().unwrap_or_default();
        format!("{}.codeartifact-", name.to_string_lossy())
    }
}

fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    let mut strangers = Vec::new();
    for _ in 0..MOST_LINKS {
        let Ok(next) = fs::read_link(&target) else {
            break;
        };
        strangers.extend(rights::stranger(&target));
        target = parent(&target).join(next);
    }
    let is_theirs = |stranger: &u32| rights::owner(&target) == Some(*stranger);
    if strangers.iter().all(is_theirs) {
        Ok(target)
    } else {
        Err(io::Error::other("another user's link leads to it"))
    }
}

fn parent(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod replacing {
    use super::*;

    #[test]
    fn a_file_is_made_replaced_and_removed_on_every_system() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new folder").join(".npmrc");
        let file = UserFile::at(&path).unwrap();
        assert_eq!(file.read().unwrap(), None);
        for (text, privacy) in [("a\r\n", Privacy::AsBefore), ("b", Privacy::OwnerOnly)] {
            file.replace(text.as_bytes(), privacy).unwrap();
            assert_eq!(file.read().unwrap().as_deref(), Some(text.as_bytes()));
        }
        let names: Vec<_> = fs::read_dir(parent(&path)).unwrap().collect();
        assert_eq!(names.len(), 1, "{names:?}");
        file.remove().unwrap();
        assert_eq!(file.read().unwrap(), None);
    }

    /// A virus scanner, or an editor, has it for a moment.
    #[test]
    fn a_file_that_another_program_has_open_is_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".npmrc");
        fs::write(&path, "old").unwrap();
        let reader = fs::File::open(&path).unwrap();
        let letting_go = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(100));
            drop(reader);
        });
        let file = UserFile::at(&path).unwrap();
        file.replace(b"new", Privacy::OwnerOnly).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        letting_go.join().unwrap();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    fn replace(path: &Path, text: &str, privacy: Privacy) {
        let file = UserFile::at(path).unwrap();
        file.replace(text.as_bytes(), privacy).unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), text);
    }

    fn mode(file: &Path) -> u32 {
        fs::metadata(file).unwrap().mode() & 0o7777
    }

    #[test]
    fn a_new_file_with_a_secret_is_for_its_owner_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/.npmrc");
        replace(&path, "t", Privacy::OwnerOnly);
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn modes_stay_or_get_stricter() {
        let directory = tempfile::tempdir().unwrap();
        let rows = [
            (Privacy::OwnerOnly, 0o600, 0o600),
            (Privacy::OwnerOnly, 0o644, 0o600),
            (Privacy::OwnerOnly, 0o400, 0o400),
            (Privacy::OwnerOnly, 0o440, 0o400),
            (Privacy::OwnerOnly, 0o666, 0o600),
            (Privacy::AsBefore, 0o600, 0o600),
            (Privacy::AsBefore, 0o664, 0o664),
        ];
        for (privacy, before, after) in rows {
            let path = directory.path().join(format!("{privacy:?}{before:o}"));
            fs::write(&path, "a=b\n").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(before)).unwrap();
            replace(&path, "c=d\n", privacy);
            assert_eq!(mode(&path), after, "{privacy:?} {before:o}");
        }
    }

    #[test]
    fn a_link_stays_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        let is_link = |name: &str| fs::symlink_metadata(at(name)).unwrap().is_symlink();
        fs::create_dir(at("dotfiles")).unwrap();
        symlink("dotfiles/second", at(".npmrc")).unwrap();
        symlink("npmrc", at("dotfiles/second")).unwrap();
        for text in ["absent before", "there before"] {
            replace(&at(".npmrc"), text, Privacy::AsBefore);
            assert!(is_link(".npmrc") && is_link("dotfiles/second"));
            assert_eq!(fs::read_to_string(at("dotfiles/npmrc")).unwrap(), text);
        }
    }

    #[test]
    fn what_a_killed_writer_left_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".npmrc");
        let leftover = directory.path().join(".npmrc.codeartifact-x1y2z3");
        fs::write(&leftover, "old").unwrap();
        replace(&path, "new", Privacy::OwnerOnly);
        UserFile::at(&path).unwrap().remove_leftovers();
        assert!(!leftover.exists() && path.exists());
    }

    #[test]
    fn only_a_file_is_replaced() {
        let is_refused = |file: &Path| UserFile::at(file).is_err();
        let directory = tempfile::tempdir().unwrap();
        assert!(is_refused(Path::new("/dev/null")));
        assert!(is_refused(directory.path()));
        assert!(!is_refused(&directory.path().join("new")));
        let open = tempfile::tempfile().unwrap();
        let name = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&open));
        assert_eq!(is_refused(Path::new(&name)), cfg!(target_os = "linux"));
    }
}
