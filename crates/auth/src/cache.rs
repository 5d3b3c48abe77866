//! Where tokens are kept between calls: the [`TokenCache`] trait, the key under which a token lies, and the
//! turn-taking that lets one process mint for all. It never decides freshness: that is `token`'s.
//!
//! Which store a choice means is in `cache/stores.rs`; what lies in one is in `cache/record.rs`.

mod auto;
mod describe;
mod file;
#[cfg(test)]
mod for_tests;
mod inventory;
mod key;
mod keyring;
mod label;
mod memory;
mod record;
mod single_flight;
mod stores;

use thiserror::Error;

pub use describe::{StoreLocation, describe};
pub use inventory::{Inventory, Kept, forget, forget_all, kept};
pub use key::CacheKey;
pub use label::Label;
pub use single_flight::SingleFlight;
pub use stores::Stores;

use crate::token::Token;

/// A store did not do what was asked. It costs time, never correctness: the caller mints and goes on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{store}: {reason}")]
pub struct CacheError {
    /// Which store, as `status` names it.
    pub store: &'static str,
    /// What went wrong; never a secret.
    pub reason: String,
    /// The one thing to do next, if there is one.
    pub hint: Option<&'static str>,
}

impl CacheError {
    /// Of `store`, without a hint.
    pub fn new(store: &'static str, reason: impl Into<String>) -> Self {
        Self {
            store,
            reason: reason.into(),
            hint: None,
        }
    }
}

/// A place that keeps tokens. A trait, because tests have one on which the next failure can be set.
pub trait TokenCache {
    /// The token under `key`; `None` if there is none, or what lies there is not a record of ours for that key.
    ///
    /// # Errors
    /// The store is broken, locked or too slow.
    fn load(&self, key: &CacheKey) -> Result<Option<Token>, CacheError>;

    /// Keeps `token` under `key`, replacing what was there. `label` is for `status`.
    ///
    /// # Errors
    /// The store is broken, locked, full or too slow.
    fn store(&self, key: &CacheKey, token: &Token, label: &Label) -> Result<(), CacheError>;

    /// Removes what lies under `key`; nothing there is fine.
    ///
    /// # Errors
    /// The store is broken, locked or too slow.
    fn forget(&self, key: &CacheKey) -> Result<(), CacheError>;

    /// What went wrong so far and was got round inside the store, by keeping tokens elsewhere.
    fn fallback_reason(&self) -> Option<CacheError> {
        None
    }
}
