//! Tokens in files of their own, 0600, in a directory that is ours: on memory-backed storage or in the
//! platform's cache directory. A file is replaced whole, so a reader sees the old record or the new one.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::{CacheError, CacheKey, Label, TokenCache, memory, record};
use crate::private_file::{self, because};
use crate::token::{LONGEST_LIFE_SECONDS, Token};

/// A record is a few kilobytes, the longest token 64; a larger file is not one.
const LONGEST_RECORD: u64 = 80 * 1024;

/// Record files end in this, so that nothing else in the directory is taken for one.
const EXTENSION: &str = "json";

/// Temporary files start with this; a killed process may leave one.
const TEMPORARY: &str = ".new";

/// A store of files.
#[derive(Debug)]
pub(super) struct FileStore {
    name: &'static str,
    directory: PathBuf,
    memory_backed: bool,
}

impl FileStore {
    pub(super) fn persistent(directory: PathBuf) -> Self {
        Self {
            name: "file",
            directory,
            memory_backed: false,
        }
    }

    /// Refuses to read or write anything that is not on memory-backed storage.
    pub(super) fn in_memory(directory: PathBuf) -> Self {
        Self {
            name: "memory-backed file",
            directory,
            memory_backed: true,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the bytes of each record file; damaged ones yield none.
    pub(super) fn contents(&self) -> Result<Vec<Zeroizing<Vec<u8>>>, CacheError> {
        let read = |path: PathBuf| self.read(&path).ok().flatten().unwrap_or_default();
        Ok(self
            .files()?
            .into_iter()
            .filter(|path| is_record(path))
            .map(read)
            .collect())
    }

    /// Removes every record, unreadable ones too, and the temporary files that killed writers left.
    pub(super) fn forget_all(&self) -> Result<(), CacheError> {
        self.files()?.iter().try_for_each(|path| self.remove(path))
    }

    fn path(&self, key: &CacheKey) -> PathBuf {
        self.directory.join(key.as_str()).with_extension(EXTENSION)
    }

    /// Lists records and temporary files; other files are not ours to touch.
    fn files(&self) -> Result<Vec<PathBuf>, CacheError> {
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.error(because(&self.directory, error))),
        };
        let paths = entries.flatten().map(|entry| entry.path());
        Ok(paths
            .filter(|path| is_record(path) || is_temporary(path))
            .collect())
    }

    /// The directory need not be checked here: a file that only we can write is believed in any directory.
    fn read(&self, path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, CacheError> {
        let Some(file) = private_file::open(path).map_err(|reason| self.error(reason))? else {
            return Ok(None);
        };
        self.require_memory(path, &file)?;
        let length = file
            .metadata()
            .map_or(0, |found| found.len())
            .min(LONGEST_RECORD);
        // One byte more than there is, so that the end is found without the buffer growing (which would leave a copy).
        let mut bytes =
            Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1));
        file.take(length)
            .read_to_end(&mut bytes)
            .map_err(|error| self.error(because(path, error)))?;
        Ok(Some(bytes))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), CacheError> {
        private_file::make_directory(&self.directory).map_err(|reason| self.error(reason))?;
        // 0600 from its creation, and in the same directory, so that it can be renamed over the old one.
        let file = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempfile_in(&self.directory);
        let mut file = file.map_err(|error| self.error(because(&self.directory, cause(&error))))?;
        self.require_memory(path, file.as_file())?;
        let written = file.as_file_mut().write_all(bytes);
        written.map_err(|error| self.error(because(path, error)))?;
        let placed = file.persist(path);
        placed.map_err(|error| self.error(because(path, error.error)))?;
        Ok(())
    }

    fn require_memory(&self, path: &Path, file: &File) -> Result<(), CacheError> {
        if self.memory_backed && !memory::is_memory_backed(file) {
            return Err(self.error(because(path, "is not on memory-backed storage")));
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<(), CacheError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(self.error(because(path, error)))
            }
            _ => Ok(()),
        }
    }

    /// Removes files that are older than any token lives, measured against the file just written (so by one clock).
    /// Only on a write, which follows a mint and has the time. A file that cannot be removed does no harm.
    fn prune(&self, written: &Path) -> Option<()> {
        let newest = modified(written)?;
        let longest = Duration::from_secs(LONGEST_LIFE_SECONDS);
        for path in self.files().ok()? {
            let age = newest.duration_since(modified(&path)?).unwrap_or_default();
            if age > longest {
                self.remove(&path).ok()?;
            }
        }
        Some(())
    }

    fn error(&self, reason: String) -> CacheError {
        CacheError::new(self.name, reason)
    }
}

impl TokenCache for FileStore {
    fn load(&self, key: &CacheKey) -> Result<Option<Token>, CacheError> {
        let bytes = self.read(&self.path(key))?;
        Ok(bytes.and_then(|bytes| record::decode(key, &bytes)))
    }

    fn store(&self, key: &CacheKey, token: &Token, label: &Label) -> Result<(), CacheError> {
        let bytes =
            record::encode(key, token, label).map_err(|error| self.error(error.to_string()))?;
        let path = self.path(key);
        self.write(&path, &bytes)?;
        self.prune(&path);
        Ok(())
    }

    fn forget(&self, key: &CacheKey) -> Result<(), CacheError> {
        self.remove(&self.path(key))
    }
}

fn is_record(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == EXTENSION)
}

fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.starts_with(TEMPORARY))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::symlink_metadata(path).ok()?.modified().ok()
}

/// The system's own words, without the random name of a temporary file around them.
fn cause(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|outer| outer.source());
    inner.map_or_else(|| error.to_string(), ToString::to_string)
}
