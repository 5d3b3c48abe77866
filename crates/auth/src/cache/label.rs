//! Describes a kept token in words, for `status`; its key is a hash. Never a secret.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::connection::Connection;
use crate::endpoint::Endpoint;

/// The domain and the connection that a kept token is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The connection's name; `None` for ambient credentials and for a role from the environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// The domain's name.
    pub domain: String,
    /// The account that owns the domain.
    pub owner: String,
    /// The domain's Region.
    pub region: String,
}

impl Label {
    /// Describes the token that `connection` gets for `endpoint`.
    pub fn new(endpoint: &Endpoint, connection: &Connection) -> Self {
        Self {
            connection: connection.name.clone(),
            domain: endpoint.domain.name.clone(),
            owner: endpoint.domain.owner.clone(),
            region: endpoint.domain.region.clone(),
        }
    }

    /// The bytes its values take.
    pub(super) fn len(&self) -> usize {
        let connection = self.connection.as_deref().unwrap_or_default();
        connection.len() + self.domain.len() + self.owner.len() + self.region.len()
    }
}

impl fmt::Display for Label {
    /// The title of a keyring's entry, for people who look into it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            connection,
            domain,
            owner,
            region,
        } = self;
        write!(
            formatter,
            "CodeArtifact token: {domain} of {owner} in {region}"
        )?;
        match connection {
            Some(connection) => write!(formatter, " (connection {connection})"),
            None => Ok(()),
        }
    }
}
