//! The files of a run: what its clients trust and send, in a folder that only its user can look into. None holds a key or
//! a token.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::authority::{Authority, encode};
use crate::java;

/// A folder of the user's own, or a temporary one that is removed with the run.
pub(crate) struct Files {
    path: PathBuf,
    _temporary: Option<TempDir>,
    /// Held as long as the proxy runs. The system lets go of a lock of a process that is killed.
    _lock: Option<File>,
}

impl Files {
    /// Uses this folder, which is made if it is missing. `ResourceBusy`: another proxy does.
    pub(crate) fn in_folder(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        let files = Self {
            path: std::path::absolute(path)?,
            _temporary: None,
            _lock: Some(lock(&path.join(LOCK))?),
        };
        // One that was killed leaves its note behind, and what it says is over.
        remove(&files.note())?;
        Ok(files)
    }

    pub(crate) fn temporary() -> io::Result<Self> {
        let folder = crate::trials::private_folder()?;
        Ok(Self {
            path: folder.path().to_owned(),
            _temporary: Some(folder),
            _lock: None,
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

    /// A netrc without a token.
    pub(crate) fn netrc(&self) -> PathBuf {
        self.path.join("netrc")
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

    /// Writes the certificates for the run's clients.
    pub(crate) fn write_certificates(
        &self,
        authority: &Authority,
        roots: &BTreeSet<Vec<u8>>,
        is_for_java: bool,
    ) -> io::Result<()> {
        let bundle = encode(authority.with_roots(roots));
        Self::write(&self.authority(), authority.pem().as_bytes())?;
        Self::write(&self.bundle(), bundle.as_bytes())?;
        if is_for_java {
            Self::write(&self.trust_store(), &java::write(authority, roots))?;
        }
        Ok(())
    }

    /// Replaces a file; nobody else can read it at any time.
    pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
        remove(path)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?.write_all(bytes)
    }
}

/// Two proxies would replace each other's certificates.
const LOCK: &str = "proxy.lock";

fn lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(io::ErrorKind::ResourceBusy.into()),
        // A file system without locks: the user keeps two apart.
        Err(TryLockError::Error(_)) | Ok(()) => Ok(file),
    }
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The name of the note.
pub(crate) const NOTE: &str = "proxy.json";
