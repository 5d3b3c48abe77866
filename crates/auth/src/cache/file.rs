//! Tokens in files of their own, 0600, in a folder that is ours: on memory-backed storage or in the
//! platform's cache directory. A file is replaced whole, so a reader sees the old record or the new one.

use std::cell::OnceCell;
use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::memory::Place;
use super::sweep::{self, is_record, is_temporary, sweep};
use super::{CacheError, CacheKey, Label, TokenCache, record};
use crate::private_file::because;
use crate::private_folder::PrivateFolder;
use crate::token::Token;

/// A record is a few kilobytes, the longest token 64; a larger file is not one.
const LONGEST_RECORD: u64 = 80 * 1024;

/// A store of files.
#[derive(Debug)]
pub(super) struct FileStore {
    name: &'static str,
    path: PathBuf,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "only Linux has a store in memory")
    )]
    is_in_memory: bool,
    folder: OnceCell<PrivateFolder>,
}

impl FileStore {
    pub(super) fn persistent(path: PathBuf) -> Self {
        Self {
            name: "file",
            path,
            is_in_memory: false,
            folder: OnceCell::new(),
        }
    }

    /// Refuses to read or write anything that is not on memory-backed storage.
    pub(super) fn in_memory(place: Place) -> Self {
        Self {
            name: "memory-backed file",
            path: place.path,
            is_in_memory: true,
            folder: place.folder.map(OnceCell::from).unwrap_or_default(),
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the bytes of each record file; damaged ones yield none.
    pub(super) fn contents(&self) -> Result<Vec<Zeroizing<Vec<u8>>>, CacheError> {
        let Some(folder) = self.folder()? else {
            return Ok(Vec::new());
        };
        let names = self.files(folder)?.into_iter();
        let records = names.filter(|name| is_record(name));
        let read = |name: OsString| self.read(folder, name.to_str()?).ok()?;
        Ok(records.map(|name| read(name).unwrap_or_default()).collect())
    }

    /// Removes every record, unreadable ones too, and the temporary files that killed writers left.
    pub(super) fn forget_all(&self) -> Result<(), CacheError> {
        let Some(folder) = self.folder()? else {
            return Ok(());
        };
        let names = self.files(folder)?;
        let removed = names.iter().try_for_each(|name| folder.remove(name));
        removed.map_err(|reason| self.error(reason))
    }

    /// The folder; `None` if there is none yet.
    fn folder(&self) -> Result<Option<&PrivateFolder>, CacheError> {
        if let Some(folder) = self.folder.get() {
            return Ok(Some(folder));
        }
        let opened = PrivateFolder::open(&self.path).map_err(|reason| self.error(reason))?;
        opened.map(|folder| self.keep(folder)).transpose()
    }

    fn folder_or_new(&self) -> Result<&PrivateFolder, CacheError> {
        if let Some(folder) = self.folder.get() {
            return Ok(folder);
        }
        let made = PrivateFolder::open_or_make(&self.path);
        self.keep(made.map_err(|reason| self.error(reason))?)
    }

    fn keep(&self, folder: PrivateFolder) -> Result<&PrivateFolder, CacheError> {
        #[cfg(target_os = "linux")]
        if self.is_in_memory && !super::memory::is_memory_backed(folder.handle()) {
            let reason = because(&self.path, "is not on memory-backed storage");
            return Err(self.error(reason));
        }
        Ok(self.folder.get_or_init(|| folder))
    }

    /// Lists records and temporary files; other files are not ours to touch.
    fn files(&self, folder: &PrivateFolder) -> Result<Vec<OsString>, CacheError> {
        let mut names = folder.names().map_err(|reason| self.error(reason))?;
        names.retain(|name| is_record(name) || is_temporary(name));
        Ok(names)
    }

    fn read(
        &self,
        folder: &PrivateFolder,
        name: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, CacheError> {
        let opened = folder.file(name).map_err(|reason| self.error(reason))?;
        let Some(file) = opened else {
            return Ok(None);
        };
        let length = file
            .metadata()
            .map_or(0, |found| found.len())
            .min(LONGEST_RECORD);
        // One byte more than there is, so that the end is found without the buffer growing (which would leave a copy).
        let mut bytes =
            Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1));
        file.take(length)
            .read_to_end(&mut bytes)
            .map_err(|error| self.error(because(&self.path.join(name), error)))?;
        Ok(Some(bytes))
    }

    fn error(&self, reason: String) -> CacheError {
        CacheError::new(self.name, reason)
    }
}

fn file_name(key: &CacheKey) -> String {
    format!("{key}{}", sweep::RECORD)
}

impl TokenCache for FileStore {
    fn load(&self, key: &CacheKey) -> Result<Option<Token>, CacheError> {
        let Some(folder) = self.folder()? else {
            return Ok(None);
        };
        let bytes = self.read(folder, &file_name(key))?;
        Ok(bytes.and_then(|bytes| record::decode(key, &bytes)))
    }

    fn store(&self, key: &CacheKey, token: &Token, label: &Label) -> Result<(), CacheError> {
        let bytes =
            record::encode(key, token, label).map_err(|error| self.error(error.to_string()))?;
        let (folder, name) = (self.folder_or_new()?, file_name(key));
        let is_new = folder.modified(name.as_ref()).is_none();
        let written = folder.replace(&name, &bytes);
        written.map_err(|reason| self.error(reason))?;
        if is_new {
            sweep(folder, &name);
        }
        Ok(())
    }

    fn forget(&self, key: &CacheKey) -> Result<(), CacheError> {
        let Some(folder) = self.folder()? else {
            return Ok(());
        };
        let removed = folder.remove(file_name(key).as_ref());
        removed.map_err(|reason| self.error(reason))
    }
}
