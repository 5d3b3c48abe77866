//! Opens, makes and checks files that are ours alone; `private_folder` does it with a folder and all that is in it.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

#[cfg(not(unix))]
use elsewhere as system;
#[cfg(unix)]
use unix as system;

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
pub(crate) use unix::{close_folder, explain, judge_file, judge_folder, make_directories};

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
        for (what, spoil, expected) in SPOILT {
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

    const SPOILT: [(&str, Spoil, Result<bool, &str>); 8] = [
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
