//! Files that are the user's own and that a program of ours changes: replaced whole, so that a reader, and a writer
//! killed at any moment, leave the old text or the new, never half. Links stay links; owner and mode stay.
//! The caller decides the text. Files that are ours alone are in `private_file.rs`.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::patience::patiently;

/// The largest lock files have tens of megabytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A token of any kind has a few kilobytes.
const LONGEST_TOKEN: u64 = 64 * 1024;

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

/// Opens a file to read it: a setting, a lock file, a token. Every file that is not ours alone is read through here. Only
/// a regular one, and none without end: opening a pipe that another user or a hostile project has left there would wait
/// for ever, and `/dev/zero` fills the memory. The null device is an empty file: people name it where they want no
/// settings.
///
/// # Errors
/// It is missing, cannot be read, is no regular file, or is larger than 64 MiB.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let file = system::open_without_waiting(path)?;
    let found = file.metadata()?;
    if !found.is_file() && !system::is_null_device(&found) {
        return Err(io::Error::other("it is not a regular file"));
    }
    if found.len() > LARGEST {
        return Err(io::Error::other("it is larger than 64 MiB"));
    }
    Ok(file)
}

/// Reads the whole of such a file.
///
/// # Errors
/// As [`open_regular`].
pub fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    let file = open_regular(path)?;
    let length = file.metadata().map_or(0, |found| found.len());
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The same as text.
///
/// # Errors
/// As [`open_regular`], or it is not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read_regular(path)?).map_err(io::Error::other)
}

/// Reads a file with a token in it, which no job's is larger than.
///
/// # Errors
/// As [`read_text`], or it is larger than a token.
pub fn read_token(path: &Path) -> io::Result<String> {
    let length = open_regular(path)?.metadata()?.len();
    if length > LONGEST_TOKEN {
        return Err(io::Error::other("it is too large for a token"));
    }
    read_text(path)
}

/// Looks at a file that a crate is about to open by itself, which would wait for a pipe, or read one without end. A
/// missing one is that crate's to tell of.
///
/// # Errors
/// As [`open_regular`].
pub fn require_regular(path: &Path) -> io::Result<()> {
    match open_regular(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
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

    /// Where it is, behind all links.
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
            system::keep_owner_and_mode(new.as_file(), &old, privacy)?;
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
        system::set_first_mode(&mut builder, privacy);
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
        strangers.extend(system::stranger(&target));
        target = parent(&target).join(next);
    }
    let is_theirs = |stranger: &u32| system::owner(&target) == Some(*stranger);
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

#[cfg(unix)]
mod system {
    use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};

    use rustix::fs::OFlags;

    use super::{File, Metadata, Path, Privacy, fs, io};

    pub(super) fn open_without_waiting(path: &Path) -> io::Result<File> {
        let flags = OFlags::NONBLOCK.bits().cast_signed();
        let mut options = File::options();
        options.read(true).custom_flags(flags).open(path)
    }

    pub(super) fn is_null_device(found: &Metadata) -> bool {
        let null = fs::metadata("/dev/null");
        let is_same = |null: Metadata| null.rdev() == found.rdev();
        found.file_type().is_char_device() && null.is_ok_and(is_same)
    }

    /// The owner of a link who is neither this user nor root.
    pub(super) fn stranger(link: &Path) -> Option<u32> {
        let owner = fs::symlink_metadata(link).ok()?.uid();
        (owner != 0 && owner != rustix::process::geteuid().as_raw()).then_some(owner)
    }

    /// The owner of a file, or of the folder where it will be.
    pub(super) fn owner(file: &Path) -> Option<u32> {
        let found = fs::metadata(file).or_else(|_| fs::metadata(super::parent(file)));
        Some(found.ok()?.uid())
    }

    const OWNER_ONLY: u32 = 0o600;
    /// Before the umask is applied.
    const ANYBODY: u32 = 0o666;

    /// A file that will hold a secret is for its owner from its creation.
    pub(super) fn set_first_mode(builder: &mut tempfile::Builder<'_, '_>, privacy: Privacy) {
        let mode = match privacy {
            Privacy::AsBefore => ANYBODY,
            Privacy::OwnerOnly => OWNER_ONLY,
        };
        builder.permissions(fs::Permissions::from_mode(mode));
    }

    pub(super) fn keep_owner_and_mode(
        new: &File,
        old: &Metadata,
        privacy: Privacy,
    ) -> io::Result<()> {
        let ours = new.metadata()?;
        if (old.uid(), old.gid()) != (ours.uid(), ours.gid()) {
            let kept = fchown(new, Some(old.uid()), Some(old.gid()));
            if old.uid() != ours.uid() && kept.is_err() {
                return Err(io::Error::other("it belongs to another user"));
            }
        }
        let mode = match privacy {
            Privacy::AsBefore => old.mode() & 0o777,
            Privacy::OwnerOnly => old.mode() & OWNER_ONLY,
        };
        new.set_permissions(fs::Permissions::from_mode(mode))
    }
}

/// On Windows the directory's rights are inherited.
#[cfg(not(unix))]
mod system {
    use super::{File, Metadata, Path, Privacy, io};

    pub(super) fn open_without_waiting(path: &Path) -> io::Result<File> {
        File::open(path)
    }

    pub(super) fn is_null_device(_: &Metadata) -> bool {
        false
    }

    pub(super) fn stranger(_: &Path) -> Option<u32> {
        None
    }

    pub(super) fn owner(_: &Path) -> Option<u32> {
        None
    }

    pub(super) fn set_first_mode(_: &mut tempfile::Builder<'_, '_>, _: Privacy) {}

    pub(super) fn keep_owner_and_mode(_: &File, _: &Metadata, _: Privacy) -> io::Result<()> {
        Ok(())
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
        let reader = File::open(&path).unwrap();
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
    fn only_a_file_that_has_an_end_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe"), 0o600.into()).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        fs::create_dir(at("directory")).unwrap();
        symlink("/dev/zero", at("endless")).unwrap();
        fs::write(at("plain"), "text").unwrap();
        File::create(at("sparse"))
            .unwrap()
            .set_len(LARGEST + 1)
            .unwrap();
        for name in ["pipe", "socket", "directory", "endless", "sparse", "absent"] {
            assert!(read_regular(&at(name)).is_err(), "{name}");
        }
        assert_eq!(read_text(&at("plain")).unwrap(), "text");
        assert_eq!(read_token(&at("plain")).unwrap(), "text");
        symlink("/dev/null", at("none")).unwrap();
        assert_eq!(read_text(&at("none")).unwrap(), "");
        File::create(at("long"))
            .unwrap()
            .set_len(LONGEST_TOKEN + 1)
            .unwrap();
        assert!(read_token(&at("long")).is_err());
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
