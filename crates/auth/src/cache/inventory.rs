//! What all stores together hold, whichever the configuration chooses now: for `status` and `logout`, which also
//! concern tokens of connections that are no longer configured.

use zeroize::Zeroizing;

use super::file::FileStore;
use super::keyring::{self, Keyring, KeyringError};
use super::{CacheError, CacheKey, Label, TokenCache, record, stores};
use crate::environment::Environment;
use crate::token::Timestamp;

/// A kept token: everything but the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The store it lies in.
    pub store: &'static str,
    /// The name it lies under.
    pub key: CacheKey,
    /// What it is of.
    pub label: Option<Label>,
    /// When it was minted.
    pub issued_at: Timestamp,
    /// When the server stops taking it.
    pub expires_at: Timestamp,
    /// Bytes of the whole record.
    pub size: usize,
}

/// What all stores hold, as far as they let themselves be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The tokens, expired ones too.
    pub kept: Vec<Kept>,
    /// Stores that could not be read, and why.
    pub unreadable: Vec<CacheError>,
}

/// Every token that is kept anywhere.
pub fn kept(environment: &Environment) -> Inventory {
    let mut inventory = Inventory::default();
    for store in files(environment) {
        inventory.take(store.name(), store.contents());
    }
    if let Some(contents) = there(Keyring::new(environment).contents()) {
        inventory.take(keyring::NAME, contents);
    }
    inventory
}

/// Removes what lies under `key` from every store.
///
/// # Errors
/// The stores that could not do it; the others have.
pub fn forget(key: &CacheKey, environment: &Environment) -> Result<(), Vec<CacheError>> {
    let keyring = there(Keyring::new(environment).forget(key));
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
    let keyring = there(Keyring::new(environment).forget_all());
    all(files(environment)
        .iter()
        .map(FileStore::forget_all)
        .chain(keyring))
}

impl Inventory {
    fn take(&mut self, store: &'static str, contents: Result<Vec<Zeroizing<Vec<u8>>>, CacheError>) {
        match contents {
            Ok(records) => self
                .kept
                .extend(records.iter().filter_map(|bytes| of(store, bytes))),
            Err(error) => self.unreadable.push(error),
        }
    }
}

/// A keyring that is not there keeps nothing and needs no word.
fn there<T>(result: Result<T, KeyringError>) -> Option<Result<T, CacheError>> {
    match result {
        Err(KeyringError::Absent(_)) => None,
        result => Some(result.map_err(CacheError::from)),
    }
}

fn files(environment: &Environment) -> Vec<FileStore> {
    let stores = [
        stores::in_memory(environment),
        stores::persistent(environment),
    ];
    stores.into_iter().flatten().collect()
}

fn of(store: &'static str, bytes: &[u8]) -> Option<Kept> {
    let record::Outline {
        key,
        label,
        issued_at,
        expires_at,
    } = record::outline(bytes)?;
    Some(Kept {
        store,
        key,
        label,
        issued_at,
        expires_at,
        size: bytes.len(),
    })
}

fn all(results: impl Iterator<Item = Result<(), CacheError>>) -> Result<(), Vec<CacheError>> {
    let errors: Vec<_> = results.filter_map(Result::err).collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}
