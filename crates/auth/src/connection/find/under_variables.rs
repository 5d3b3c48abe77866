//! A connection as the variables leave it: some override its settings.

use super::Connections;
use crate::connection::{Connection, TokenDuration};
use crate::id_token::IdTokenSource;

impl Connections {
    /// Tells whether both get the same token, so that it does not matter which is taken.
    pub(super) fn agree(&self, one: &Connection, other: &Connection) -> bool {
        self.first(one) == self.first(other)
            && self.audience(one) == self.audience(other)
            && self.duration(one) == self.duration(other)
            && one.hops == other.hops
            && one.session_policy() == other.session_policy()
    }

    /// Profile or source of the first credentials. A variable decides about both.
    fn first(&self, connection: &Connection) -> (Option<String>, Option<IdTokenSource>) {
        let (profile, source) = (&self.over.profile, &self.over.source);
        if profile.is_some() || source.is_some() {
            (profile.clone(), source.clone())
        } else {
            (connection.profile.clone(), connection.source.clone())
        }
    }

    fn audience(&self, connection: &Connection) -> Option<String> {
        let over = self.over.audience.clone();
        over.or_else(|| connection.audience.clone())
    }

    fn duration(&self, connection: &Connection) -> TokenDuration {
        self.over.duration.unwrap_or(connection.duration)
    }

    pub(super) fn under_variables(&self, connection: Connection) -> Connection {
        let (profile, source) = self.first(&connection);
        Connection {
            profile,
            source,
            audience: self.audience(&connection),
            duration: self.duration(&connection),
            cache: self.over.cache.unwrap_or(connection.cache),
            only_if_named: self.over.require_connection == Some(true) || connection.only_if_named,
            ..connection
        }
    }
}
