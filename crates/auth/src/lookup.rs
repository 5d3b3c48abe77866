//! The state of one endpoint's lookup: its connection, its store, its warnings. `lib.rs` decides the next step.

use std::collections::HashSet;

use crate::cache::{CacheError, CacheKey, Label, TokenCache};
use crate::connection::Connection;
use crate::endpoint::Endpoint;
use crate::error::Failure;
use crate::token::{Freshness, Timestamp, Token};

/// A token, and the warnings of its lookup.
#[derive(Debug)]
pub struct Answer {
    /// Valid now.
    pub token: Token,
    /// The errors that did not stop it.
    pub warnings: Vec<Warning>,
}

/// An error that did not stop the lookup: for stderr and the log, never for stdout.
#[derive(Debug, thiserror::Error)]
pub enum Warning {
    /// The cache cost time; tokens may not be kept.
    #[error("tokens may not be kept: {0}")]
    Cache(CacheError),
    /// The chosen store is of no use now, so tokens are kept in another one.
    #[error("tokens are kept elsewhere for now: {0}")]
    Fallback(CacheError),
    /// A kept token was written under another clock.
    #[error(
        "a kept token was not used: it is of {issued_at} until {expires_at}, and here it is {now}"
    )]
    Clock {
        /// When it says it was issued.
        issued_at: Timestamp,
        /// When it says it expires.
        expires_at: Timestamp,
        /// This machine's clock.
        now: Timestamp,
    },
    /// No new token could be had; the older one is still valid.
    #[error("no new token, so the older one is used while it lasts: {0}")]
    Older(Box<Failure>),
}

impl Warning {
    /// The one thing to do next, if there is one.
    pub fn hint(&self) -> Option<String> {
        match self {
            Warning::Cache(error) | Warning::Fallback(error) => error.hint.map(str::to_owned),
            Warning::Clock { .. } => None,
            Warning::Older(failure) => failure.hint().map(str::to_owned),
        }
    }
}

/// The state for one endpoint: which connection, which store, under which key.
pub(crate) struct Lookup<'a> {
    pub(crate) endpoint: &'a Endpoint,
    pub(crate) connection: Connection,
    pub(crate) key: CacheKey,
    pub(crate) cache: Box<dyn TokenCache>,
    pub(crate) warnings: Vec<Warning>,
}

impl Lookup<'_> {
    /// Returns the kept token if it may still be served at `now`.
    pub(crate) fn load(&mut self, now: Timestamp) -> Option<(Token, Freshness)> {
        let found = self.cache.load(&self.key);
        let token = self.note(found)??;
        if !token.is_believable(now) {
            self.warnings.push(Warning::Clock {
                issued_at: token.issued_at,
                expires_at: token.expires_at,
                now,
            });
        }
        match token.freshness(now) {
            Freshness::Expired => None,
            age => Some((token, age)),
        }
    }

    pub(crate) fn keep(&mut self, token: &Token) {
        let label = Label::new(self.endpoint, &self.connection);
        let kept = self.cache.store(&self.key, token, &label);
        self.note(kept);
    }

    pub(crate) fn forget(&mut self) {
        let forgotten = self.cache.forget(&self.key);
        self.note(forgotten);
    }

    pub(crate) fn finish(self, token: Token) -> Answer {
        Answer {
            token,
            warnings: self.warnings(),
        }
    }

    /// Returns the warnings, one of each kind: every load may have met the same error.
    pub(crate) fn warnings(mut self) -> Vec<Warning> {
        self.warnings
            .extend(self.cache.fallback_reason().map(Warning::Fallback));
        let mut seen = HashSet::new();
        self.warnings
            .retain(|warning| seen.insert(std::mem::discriminant(warning)));
        self.warnings
    }

    /// Returns the answer of the cache; its error becomes a warning.
    fn note<T>(&mut self, result: Result<T, CacheError>) -> Option<T> {
        result
            .map_err(|error| self.warnings.push(Warning::Cache(error)))
            .ok()
    }
}
