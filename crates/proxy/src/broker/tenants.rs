//! The connections that the broker may use, each with its tokens in this process's memory: which one a question is about.
//! How they are got is `minting.rs`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use codeartifact_auth::Error;
use codeartifact_auth::broker::Question;
use codeartifact_auth::connection::{Connection, Connections};
use codeartifact_auth::endpoint::{Domain, Endpoint, MappedHosts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::EndpointError;

use super::config::BrokerConfig;
use super::minting::Minting;
use crate::forward::{Stop, Tokens};

/// All connections that a `[[clients]]` names.
pub(crate) struct Tenants {
    pub(crate) hosts: MappedHosts,
    tenants: BTreeMap<String, Tenant>,
}

pub(crate) struct Tenant {
    connection: Arc<Connection>,
    pub(crate) tokens: Tokens,
}

/// Why a question has no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// The URL is at fault, or the choice of a connection.
    Question(String),
    /// The caller has no connection for it.
    Denied(String),
}

impl Tenants {
    pub(crate) fn load(
        config: &BrokerConfig,
        environment: &Environment,
        minting: &Minting,
    ) -> Result<Self, Stop> {
        let connections = Connections::load(environment)?;
        let mut tenants = BTreeMap::new();
        for name in config.clients.iter().flat_map(|it| &it.connections) {
            let mut connection = connections.named_or_ambient(Some(name))?;
            // Its own tokens come from AWS, whatever its configuration says to jobs.
            connection.broker = None;
            let connection = Arc::new(connection);
            let tokens = minting.tokens(&connection);
            tenants.insert(name.clone(), Tenant { connection, tokens });
        }
        Ok(Self {
            hosts: connections.hosts()?.clone(),
            tenants,
        })
    }

    /// The connections, in the order of their names.
    pub(crate) fn connections(&self) -> Vec<Arc<Connection>> {
        let tenants = self.tenants.values();
        tenants.map(|it| Arc::clone(&it.connection)).collect()
    }

    /// The connection that a question is about, among those that are `allowed`.
    pub(crate) fn choose<'a>(
        &'a self,
        question: &Question<'_>,
        allowed: &BTreeSet<&str>,
    ) -> Result<(&'a str, &'a Tenant, Endpoint), Unanswered> {
        let endpoint = self.endpoint(&question.url)?;
        let is_wanted = |name: &str| question.connection.as_deref().is_none_or(|it| it == name);
        let fits = self.tenants.iter().filter(|(name, tenant)| {
            allowed.contains(name.as_str()) && is_wanted(name) && tenant.has(&endpoint.domain)
        });
        let mut fits: Vec<_> = fits.collect();
        if fits
            .iter()
            .any(|(_, tenant)| tenant.has_repository(&endpoint))
        {
            fits.retain(|(_, tenant)| tenant.has_repository(&endpoint));
        }
        match fits[..] {
            [(name, tenant)] => Ok((name, tenant, endpoint)),
            [] => Err(Unanswered::Denied(format!(
                "no connection of this caller is for {}",
                endpoint.root()
            ))),
            [(first, _), (second, _), ..] => Err(Unanswered::Question(format!(
                "connections `{first}` and `{second}` are both for {}: name one of them",
                endpoint.root()
            ))),
        }
    }

    fn endpoint(&self, url: &str) -> Result<Endpoint, Unanswered> {
        let found = match Endpoint::parse(url, &MappedHosts::new()) {
            Err(EndpointError::NotCodeArtifact(_)) => Endpoint::parse(url, &self.hosts),
            found => found,
        };
        found.map_err(|error| Unanswered::Question(Error::from(error).failure().words().to_owned()))
    }
}

impl Tenant {
    /// A role may open more domains of its account; the broker opens those that the configuration names.
    fn has(&self, domain: &Domain) -> bool {
        let mut endpoints = self.connection.endpoints.values();
        endpoints.any(|it| it.domain == *domain)
    }

    fn has_repository(&self, endpoint: &Endpoint) -> bool {
        let mut endpoints = self.connection.endpoints.values();
        endpoints.any(|it| it.domain == endpoint.domain && it.place == endpoint.place)
    }
}
