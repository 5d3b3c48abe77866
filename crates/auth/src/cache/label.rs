//! Describes what is kept in words, for `status`; its key is a hash. Never a secret.

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
    /// The role whose session this is. It is no token, and of no domain and no connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

impl Label {
    /// Describes the token that `connection` gets for `endpoint`.
    pub fn new(endpoint: &Endpoint, connection: &Connection) -> Self {
        Self {
            connection: connection.name.clone(),
            domain: endpoint.domain.name.clone(),
            owner: endpoint.domain.owner.clone(),
            region: endpoint.domain.region.clone(),
            role: None,
        }
    }

    /// Describes the session of a chain's first role.
    #[cfg(feature = "aws")]
    pub(crate) fn of_session(role_arn: &str) -> Self {
        Self {
            connection: None,
            domain: String::new(),
            owner: String::new(),
            region: String::new(),
            role: Some(role_arn.to_owned()),
        }
    }

    /// The bytes its values take.
    pub(super) fn len(&self) -> usize {
        let texts = [&self.connection, &self.role].into_iter().flatten();
        texts.map(String::len).sum::<usize>()
            + self.domain.len()
            + self.owner.len()
            + self.region.len()
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
            role,
        } = self;
        if let Some(role) = role {
            return write!(formatter, "CodeArtifact helpers: session of {role}");
        }
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
