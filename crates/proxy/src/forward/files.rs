//! The files of a run: certificates for its clients, in a folder that only its user can look into. None holds a key.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder of the user's own, or a temporary one that is removed with the run.
pub(crate) struct Files {
    path: PathBuf,
    _temporary: Option<TempDir>,
}

impl Files {
    /// Uses this folder, which is made if it is missing.
    pub(crate) fn in_folder(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        Ok(Self {
            path: std::path::absolute(path)?,
            _temporary: None,
        })
    }

    pub(crate) fn temporary() -> io::Result<Self> {
        let folder = crate::trials::private_folder()?;
        Ok(Self {
            path: folder.path().to_owned(),
            _temporary: Some(folder),
        })
    }

    /// The authority alone, for clients that add it to their own roots.
    pub(crate) fn authority(&self) -> PathBuf {
        self.path.join("ca.pem")
    }

    /// The authority and the system's roots.
    pub(crate) fn bundle(&self) -> PathBuf {
        self.path.join("bundle.pem")
    }

    /// The same for Java.
    pub(crate) fn trust_store(&self) -> PathBuf {
        self.path.join("trust.jks")
    }

    /// The socket by which an isolated build hands out its listeners.
    #[cfg(target_os = "linux")]
    pub(crate) fn socket(&self) -> PathBuf {
        self.path.join("inside")
    }

    /// The note of a running proxy, for `proxy env`.
    pub(crate) fn note(&self) -> PathBuf {
        self.path.join(NOTE)
    }

    /// Replaces a file; nobody else can read it at any time.
    pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?.write_all(bytes)
    }
}

/// The name of the note.
pub(crate) const NOTE: &str = "proxy.json";
