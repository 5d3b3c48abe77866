//! Lists what all stores together hold, whichever the configuration chooses now: for `status` and `logout`, which also
//! concern tokens of connections that are no longer configured.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::file::FileStore;
use super::keyring::{self, Keyring, KeyringError};
use super::record::{Kept, outline};
use super::{CacheError, CacheKey, TokenCache, memory, stores};
use crate::environment::Environment;

/// The contents of all stores, as far as they can be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The tokens, expired ones too.
    pub kept: Vec<Kept>,
    /// Sessions of first roles, which no connection has for itself.
    pub sessions: Vec<Kept>,
    /// Stores that could not be read, and why.
    pub unreadable: Vec<CacheError>,
}

/// Lists every token that is kept in any store.
pub fn kept(environment: &Environment) -> Inventory {
    let mut inventory = Inventory::default();
    for store in files(environment) {
        inventory.take(store.name(), store.contents());
    }
    if let Some(contents) = if_present(Keyring::new(environment).contents()) {
        inventory.take(keyring::NAME, contents);
    }
    inventory
}

/// Removes the record of `key` from every store.
///
/// # Errors
/// The stores that could not do it; the others have.
pub fn forget(key: &CacheKey, environment: &Environment) -> Result<(), Vec<CacheError>> {
    let keyring = if_present(Keyring::new(environment).forget(key));
    all(files(environment)
        .iter()
        .map(|store| store.forget(key))
        .chain(keyring))
}

/// Removes every token from every store, damaged records too.
///
/// # Errors
/// The stores that could not do it; the others have.
pub fn forget_all(environment: &Environment) -> Result<(), Vec<CacheError>> {
    let keyring = if_present(Keyring::new(environment).forget_all());
    all(files(environment)
        .iter()
        .map(FileStore::forget_all)
        .chain(keyring))
}

/// The folders of ours that hold tokens in files, and the locks of all stores.
pub fn directories(environment: &Environment) -> Vec<PathBuf> {
    let in_memory = memory::all(environment).into_iter();
    let in_memory = in_memory.map(|place| place.path);
    in_memory.chain(environment.cache_directory()).collect()
}

impl Inventory {
    fn take(&mut self, store: &'static str, contents: Result<Vec<Zeroizing<Vec<u8>>>, CacheError>) {
        match contents {
            Ok(records) => {
                let found = records.iter().filter_map(|bytes| outline(store, bytes));
                let (sessions, tokens): (Vec<_>, _) = found.partition(Kept::is_session);
                self.sessions.extend(sessions);
                self.kept.extend::<Vec<_>>(tokens);
            }
            Err(error) => self.unreadable.push(error),
        }
    }
}

/// Without a keyring there is nothing to list, and no error.
fn if_present<T>(result: Result<T, KeyringError>) -> Option<Result<T, CacheError>> {
    match result {
        Err(KeyringError::Absent(_)) => None,
        result => Some(result.map_err(CacheError::from)),
    }
}

fn files(environment: &Environment) -> Vec<FileStore> {
    let in_memory = memory::all(environment).into_iter();
    let in_memory = in_memory.map(FileStore::in_memory);
    in_memory.chain(stores::persistent(environment)).collect()
}

fn all(results: impl Iterator<Item = Result<(), CacheError>>) -> Result<(), Vec<CacheError>> {
    let errors: Vec<_> = results.filter_map(Result::err).collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}
