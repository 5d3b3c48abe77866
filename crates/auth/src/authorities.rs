//! The files of certificate authorities that variables name in place of the system's. A crate opens them by itself; they are
//! looked at here before, since it would wait for a pipe and read `/dev/zero` for ever. Which are trusted is not
//! decided here.

use std::io;
use std::path::{Path, PathBuf};

use crate::environment::{Environment, SSL_CERT_DIR, SSL_CERT_FILE};
use crate::user_file::require_regular;

/// A file that must not be opened, and why.
pub type Unusable = (PathBuf, io::Error);

/// Refuses what only seems to be a file of certificates.
///
/// # Errors
/// One of the files is no regular one, is too large, or cannot be read.
pub fn require_usable(environment: &Environment) -> Result<(), Unusable> {
    let file = environment.variable(SSL_CERT_FILE).map(PathBuf::from);
    let folders = environment.variable(SSL_CERT_DIR).unwrap_or_default();
    let folders = std::env::split_paths(&folders).filter(|it| !it.as_os_str().is_empty());
    let files = folders.flat_map(|folder| files_in(&folder));
    for file in file.into_iter().chain(files) {
        require_regular(&file).map_err(|error| (file, error))?;
    }
    Ok(())
}

/// The regular ones: the crate passes all others over.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths.filter(|path| path.is_file()).collect()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::token::Timestamp;

    #[test]
    fn only_files_with_an_end_are_left_to_the_crate() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        std::fs::create_dir(at("good")).unwrap();
        std::fs::create_dir(at("bad")).unwrap();
        std::fs::write(at("good/a.pem"), "").unwrap();
        File::create(at("bad/b.pem"))
            .unwrap()
            .set_len(10 << 30)
            .unwrap();
        for folder in ["good", "bad"] {
            let pipe = at(folder).join("pipe");
            rustix::fs::mkfifoat(rustix::fs::CWD, pipe, 0o600.into()).unwrap();
        }
        symlink("/dev/zero", at("endless")).unwrap();
        let rows = [
            (SSL_CERT_FILE, "good/a.pem".to_owned(), true),
            (SSL_CERT_FILE, "good/pipe".to_owned(), false),
            (SSL_CERT_FILE, "endless".to_owned(), false),
            (SSL_CERT_FILE, "missing".to_owned(), true),
            (SSL_CERT_DIR, "good".to_owned(), true),
            (SSL_CERT_DIR, "bad".to_owned(), false),
            (SSL_CERT_DIR, format!("good:{}", at("bad").display()), false),
        ];
        for (name, value, expected) in rows {
            let value = at(&value).display().to_string();
            let environment =
                Environment::fixed(&[(name, &value)], home.path().to_owned(), Timestamp(0));
            assert_eq!(require_usable(&environment).is_ok(), expected, "{value}");
        }
    }
}
