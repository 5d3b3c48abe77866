//! Where tokens are kept between calls: the [`TokenCache`] trait, and the key under which a token lies.
//! It never decides freshness: that is `token`'s.

mod key;

use thiserror::Error;

pub use key::CacheKey;

use crate::token::Token;

/// A store did not do what was asked. It costs time, never correctness: the caller mints and goes on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{store}: {reason}")]
pub struct CacheError {
    /// Which store, as `status` names it.
    pub store: &'static str,
    /// What went wrong; never a secret.
    pub reason: String,
}

/// A place that keeps tokens. A trait, because tests have one on which the next failure can be set.
pub trait TokenCache {
    /// The token under `key`; `None` if there is none, or what lies there is not a record of ours for that key.
    ///
    /// # Errors
    /// The store is broken, locked or too slow.
    fn load(&self, key: &CacheKey) -> Result<Option<Token>, CacheError>;

    /// Keeps `token` under `key`, replacing what was there.
    ///
    /// # Errors
    /// The store is broken, locked, full or too slow.
    fn store(&self, key: &CacheKey, token: &Token) -> Result<(), CacheError>;

    /// Removes what lies under `key`; nothing there is fine.
    ///
    /// # Errors
    /// The store is broken, locked or too slow.
    fn forget(&self, key: &CacheKey) -> Result<(), CacheError>;
}
