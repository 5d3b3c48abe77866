//! A token for each host, and the netrc that says so. Asked for once per domain and connection.

use std::fs;
use std::path::PathBuf;

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::{Environment, NETRC};
use codeartifact_auth::report::Reporter;
use codeartifact_auth::token::Secret;
use codeartifact_auth::{Authenticator, Error};

/// Tokens by host.
#[derive(Debug, Default)]
pub(super) struct Logins {
    known: Vec<(Endpoint, Secret)>,
}

impl Logins {
    /// Gets the token for an endpoint, unless its host has one. Returns remarks.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn add(
        &mut self,
        endpoint: &Endpoint,
        connection: Option<&str>,
        authenticator: &Authenticator,
        reporter: &Reporter,
    ) -> Result<String, Error> {
        if self.of(endpoint).is_some() {
            return Ok(String::new());
        }
        let answer = authenticator.token(endpoint, connection)?;
        self.known.push((endpoint.clone(), answer.token.secret));
        Ok(reporter.notices(&answer.notices))
    }

    /// The token for an endpoint's host.
    pub(super) fn of(&self, endpoint: &Endpoint) -> Option<&Secret> {
        let mut known = self.known.iter();
        known
            .find(|(known, _)| known.host() == endpoint.host())
            .map(|(_, token)| token)
    }

    /// The token, if there is just one domain.
    pub(super) fn only(&self) -> Option<&Secret> {
        let (first, token) = self.known.first()?;
        let mut known = self.known.iter();
        known
            .all(|(known, _)| known.domain == first.domain)
            .then_some(token)
    }

    /// Ours first, since the first entry of a host counts; then what the user's own says.
    pub(super) fn netrc(&self, environment: &Environment) -> Secret {
        let ours: String = self
            .known
            .iter()
            .map(|(endpoint, token)| {
                format!(
                    "machine {} login aws password {}\n",
                    endpoint.host(),
                    token.expose()
                )
            })
            .collect();
        Secret::new(ours + &users_netrc(environment).unwrap_or_default())
    }
}

fn users_netrc(environment: &Environment) -> Option<String> {
    let file = match environment.variable(NETRC) {
        Some(file) => PathBuf::from(file),
        None => environment
            .home()?
            .join(if cfg!(windows) { "_netrc" } else { ".netrc" }),
    };
    fs::read_to_string(file).ok()
}
