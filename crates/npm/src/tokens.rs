//! A token for each registry found, asked for once per domain and connection. How long that may take is the
//! [`Authenticator`]'s to watch.

use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::{Domain, Endpoint};
use codeartifact_auth::token::{Freshness, Secret, Timestamp};
use codeartifact_auth::{Answer, Authenticator, Error, Warning};
use codeartifact_clients::node::without_scheme;
use codeartifact_clients::setting::{Origin, Setting};

/// A registry to have a token line for.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// `//host/path/`, as npm writes it in the key.
    pub registry: String,
    pub endpoint: Endpoint,
    /// Everywhere it is named.
    pub origins: Vec<Origin>,
}

/// The token line that a registry should have.
#[derive(Debug)]
pub(crate) struct TokenLine {
    pub registry: String,
    pub token: Secret,
}

/// What there is to write, and what there is to tell.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub lines: Vec<TokenLine>,
    pub warnings: Vec<Warning>,
    /// The first endpoint of each domain that no token could be had for.
    pub failures: Vec<(Endpoint, Error)>,
}

/// One entry per registry, shorter paths first: what holds below a longer path is written last.
pub(crate) fn wanted(found: Vec<Setting>) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for Setting {
        endpoint, origin, ..
    } in found
    {
        let registry = without_scheme(&endpoint.root());
        match wanted.iter_mut().find(|wanted| wanted.registry == registry) {
            Some(known) if known.origins.contains(&origin) => {}
            Some(known) => known.origins.push(origin),
            None => wanted.push(Wanted {
                registry,
                endpoint,
                origins: vec![origin],
            }),
        }
    }
    wanted.sort_by_key(|wanted| wanted.registry.len());
    wanted
}

/// Asks for every token, minting where needed.
pub(crate) fn gather(authenticator: &Authenticator, wanted: &[Wanted]) -> Gathered {
    let mut answers = Answers {
        authenticator,
        known: Vec::new(),
    };
    let mut gathered = Gathered::default();
    for wanted in wanted {
        match answers.known(&wanted.endpoint) {
            Some(Some(token)) => gathered.keep(wanted, token),
            Some(None) => {}
            None => answers.ask(wanted, &mut gathered),
        }
    }
    gathered
}

/// The token that is kept for a registry, if it needs no replacing: no lock, no AWS call.
pub(crate) fn fresh(
    authenticator: &Authenticator,
    endpoint: &Endpoint,
    now: Timestamp,
) -> Option<Secret> {
    let Answer { token, .. } = authenticator.cached(endpoint, None).ok()??;
    (token.freshness(now) == Freshness::Fresh).then_some(token.secret)
}

/// What was answered so far: a token opens every repository of its domain that its connection may read.
struct Answers<'a> {
    authenticator: &'a Authenticator,
    known: Vec<(Domain, Connection, Option<Secret>)>,
}

impl Answers<'_> {
    /// `None`: not asked yet. `Some(None)`: asked in vain.
    fn known(&self, endpoint: &Endpoint) -> Option<Option<Secret>> {
        let connection = self.authenticator.connections().find(endpoint, None).ok()?;
        let mut known = self.known.iter();
        let same =
            known.find(|(domain, other, _)| *domain == endpoint.domain && *other == connection);
        same.map(|(_, _, token)| token.clone())
    }

    fn ask(&mut self, wanted: &Wanted, gathered: &mut Gathered) {
        let endpoint = &wanted.endpoint;
        let token = match self.authenticator.token(endpoint, None) {
            Ok(Answer { token, warnings }) => {
                gathered.warnings.extend(warnings);
                gathered.keep(wanted, token.secret.clone());
                Some(token.secret)
            }
            Err(error) => {
                gathered.failures.push((endpoint.clone(), error));
                None
            }
        };
        if let Ok(connection) = self.authenticator.connections().find(endpoint, None) {
            self.known
                .push((endpoint.domain.clone(), connection, token));
        }
    }
}

impl Gathered {
    fn keep(&mut self, wanted: &Wanted, token: Secret) {
        self.lines.push(TokenLine {
            registry: wanted.registry.clone(),
            token,
        });
    }
}
