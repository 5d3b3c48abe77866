//! Reading a file that is not ours alone: a setting, a lock file, a token. Only a regular one, and none without end.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The largest lock files have tens of megabytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A token of any kind has a few kilobytes.
const LONGEST_TOKEN: u64 = 64 * 1024;

/// Opens a file to read it: a setting, a lock file, a token. Every file that is not ours alone is read through here. Only
/// a regular one, and none without end: opening a pipe that another user or a hostile project has left there would wait
/// for ever, and `/dev/zero` fills the memory. The null device is an empty file: people name it where they want no
/// settings.
///
/// # Errors
/// It is missing, cannot be read, is no regular file, or is larger than 64 MiB.
pub fn open_regular(path: &Path) -> io::Result<File> {
    Ok(open(path, LARGEST)?.0)
}

/// Reads the whole of such a file.
///
/// # Errors
/// As [`open_regular`].
pub fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    read_up_to(path, LARGEST)
}

/// Reads the whole of such a file, if it is no longer than that.
///
/// # Errors
/// As [`open_regular`]; [`ErrorKind::FileTooLarge`] if it is longer.
pub fn read_up_to(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    let (file, length) = open(path, longest)?;
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(longest).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The file and its length.
fn open(path: &Path, longest: u64) -> io::Result<(File, u64)> {
    let file = system::open_without_waiting(path)?;
    let found = file.metadata()?;
    if !found.is_file() && !system::is_null_device(&found) {
        return Err(io::Error::other("it is not a regular file"));
    }
    if found.len() > longest {
        let text = format!("it is too large ({} bytes)", found.len());
        return Err(io::Error::new(ErrorKind::FileTooLarge, text));
    }
    Ok((file, found.len()))
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
    let bytes = read_up_to(path, LONGEST_TOKEN).map_err(|error| match error.kind() {
        ErrorKind::FileTooLarge => io::Error::other("it is too large for a token"),
        _ => error,
    })?;
    String::from_utf8(bytes).map_err(io::Error::other)
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

#[cfg(unix)]
mod system {
    use std::fs::{self, File, Metadata};
    use std::io;
    use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
    use std::path::Path;

    use rustix::fs::OFlags;

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
}

#[cfg(not(unix))]
mod system {
    use std::fs::{File, Metadata};
    use std::io;
    use std::path::Path;

    pub(super) fn open_without_waiting(path: &Path) -> io::Result<File> {
        File::open(path)
    }

    pub(super) fn is_null_device(_: &Metadata) -> bool {
        false
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

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
}
