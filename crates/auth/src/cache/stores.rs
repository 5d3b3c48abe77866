//! Opens the store that the user's choice means in this environment. Each store is in its own file beside this one;
//! `inventory.rs` lists the contents of all.

use std::rc::Rc;

use super::auto::FallbackCache;
#[cfg(feature = "aws")]
use super::auto::in_memory;
use super::file::FileStore;
use super::keyring::{Keyring, KeyringStore};
use super::{CacheError, CacheKey, Label, TokenCache};
use crate::connection::CacheChoice;
use crate::environment::Environment;
use crate::token::Token;

/// The stores of one run: they share one keyring, which is asked no more after its first error.
pub struct Stores {
    keyring: Rc<Keyring>,
}

impl Stores {
    /// Opens nothing yet.
    pub fn new(environment: &Environment) -> Self {
        Self {
            keyring: Rc::new(Keyring::new(environment)),
        }
    }

    /// Opens the store that `choice` means in this environment.
    pub fn open(&self, choice: CacheChoice, environment: &Environment) -> Box<dyn TokenCache> {
        match choice {
            CacheChoice::Auto => {
                let keyring = Rc::clone(&self.keyring);
                Box::new(FallbackCache::new(keyring, environment.clone()))
            }
            CacheChoice::Keyring => Box::new(KeyringStore(Rc::clone(&self.keyring))),
            CacheChoice::File => match persistent(environment) {
                Some(store) => Box::new(store),
                None => Box::new(NoCache::for_want_of("file", "there is no home directory")),
            },
            CacheChoice::Off => Box::new(NoCache::chosen()),
        }
    }

    /// Opens the store for sessions of roles: as for tokens, but never a disk. A session may do more than read packages.
    #[cfg(feature = "aws")]
    pub(crate) fn open_for_sessions(
        &self,
        choice: CacheChoice,
        environment: &Environment,
    ) -> Box<dyn TokenCache> {
        match choice {
            CacheChoice::File => match in_memory(environment) {
                Some(store) => Box::new(store),
                None => Box::new(NoCache::chosen()),
            },
            choice => self.open(choice, environment),
        }
    }
}

/// Files in the platform's cache directory.
pub(super) fn persistent(environment: &Environment) -> Option<FileStore> {
    environment.cache_directory().map(FileStore::persistent)
}

/// The store that keeps nothing.
#[derive(Debug)]
pub(super) struct NoCache(Option<CacheError>);

impl NoCache {
    pub(super) fn chosen() -> Self {
        Self(None)
    }

    /// Fails on every use with the reason why tokens are not kept.
    pub(super) fn for_want_of(store: &'static str, reason: &str) -> Self {
        Self(Some(CacheError::new(store, reason)))
    }

    fn answer<T>(&self, nothing: T) -> Result<T, CacheError> {
        self.0.clone().map_or(Ok(nothing), Err)
    }
}

impl TokenCache for NoCache {
    fn load(&self, _key: &CacheKey) -> Result<Option<Token>, CacheError> {
        self.answer(None)
    }

    fn store(&self, _key: &CacheKey, _token: &Token, _label: &Label) -> Result<(), CacheError> {
        self.answer(())
    }

    fn forget(&self, _key: &CacheKey) -> Result<(), CacheError> {
        self.answer(())
    }
}
