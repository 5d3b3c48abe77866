//! Finds what `codeartifact test` is to look at: a connection with its repositories, or one repository by its URL.
//! It reads the configuration and asks nobody.

use codeartifact_auth::connection::{Configuration, Connection, Connections};
use codeartifact_auth::endpoint::{Domain, Endpoint, RepositoryRef};
use codeartifact_auth::token::Token;
use codeartifact_auth::{Authenticator, Error};
use codeartifact_clients::error::UsageError;

/// One connection, named or ambient, and what shall be reached through it.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// As it stands under the variables.
    pub(crate) connection: Connection,
    /// At least one.
    pub(crate) targets: Vec<Target>,
}

/// A target to reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) endpoint: Endpoint,
    /// As its client should be given it.
    pub(crate) url: String,
    /// The person gave a URL without the ending that its clients need.
    pub(crate) lacks_ending: bool,
}

impl Subject {
    /// One repository, as its client has it.
    pub(super) fn of_endpoint(connection: Connection, endpoint: &Endpoint) -> Self {
        let target = Target {
            url: endpoint.client_url(),
            lacks_ending: false,
            endpoint: endpoint.clone(),
        };
        Self {
            connection,
            targets: vec![target],
        }
    }

    /// The domains, each once, in the order of the repositories.
    pub(crate) fn domains(&self) -> Vec<&Domain> {
        let mut domains: Vec<&Domain> = Vec::new();
        for target in &self.targets {
            if !domains.contains(&&target.endpoint.domain) {
                domains.push(&target.endpoint.domain);
            }
        }
        domains
    }

    /// The tokens that are kept for its domains.
    pub(super) fn kept(&self, authenticator: &Authenticator) -> Vec<(&Domain, Token)> {
        let domains = self.domains().into_iter();
        let kept = domains.filter_map(|domain| {
            let mut targets = self.targets.iter();
            let target = targets.find(|target| target.endpoint.domain == *domain)?;
            let found = authenticator.cached(&target.endpoint, self.name());
            Some((domain, found.ok()??.token))
        });
        kept.collect()
    }

    /// The connection's name, unless it has none.
    pub(crate) fn name(&self) -> Option<&str> {
        self.connection.name.as_deref()
    }
}

/// Reads `given`: a connection's name goes before anything that looks like a URL. Nothing given is everything.
/// The whole configuration is read, whatever is asked for: it is the first thing that can be wrong.
pub(super) fn find(given: Option<&str>, connections: &Connections) -> anyhow::Result<Vec<Subject>> {
    let configuration = connections.configuration().map_err(Error::from)?;
    let is_url =
        |text: &str| text.contains(['.', '/', ':']) && configuration.connection(text).is_none();
    match given {
        None => all(&configuration, connections),
        Some(text) if is_url(text) => Ok(vec![at(text, connections)?]),
        Some(name) => {
            let written = configuration.require(name, None).map_err(Error::from)?;
            Ok(vec![of(written, connections)?])
        }
    }
}

fn all(configuration: &Configuration, connections: &Connections) -> anyhow::Result<Vec<Subject>> {
    let written = configuration.connections();
    let subjects: Vec<_> = written
        .map(|written| of(written, connections))
        .collect::<Result<_, _>>()?;
    if subjects.is_empty() {
        Err(UsageError::new(
            "what shall be tested? there is no connection\n  hint: give a repository's URL, or make one with \
             `codeartifact connect NAME`",
        )
        .into())
    } else {
        Ok(subjects)
    }
}

/// All repositories of a connection, under what the variables say about any.
fn of(written: &Connection, connections: &Connections) -> Result<Subject, Error> {
    let mut connection = written.clone();
    let mut targets = Vec::new();
    for endpoint in written.endpoints.values() {
        connection = connections.find(endpoint, written.name.as_deref())?;
        targets.push(Target {
            url: endpoint.client_url(),
            lacks_ending: false,
            endpoint: endpoint.clone(),
        });
    }
    Ok(Subject {
        connection,
        targets,
    })
}

/// One repository, or a domain's bare host, through whichever connection serves it.
fn at(text: &str, connections: &Connections) -> Result<Subject, Error> {
    let endpoint = Endpoint::parse(text, connections.hosts()?)?;
    let connection = connections.find(&endpoint, None)?;
    let ending = endpoint.place.as_ref().map(|place| place.format.ending());
    let ending = ending.unwrap_or_default().trim_end_matches('/');
    let target = Target {
        url: endpoint.client_url(),
        lacks_ending: !text.contains(ending),
        endpoint,
    };
    Ok(Subject {
        connection,
        targets: vec![target],
    })
}

impl Target {
    /// `npm   /npm/my-repo/`; of a bare host, the host.
    pub(crate) fn label(&self) -> String {
        match &self.endpoint.place {
            Some(RepositoryRef { format, repository }) => {
                format!("{:5} /{format}/{repository}/", format.name())
            }
            None => self.endpoint.host().to_owned(),
        }
    }
}
