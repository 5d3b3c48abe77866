//! Reads the configuration ([`Configuration`]), and finds the [`Connection`] of an endpoint ([`Connections::find`]).
//! It makes no AWS call and looks at no clock; the one file it reads is the configuration's.

mod broker;
mod check;
mod configuration;
mod document;
mod excerpt;
mod find;
mod key;
mod nearest;
mod policy;
mod settings;
mod source;
mod store;
mod table;
mod variables;

use std::collections::BTreeMap;
use std::fmt;

pub use broker::BrokerSettings;
pub use check::ending_missing;
pub use configuration::{Configuration, ProxySettings};
pub use document::{Condition, Document, Principal, Resource, Statement};
pub use find::Connections;
pub use key::Key;
pub use nearest::nearest;
pub use policy::{
    GO_NAMESPACE, LONGEST_SESSION_POLICY, Reach, assume_roles, trust, trust_id_token,
};
pub use store::StoreSettings;

use serde::{Deserialize, Serialize};

use crate::aws_files::Identity;
use crate::endpoint::{Endpoint, Format};
use crate::environment::Environment;
use crate::error::{Failure, row};
use crate::id_token::{DEFAULT_AUDIENCE, IdTokenSource};

/// One role to assume.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hop {
    /// `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
    pub role_arn: String,
    /// Sent on this hop only: on a connection's own role, never on the `via` roles before it.
    pub external_id: Option<String>,
}

impl Hop {
    /// The length of an external id that can be guessed. AWS takes one of 2 characters; ours have 32.
    pub fn guessable_id(&self) -> Option<usize> {
        let length = self.external_id.as_ref()?.len();
        (length < GUESSABLE_ID).then_some(length)
    }
}

/// Shorter external ids can be guessed.
pub const GUESSABLE_ID: usize = 8;

/// The life of an authorization token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TokenDuration {
    /// 900–43200 seconds, independent of the role session.
    Seconds(u32),
    /// Ends with the credentials that asked for it: sent as 0.
    Session,
}

/// The choice of a store for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CacheChoice {
    /// OS keyring, else a memory-backed file of ours, else none.
    Auto,
    /// OS keyring or none.
    Keyring,
    /// A 0600 file in the platform's cache directory.
    File,
    /// None: every call mints.
    Off,
}

/// The repositories that a token of a connection may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// All that the last role may.
    Domain,
    /// Just the connection's own repositories, by a session policy on the last hop.
    Repositories,
}

/// Everything that decides how tokens for some endpoints are got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its name in the configuration; `None` for ambient credentials and for a role from the environment.
    pub name: Option<String>,
    /// The account whose repositories it reads; `None` unless it comes from the file.
    pub account_id: Option<String>,
    /// The profile of the first credentials; `None` is the AWS default chain.
    pub profile: Option<String>,
    /// The source of the identity token with which the first role is assumed; there is no profile then.
    pub source: Option<IdTokenSource>,
    /// Whom that token is for, unless it is for the usual one.
    pub audience: Option<String>,
    /// The role chain: the `via` roles, then the connection's own. Empty: the first credentials ask for the token.
    pub hops: Vec<Hop>,
    /// Asked of CodeArtifact on every mint.
    pub duration: TokenDuration,
    /// The store of its tokens.
    pub cache: CacheChoice,
    /// The repositories that its tokens may read.
    pub scope: Scope,
    /// It serves a URL only if it is named, so that a project's URLs do not choose it.
    #[serde(default)]
    pub only_if_named: bool,
    /// Go modules that no public proxy may be asked for, as GOPRIVATE has them: `example.com/private`, `*.example.com`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub go_private: Vec<String>,
    /// The proxy keeps its files, and asks AWS for the hashes that only its API has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_files: bool,
    /// The platform's broker, which is asked before AWS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker: Option<BrokerSettings>,
    /// The store in which hosts share their tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreSettings>,
    /// The configured repositories, by format; perhaps none yet. All belong to one account; they may be in several of its
    /// domains.
    pub endpoints: BTreeMap<Format, Endpoint>,
}

/// Ambient credentials, without a role.
impl Default for Connection {
    fn default() -> Self {
        Self {
            name: None,
            account_id: None,
            profile: None,
            source: None,
            audience: None,
            hops: Vec::new(),
            duration: TokenDuration::LONGEST,
            cache: CacheChoice::Auto,
            scope: Scope::Domain,
            only_if_named: false,
            go_private: Vec::new(),
            keeps_files: false,
            broker: None,
            store: None,
            endpoints: BTreeMap::new(),
        }
    }
}

impl Connection {
    /// Tells whether a person may have to sign in before there is a token, or to type a code.
    pub fn needs_person(&self, environment: &Environment) -> bool {
        let identity = Identity::find(environment, self.profile.as_deref());
        self.source.is_none() && identity.is_ok_and(|identity| identity.needs_person())
    }

    /// Whom the identity token is for.
    pub fn audience(&self) -> &str {
        self.audience.as_deref().unwrap_or(DEFAULT_AUDIENCE)
    }

    /// Fails if it has no repository: there is nothing to test, or to write a policy for.
    ///
    /// # Errors
    /// It has none.
    pub fn require_repository(&self) -> Result<(), Box<Failure>> {
        if !self.endpoints.is_empty() {
            return Ok(());
        }
        Err(row::CONNECTION_EMPTY.with("name", self.name.as_deref().unwrap_or_default()))
    }

    /// The configured repositories' URLs as their clients are given them, by format.
    pub fn urls(&self) -> impl Iterator<Item = (Format, String)> {
        self.endpoints
            .iter()
            .map(|(format, endpoint)| (*format, endpoint.client_url()))
    }
}

impl TokenDuration {
    /// The longest that CodeArtifact allows, and its default.
    pub const LONGEST: TokenDuration = TokenDuration::Seconds(12 * 60 * 60);
}

impl fmt::Display for TokenDuration {
    /// As it is written in the configuration.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenDuration::Session => formatter.write_str("session"),
            TokenDuration::Seconds(seconds) if seconds % 3600 == 0 => {
                write!(formatter, "{}h", seconds / 3600)
            }
            TokenDuration::Seconds(seconds) if seconds % 60 == 0 => {
                write!(formatter, "{}m", seconds / 60)
            }
            TokenDuration::Seconds(seconds) => write!(formatter, "{seconds}s"),
        }
    }
}

impl CacheChoice {
    pub(crate) const ALL: [Self; 4] = [Self::Auto, Self::Keyring, Self::File, Self::Off];

    /// As it is in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            CacheChoice::Auto => "auto",
            CacheChoice::Keyring => "keyring",
            CacheChoice::File => "file",
            CacheChoice::Off => "off",
        }
    }
}

impl Scope {
    const ALL: [Self; 2] = [Self::Domain, Self::Repositories];

    /// As it is in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Domain => "domain",
            Scope::Repositories => "repositories",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_shown_as_they_are_written() {
        let rows = ["session", "12h", "1h", "90m", "15m", "901s"];
        for text in rows {
            assert_eq!(check::duration(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn choices_are_named_as_they_are_written() {
        for text in ["auto", "keyring", "file", "off"] {
            assert_eq!(check::cache(text).unwrap().name(), text);
        }
        for text in ["domain", "repositories"] {
            assert_eq!(check::scope(text).unwrap().name(), text);
        }
    }
}
