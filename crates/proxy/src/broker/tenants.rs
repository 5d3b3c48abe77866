//! The connections that the broker may use, each with its tokens in this process's memory: which one a question is about,
//! and its mints, by the `codeartifact` beside this program.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use codeartifact_auth::Error;
use codeartifact_auth::broker::Question;
use codeartifact_auth::connection::{Connection, Connections};
use codeartifact_auth::endpoint::{Domain, Endpoint, MappedHosts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::{EndpointError, row};
use codeartifact_auth::minter::{Beside, MintRequest, Minter as _};
use codeartifact_auth::report::Reporter;
use codeartifact_auth::token::Token;

use super::config::BrokerConfig;
use super::metrics::{Metrics, MintOutcome};
use super::pace::Pace;
use crate::forward::{Stop, Tokens};

/// The time for a mint: as for a helper's.
const MINT_DEADLINE: Duration = Duration::from_secs(28);

/// All connections that a `[[clients]]` names.
pub(crate) struct Tenants {
    hosts: MappedHosts,
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
        metrics: &Metrics,
    ) -> Result<Self, Stop> {
        let connections = Connections::load(environment)?;
        let pace = Arc::new(Pace::default());
        let mut tenants = BTreeMap::new();
        for name in config.clients.iter().flat_map(|it| &it.connections) {
            let mut connection = connections.named_or_ambient(Some(name))?;
            // Its own tokens come from AWS, whatever its configuration says to jobs.
            connection.broker = None;
            metrics.know(name);
            let tenant = Tenant::new(connection, environment, metrics, &pace);
            tenants.insert(name.clone(), tenant);
        }
        Ok(Self {
            hosts: connections.hosts()?.clone(),
            tenants,
        })
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
    fn new(
        connection: Connection,
        environment: &Environment,
        metrics: &Metrics,
        pace: &Arc<Pace>,
    ) -> Self {
        let connection = Arc::new(connection);
        let (clock, environment) = (environment.clone(), environment.clone());
        let (minted, metrics, pace) = (Arc::clone(&connection), metrics.clone(), Arc::clone(pace));
        let mint = move |domain: &Domain| {
            sleep(pace.take(&domain.owner, Instant::now()));
            mint(&minted, domain, &environment, &metrics)
        };
        Self {
            connection,
            tokens: Tokens::new(Arc::new(mint), Box::new(move || clock.now())),
        }
    }

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

fn mint(
    connection: &Connection,
    domain: &Domain,
    environment: &Environment,
    metrics: &Metrics,
) -> Result<Token, String> {
    let request = MintRequest {
        domain,
        connection,
        deadline: MINT_DEADLINE,
    };
    let name = connection.name.as_deref().unwrap_or_default();
    let minted = Beside.mint(&request);
    let outcome = match &minted {
        Ok(_) => MintOutcome::Granted,
        Err(failure) if failure.is(&[&row::THROTTLED]) => MintOutcome::Throttled,
        Err(_) => MintOutcome::Failed,
    };
    metrics.minted(name, outcome);
    minted.map_err(|failure| {
        let words = failure.to_string().replace('\n', ";");
        // Kept for `codeartifact status`; the line for people is the broker's own.
        let _ = Reporter::new("codeartifact", environment).failure(
            &domain.name,
            Some(name),
            &Error::from(failure),
        );
        words
    })
}
