//! The default store: the keyring, and files on memory-backed storage for when the keyring is of no use.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::file::FileStore;
use super::keyring::{Keyring, KeyringError};
use super::{CacheError, CacheKey, Label, TokenCache, memory};
use crate::environment::Environment;
use crate::token::Token;

/// The keyring, else files, else nothing.
pub(super) struct FallbackCache {
    keyring: Rc<Keyring>,
    environment: Environment,
    /// Looked for when the keyring has no answer.
    files: OnceCell<Option<FileStore>>,
    fallback_reason: RefCell<Option<CacheError>>,
}

impl FallbackCache {
    pub(super) fn new(keyring: Rc<Keyring>, environment: Environment) -> Self {
        Self {
            keyring,
            environment,
            files: OnceCell::new(),
            fallback_reason: RefCell::default(),
        }
    }

    /// Returns the answer of the keyring; `None` if it was of no use. A missing keyring is not reported.
    fn note<T>(&self, result: Result<T, KeyringError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(KeyringError::Absent(_)) => None,
            Err(trouble) => {
                self.fallback_reason
                    .borrow_mut()
                    .get_or_insert(trouble.into());
                None
            }
        }
    }

    /// Asks the files; without them nothing is kept, and the error says why the keyring is not used.
    fn instead<T>(
        &self,
        nothing: T,
        ask: impl Fn(&FileStore) -> Result<T, CacheError>,
    ) -> Result<T, CacheError> {
        let files = self.files.get_or_init(|| in_memory(&self.environment));
        match files {
            Some(files) => ask(files),
            None => self.fallback_reason.take().map_or(Ok(nothing), Err),
        }
    }
}

/// Files on memory-backed storage.
pub(super) fn in_memory(environment: &Environment) -> Option<FileStore> {
    memory::find(environment).map(FileStore::in_memory)
}

impl TokenCache for FallbackCache {
    /// A token that is not in the keyring may be in a file: it was locked when the token was kept.
    fn load(&self, key: &CacheKey) -> Result<Option<Token>, CacheError> {
        match self.note(self.keyring.load(key)) {
            Some(Some(token)) => Ok(Some(token)),
            Some(None) => Ok(self.instead(None, |files| files.load(key)).unwrap_or(None)),
            None => self.instead(None, |files| files.load(key)),
        }
    }

    fn store(&self, key: &CacheKey, token: &Token, label: &Label) -> Result<(), CacheError> {
        match self.note(self.keyring.store(key, token, label)) {
            Some(()) => Ok(()),
            None => self.instead((), |files| files.store(key, token, label)),
        }
    }

    fn forget(&self, key: &CacheKey) -> Result<(), CacheError> {
        self.note(self.keyring.forget(key));
        self.instead((), |files| files.forget(key))
    }

    fn fallback_reason(&self) -> Option<CacheError> {
        self.fallback_reason.borrow().clone()
    }
}
