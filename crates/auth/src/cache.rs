//! Keeps tokens between calls: the [`TokenCache`] trait, the key under which a token is kept, and the turn-taking that
//! lets one process mint for all. It never decides freshness: that is `token`'s.
//!
//! `cache/stores.rs` decides which store a choice means; the format of an entry is in `cache/record.rs`.

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
mod shared;
mod single_flight;
mod stores;
mod strangers;
mod sweep;

use thiserror::Error;

pub use describe::{StoreLocation, describe};
pub use inventory::{Inventory, directories, forget, forget_all, kept};
pub use key::CacheKey;
pub use label::Label;
pub use record::Kept;
pub use single_flight::SingleFlight;
pub use stores::Stores;
pub(crate) use strangers::{Strangers, most as most_strangers};

use crate::token::Token;
use crate::visible;

/// Tells that a store did not do as asked. It costs time, never correctness: the caller mints and goes on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{store}: {reason}")]
pub struct CacheError {
    /// The store's name, as `status` shows it.
    pub store: &'static str,
    /// The reason; never a secret.
    pub reason: String,
    /// The one thing to do next, if there is one.
    pub hint: Option<&'static str>,
}

impl CacheError {
    /// Makes one of `store`, without a hint.
    pub fn new(store: &'static str, reason: impl Into<String>) -> Self {
        Self {
            store,
            reason: visible::one_line(&reason.into()),
            hint: None,
        }
    }
}

/// A place that keeps tokens. A trait, because tests have one on which the next failure can be set.
pub trait TokenCache {
    /// Returns the token under `key`; `None` if there is none, or the entry is not a record of ours for that key.
    ///
    /// # Errors
    /// The store is broken, locked or too slow.
    fn load(&self, key: &CacheKey) -> Result<Option<Token>, CacheError>;

    /// Keeps `token` under `key`, in place of the one before. `label` is for `status`.
    ///
    /// # Errors
    /// The store is broken, locked, full or too slow.
    fn store(&self, key: &CacheKey, token: &Token, label: &Label) -> Result<(), CacheError>;

    /// Removes the entry under `key`, if there is one.
    ///
    /// # Errors
    /// The store is broken, locked or too slow.
    fn forget(&self, key: &CacheKey) -> Result<(), CacheError>;

    /// Tells why tokens are kept in another store than the first choice, if they are.
    fn fallback_reason(&self) -> Option<CacheError> {
        None
    }
}
