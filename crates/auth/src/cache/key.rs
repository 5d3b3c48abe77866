//! The name under which a token is kept: a hash over everything that decides which token it is.
//! Computed from URL, configuration, environment and the identity that `~/.aws` names, without any AWS call.

use std::fmt;
use std::path::Path;

use sha2::{Digest, Sha256};

#[cfg(feature = "aws")]
use crate::connection::Hop;
use crate::connection::{Connection, Scope, TokenDuration};
use crate::endpoint::Endpoint;
use crate::environment::{Environment, IDENTITY};
use crate::{aws_files, id_token};

/// Two for each of the 32 bytes of a SHA-256.
const DIGITS: usize = 64;

/// A SHA-256, shown as 64 lower-case hexadecimal digits. It gives nothing away of what it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CacheKey(String);

impl CacheKey {
    /// The key of the token that `connection` yields for `endpoint` in this environment.
    pub fn new(endpoint: &Endpoint, connection: &Connection, environment: &Environment) -> Self {
        Self::of(Some(endpoint), connection, environment)
    }

    /// The key of the way that a connection takes to AWS, whichever domain it asks for there.
    pub fn of_way(connection: &Connection, environment: &Environment) -> Self {
        Self::of(None, connection, environment)
    }

    /// The key of a token that a chain of roles yields, whoever begins it: the same on all hosts.
    #[cfg(feature = "aws")]
    pub(crate) fn of_roles(endpoint: &Endpoint, connection: &Connection) -> Self {
        let mut form = CanonicalForm::new();
        form.field("of", Some("roles"));
        form.domain(endpoint);
        let beginning_nowhere = Connection {
            profile: None,
            ..connection.clone()
        };
        form.connection(&beginning_nowhere);
        form.finish()
    }

    /// The key of the session that the first credentials get of the first role: the same for every connection behind it.
    #[cfg(feature = "aws")]
    pub(crate) fn of_first_role(
        role: &Hop,
        connection: &Connection,
        environment: &Environment,
    ) -> Self {
        let mut form = CanonicalForm::new();
        form.field("of", Some("first role"));
        form.field("profile", connection.profile.as_deref());
        form.field("role", Some(&role.role_arn));
        form.field("external id", role.external_id.as_deref());
        form.variables(environment);
        form.first_credentials(connection, environment);
        form.finish()
    }

    fn of(endpoint: Option<&Endpoint>, connection: &Connection, environment: &Environment) -> Self {
        let mut form = CanonicalForm::new();
        if let Some(endpoint) = endpoint {
            form.domain(endpoint);
        }
        form.connection(connection);
        form.variables(environment);
        if let Some(broker) = &connection.broker {
            // It may have several connections for a domain: the name decides.
            form.field("broker", Some(&broker.url));
            form.field("connection", connection.name.as_deref());
            let (source, audience) = (&broker.source, &broker.audience);
            let mut field = |name: &str, value: Option<&str>| form.field(name, value);
            id_token::describe(source, audience, environment, &mut field);
        }
        form.first_credentials(connection, environment);
        form.finish()
    }

    /// The key that `digits` spell, if they do.
    pub(super) fn from_digits(digits: &str) -> Option<Self> {
        let spelled = digits.len() == DIGITS
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        spelled.then(|| Self(digits.to_owned()))
    }

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CacheKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Fields are written as name, presence and length before their bytes, so that no two lists of fields look alike.
struct CanonicalForm(Sha256);

impl CanonicalForm {
    fn new() -> Self {
        Self(Sha256::new_with_prefix(b"codeartifact-auth 2\n"))
    }

    fn field(&mut self, name: &str, value: Option<&str>) {
        self.0.update(name.as_bytes());
        match value {
            None => self.0.update(b"-"),
            Some(value) => {
                self.0.update(b"=");
                self.0.update((value.len() as u64).to_be_bytes());
                self.0.update(value.as_bytes());
            }
        }
    }

    fn domain(&mut self, endpoint: &Endpoint) {
        self.field("domain", Some(&endpoint.domain.name));
        self.field("owner", Some(&endpoint.domain.owner));
        self.field("region", Some(&endpoint.domain.region));
        self.field("suffix", Some(endpoint.host_suffix()));
    }

    /// A narrowed token differs by what it was narrowed to, so those repositories belong to the key.
    fn connection(&mut self, connection: &Connection) {
        let duration = match connection.duration {
            TokenDuration::Seconds(seconds) => seconds.to_string(),
            TokenDuration::Session => "session".to_owned(),
        };
        self.field("duration", Some(&duration));
        self.field("profile", connection.profile.as_deref());
        for hop in &connection.hops {
            self.field("role", Some(&hop.role_arn));
            self.field("external id", hop.external_id.as_deref());
        }
        self.field("scope", Some(connection.scope.name()));
        if connection.scope == Scope::Repositories {
            for endpoint in connection.endpoints.values() {
                self.field("repository", Some(&endpoint.root()));
            }
        }
    }

    /// The home directory counts too: AWS's configuration files are in it where no variable names them.
    fn variables(&mut self, environment: &Environment) {
        let home = environment.home();
        self.field(
            "home",
            home.as_deref().map(Path::to_string_lossy).as_deref(),
        );
        for name in IDENTITY {
            self.field(name, environment.text(name).as_deref());
        }
    }

    /// Who asks AWS first.
    fn first_credentials(&mut self, connection: &Connection, environment: &Environment) {
        let mut field = |name: &str, value: Option<&str>| self.field(name, value);
        match (&connection.source, connection.profile.as_deref()) {
            (Some(source), _) => {
                id_token::describe(source, connection.audience(), environment, &mut field);
            }
            (None, profile) => aws_files::describe_identity(environment, profile, &mut field),
        }
    }

    fn finish(self) -> CacheKey {
        let digest = self.0.finalize();
        CacheKey(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

#[cfg(test)]
mod homes;
#[cfg(test)]
mod tests;
