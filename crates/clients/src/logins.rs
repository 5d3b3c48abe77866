//! The tokens that `exec` hands to a command, by host, and the netrc that says so. Who gets them is asked elsewhere.

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::token::Secret;
use codeartifact_auth::user_file::read_text;

use crate::netrc;

/// The user name that CodeArtifact wants.
pub(crate) const USER: &str = "aws";

/// Tokens by host.
#[derive(Debug, Default)]
pub struct Logins {
    known: Vec<(Endpoint, Secret)>,
}

impl Logins {
    /// The token opens the endpoint's domain through its host.
    pub fn add(&mut self, endpoint: &Endpoint, token: Secret) {
        self.known.push((endpoint.clone(), token));
    }

    /// The token for an endpoint's host.
    pub fn of(&self, endpoint: &Endpoint) -> Option<&Secret> {
        let mut known = self.known.iter();
        let same = known.find(|(known, _)| known.host() == endpoint.host());
        same.map(|(_, token)| token)
    }

    /// Each host with its token.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.known
            .iter()
            .map(|(endpoint, token)| (endpoint.host(), token))
    }

    /// The token, if there is just one domain.
    pub(crate) fn of_only_domain(&self) -> Option<&Secret> {
        let (first, token) = self.known.first()?;
        let mut known = self.known.iter();
        let is_only = known.all(|(known, _)| known.domain == first.domain);
        is_only.then_some(token)
    }

    /// Ours first, since the first entry of a host counts; then what the user's own says.
    pub(crate) fn netrc(&self, environment: &Environment) -> Secret {
        let lines = self.known.iter().map(|(endpoint, token)| {
            let (host, token) = (endpoint.host(), token.expose());
            format!("machine {host} login aws password {token}\n")
        });
        let users = netrc::path(environment).and_then(|file| read_text(&file).ok());
        Secret::new(lines.collect::<String>() + &users.unwrap_or_default())
    }
}
