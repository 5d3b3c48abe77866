//! Files by which all processes of ours agree, with any store: one under each key, whose lock is waited for. What is in
//! them is said where they are used.

use std::fs::File;

use super::sweep::{LOCK, sweep};
use super::{CacheKey, memory};
use crate::environment::Environment;
use crate::private_folder::PrivateFolder;

/// An open one, and where it is.
#[derive(Debug)]
pub(super) struct SharedFile {
    pub(super) file: File,
    folder: PrivateFolder,
    name: String,
}

impl SharedFile {
    /// Opens it where every process looks for it; `None` where no folder is ours.
    pub(super) fn open(key: &CacheKey, environment: &Environment) -> Option<Self> {
        let in_memory = memory::find(environment).map(|place| place.path);
        let places = [in_memory, environment.cache_directory()];
        places.into_iter().flatten().find_map(|path| {
            let folder = PrivateFolder::open_or_make(&path).ok()?;
            let name = format!("{key}{LOCK}");
            let file = folder.file_or_new(&name).ok()?;
            Some(Self { file, folder, name })
        })
    }

    /// Sweeps its folder, after something was written to it.
    pub(super) fn sweep_around(&self) {
        sweep(&self.folder, &self.name);
    }
}
