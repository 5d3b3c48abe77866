//! The settings of `[defaults]`, which a connection may set for itself as well. `variables.rs` reads the variables that
//! override both.

use super::table::Table;
use super::{CacheChoice, Connection, Hop, TokenDuration, check};
use crate::error::Failure;
use crate::id_token::IdTokenSource;

/// All optional: what is not said here is said elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) profile: Option<String>,
    pub(super) source: Option<IdTokenSource>,
    pub(super) audience: Option<String>,
    pub(super) via: Option<Vec<String>>,
    pub(super) duration: Option<TokenDuration>,
    pub(super) cache: Option<CacheChoice>,
    pub(super) require_connection: Option<bool>,
    pub(super) go_private: Option<Vec<String>>,
}

impl Settings {
    pub(super) const KEYS: &'static [&'static str] = &[
        "profile",
        "source",
        "audience",
        "via",
        "duration",
        "cache",
        "require_connection",
        "go_private",
    ];

    /// From a table that may have other keys too.
    pub(super) fn read(table: Table<'_>) -> Result<Self, Box<Failure>> {
        let profile = table.read("profile", check::profile)?;
        let source = table.read("source", check::source)?;
        if profile.is_some() && source.is_some() {
            return Err(table.wrong_key("source", check::two_sources("profile")));
        }
        Ok(Self {
            profile,
            source,
            audience: table.read("audience", check::audience)?,
            via: table.read_list("via", check::role_arn)?,
            duration: table.read("duration", check::duration)?,
            cache: table.read("cache", check::cache)?,
            require_connection: table.read_bool("require_connection")?,
            go_private: table.read_list("go_private", check::go_pattern)?,
        })
    }

    /// A connection of these settings, and of `defaults` where they say nothing.
    pub(super) fn connection(self, role: Option<Hop>, defaults: &Settings) -> Connection {
        let via = self
            .via
            .or_else(|| defaults.via.clone())
            .unwrap_or_default();
        let via = via.into_iter().map(|role_arn| Hop {
            role_arn,
            external_id: None,
        });
        // Whoever says one of the two has decided about both.
        let first = if self.profile.is_some() || self.source.is_some() {
            (self.profile, self.source)
        } else {
            (defaults.profile.clone(), defaults.source.clone())
        };
        Connection {
            profile: first.0,
            source: first.1,
            audience: self.audience.or_else(|| defaults.audience.clone()),
            hops: via.chain(role).collect(),
            duration: self
                .duration
                .or(defaults.duration)
                .unwrap_or(TokenDuration::LONGEST),
            cache: self.cache.or(defaults.cache).unwrap_or(CacheChoice::Auto),
            only_if_named: self
                .require_connection
                .or(defaults.require_connection)
                .unwrap_or(false),
            go_private: self
                .go_private
                .or_else(|| defaults.go_private.clone())
                .unwrap_or_default(),
            ..Connection::default()
        }
    }
}
