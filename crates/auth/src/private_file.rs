//! Opens, makes and checks files that are ours alone; `private_folder` does it with a folder and all that is in it. Unix has owners and modes to check; elsewhere the user's own profile directory is private already,
//! and only the kind of a file is checked.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Opens `path` for reading, if it is a file that only we can read and write; `None` if there is none.
/// A symbolic link is never followed.
///
/// # Errors
/// The reason for people, with the path.
pub fn open(path: &Path) -> Result<Option<File>, String> {
    opened(path, OpenOptions::new().read(true))
}

/// Opens `path` for reading and writing. If there is no file, an empty one is made that is ours alone.
///
/// # Errors
/// The reason for people, with the path.
pub fn open_or_make(path: &Path) -> Result<File, String> {
    let file = opened(path, OpenOptions::new().read(true).write(true).create(true))?;
    file.ok_or_else(|| because(path, "vanished while it was made"))
}

/// Opens `path` to add to its end. If there is no file, one is made that is ours alone; one of ours that others could read
/// is closed to them.
///
/// # Errors
/// The reason for people, with the path.
pub fn open_to_append(path: &Path) -> Result<File, String> {
    let opened = system::open(path, OpenOptions::new().append(true).create(true));
    let file = opened.map_err(|error| because(path, system::explain(path, &error)))?;
    system::close_file(&file);
    system::judge_file(&file).map_err(|reason| because(path, reason))?;
    Ok(file)
}

/// Makes `path` a directory that is ours alone, with those above it as needed.
///
/// # Errors
/// The reason for people, with the path.
pub fn make_directory(path: &Path) -> Result<(), String> {
    // Looked at first: in all but the first run the directory is there, and a read-only home does not matter then.
    if fs::symlink_metadata(path).is_err() {
        system::make_directories(path).map_err(|error| because(path, error))?;
    }
    system::judge_directory(path).map_err(|reason| because(path, reason))
}

fn opened(path: &Path, options: &mut OpenOptions) -> Result<Option<File>, String> {
    let file = match system::open(path, options) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(because(path, system::explain(path, &error))),
    };
    system::judge_file(&file).map_err(|reason| because(path, reason))?;
    Ok(Some(file))
}

/// A reason for people, with the path it is about.
pub(crate) fn because(path: &Path, reason: impl std::fmt::Display) -> String {
    format!("{}: {reason}", path.display())
}

#[cfg(unix)]
pub(crate) use system::{close_folder, explain, judge_file, judge_folder, make_directories};

#[cfg(unix)]
mod system {
    use std::os::fd::AsFd;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};

    use rustix::fs::{Mode, OFlags};

    use super::{File, OpenOptions, Path, fs, io};

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
        const OTHERS_WRITE: u32 = 0o022;
        let mode = rustix::fs::fstat(&folder).map_or(0, |found| found.st_mode);
        if mode & OTHERS != 0 && mode & OTHERS_WRITE == 0 {
            let _ = rustix::fs::fchmod(folder, Mode::from_raw_mode(OWNER_ONLY_DIRECTORY));
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

    fn judge_owner(owner: u32, mode: u32) -> Result<(), String> {
        let us = rustix::process::geteuid().as_raw();
        if owner != us {
            return Err(format!("belongs to user {owner}, and we are {us}"));
        }
        let mode = mode & 0o777;
        if mode & OTHERS != 0 {
            return Err(format!("is open to others (mode {mode:o})"));
        }
        Ok(())
    }
}

#[cfg(not(unix))]
mod system {
    use super::{File, OpenOptions, Path, fs, io};

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
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    /// A way to spoil the file at a path.
    type Spoil = fn(&Path);

    #[test]
    fn only_a_file_of_ours_is_opened() {
        let rows: [(&str, Spoil, Result<bool, &str>); 8] = [
            ("nothing", |_| (), Ok(false)),
            ("ours", |path| drop(open_or_make(path).unwrap()), Ok(true)),
            (
                "readable by others",
                |path| {
                    fs::write(path, "").unwrap();
                    set_mode(path, 0o604)
                },
                Err("is open to others (mode 604)"),
            ),
            (
                "writable by the group",
                |path| {
                    fs::write(path, "").unwrap();
                    set_mode(path, 0o620)
                },
                Err("is open to others (mode 620)"),
            ),
            (
                "a directory",
                |path| fs::create_dir(path).unwrap(),
                Err("is not a regular file"),
            ),
            (
                "a link to a file of ours",
                |path| {
                    let target = path.with_extension("target");
                    drop(open_or_make(&target).unwrap());
                    symlink(target, path).unwrap();
                },
                Err("is a symbolic link"),
            ),
            (
                "a second name of a file of ours",
                |path| {
                    let target = path.with_extension("target");
                    drop(open_or_make(&target).unwrap());
                    fs::hard_link(target, path).unwrap();
                },
                Err("has another name (a hard link)"),
            ),
            (
                "a pipe",
                |path| rustix::fs::mkfifoat(rustix::fs::CWD, path, 0o600.into()).unwrap(),
                Err("is not a regular file"),
            ),
        ];
        for (what, spoil, expected) in rows {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("record");
            spoil(&path);
            let found = open(&path).map(|file| file.is_some());
            assert_eq!(
                found,
                expected.map_err(|reason| because(&path, reason)),
                "{what}"
            );
        }
    }

    #[test]
    fn a_log_is_no_second_name_of_another_file() {
        let directory = tempfile::tempdir().unwrap();
        let (profile, log) = (
            directory.path().join("profile"),
            directory.path().join("log"),
        );
        fs::write(&profile, "mine").unwrap();
        set_mode(&profile, 0o644);
        fs::hard_link(&profile, &log).unwrap();
        let refused = open_to_append(&log).unwrap_err();
        assert_eq!(refused, because(&log, "has another name (a hard link)"));
        assert_eq!(mode(&profile), 0o644);
        fs::remove_file(&profile).unwrap();
        assert!(open_to_append(&log).is_ok());
        assert_eq!(mode(&log), 0o600);
    }

    #[test]
    fn nothing_strange_is_opened_for_writing_either() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lock");
        let target = directory.path().join("target");
        symlink(&target, &path).unwrap();
        assert_eq!(
            open_or_make(&path).unwrap_err(),
            because(&path, "is a symbolic link")
        );
        assert!(!target.exists(), "a dangling link made a file elsewhere");
    }

    #[test]
    fn what_we_make_is_ours_alone_whatever_the_umask() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("above/ours");
        make_directory(&path).unwrap();
        make_directory(&path).unwrap();
        drop(open_or_make(&path.join("file")).unwrap());
        assert_eq!((mode(&path), mode(&path.join("file"))), (0o700, 0o600));
    }

    #[test]
    fn only_a_directory_of_ours_is_used() {
        let rows: [(&str, Spoil, &str); 3] = [
            (
                "a file",
                |path| fs::write(path, "").unwrap(),
                "is not a directory",
            ),
            (
                "a link to a directory of ours",
                |path| {
                    let target = path.with_extension("target");
                    make_directory(&target).unwrap();
                    symlink(target, path).unwrap();
                },
                "is not a directory",
            ),
            (
                "open to others",
                |path| {
                    fs::create_dir(path).unwrap();
                    set_mode(path, 0o755)
                },
                "is open to others (mode 755)",
            ),
        ];
        for (what, spoil, expected) in rows {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("codeartifact");
            spoil(&path);
            assert_eq!(
                make_directory(&path),
                Err(because(&path, expected)),
                "{what}"
            );
        }
    }
}
