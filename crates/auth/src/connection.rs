//! Configuration text → [`Configuration`], and which [`Connection`] serves an [`Endpoint`].
//! It makes no AWS call and reads no file or variable: text and variables are handed in.

use std::collections::BTreeMap;

use crate::endpoint::{Endpoint, Format};

/// One role to assume.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hop {
    /// `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
    pub role_arn: String,
    /// Sent on this hop only: on a connection's own role, never on the `via` roles before it.
    pub external_id: Option<String>,
}

/// How long an authorization token shall live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenDuration {
    /// 900–43200 seconds, independent of the role session.
    Seconds(u32),
    /// Ends with the credentials that asked for it: sent as 0.
    Session,
}

/// Which store keeps tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// What a token of a connection may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All that the last role may.
    Domain,
    /// Just the connection's own repositories, by a session policy on the last hop.
    Repositories,
}

/// Everything that decides how tokens for some endpoints are got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Its name in the configuration; `None` for ambient credentials and for a role from the environment.
    pub name: Option<String>,
    /// The profile of the first credentials; `None` is the AWS default chain.
    pub profile: Option<String>,
    /// The role chain: the `via` roles, then the connection's own. Empty: the first credentials ask for the token.
    pub hops: Vec<Hop>,
    /// Asked of CodeArtifact on every mint.
    pub duration: TokenDuration,
    /// Where tokens are kept.
    pub cache: CacheChoice,
    /// What tokens may read.
    pub scope: Scope,
    /// The configured repositories, by format.
    pub endpoints: BTreeMap<Format, Endpoint>,
}

impl Scope {
    /// As it stands in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Domain => "domain",
            Scope::Repositories => "repositories",
        }
    }
}
