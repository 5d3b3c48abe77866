//! `codeartifact repositories` lists domains and repositories, with URLs ready to paste. This file decides which
//! connection looks, and where; `repositories/show.rs` shows the result.

mod show;

use std::collections::BTreeSet;
use std::time::Duration;

use codeartifact_auth::Error;
use codeartifact_auth::connection::{Connection, Connections};
use codeartifact_auth::endpoint::{Domain, Endpoint};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::mint::{ListRequest, Listing, Repository};
use codeartifact_auth::report::Reporter;
use codeartifact_clients::error::UsageError;

use crate::arguments::{Format, RepositoriesArguments};
use crate::output::Output;

/// A token may take as long.
const DEADLINE: Duration = Duration::from_secs(28);

/// A domain, and what is known of its repositories.
struct Found {
    /// The domain as it is reached: through the same host as the connection's own URLs.
    endpoint: Endpoint,
    repositories: Vec<Repository>,
    /// True if these are all repositories of the domain, not just those of the connection.
    all: bool,
}

pub(crate) fn run(
    arguments: &RepositoriesArguments,
    environment: &Environment,
    reporter: &Reporter,
) -> anyhow::Result<Output> {
    let connections = Connections::load(environment)?;
    let search = RepositorySearch::new(arguments, &connections, environment)?;
    let (found, denied) = search.run(environment)?;
    let stdout = match arguments.format {
        Format::Text => show::text(&found, &arguments.only),
        Format::Json => show::json(&found, &arguments.only),
    };
    let complaints = denied.iter().map(|error| reporter.text_of(error));
    Ok(Output {
        exit: denied.first().map_or(Exit::Done, Error::exit),
        ..Output::done(stdout, complaints.collect())
    })
}

/// The connection that looks, and where.
struct RepositorySearch {
    connection: Connection,
    regions: BTreeSet<String>,
    domains: Vec<Domain>,
    /// True if other domains of the account are of interest.
    others: bool,
}

impl RepositorySearch {
    fn new(
        arguments: &RepositoriesArguments,
        connections: &Connections,
        environment: &Environment,
    ) -> anyhow::Result<Self> {
        let region = arguments.region.clone();
        if let (Some(name), Some(owner)) = (&arguments.domain, &arguments.owner) {
            let region = region.or_else(|| environment.region());
            return Self::of_domain(name, owner, region, connections);
        }
        let named = arguments.name.as_deref();
        let only = only_connection(named, region.as_deref(), connections)?;
        let connection = connections.named_or_ambient(only.as_deref())?;
        let domains: BTreeSet<_> = connection.endpoints.values().map(|it| &it.domain).collect();
        let domains: Vec<_> = domains.into_iter().cloned().collect();
        let mut regions: BTreeSet<_> = match region {
            Some(region) => BTreeSet::from([region]),
            None => domains.iter().map(|it| it.region.clone()).collect(),
        };
        if regions.is_empty() {
            regions.extend(environment.region());
        }
        if regions.is_empty() {
            return Err(UsageError::new("which Region? give --region, or set AWS_REGION").into());
        }
        Ok(Self {
            connection,
            regions,
            domains,
            others: true,
        })
    }

    fn of_domain(
        name: &str,
        owner: &str,
        region: Option<String>,
        connections: &Connections,
    ) -> anyhow::Result<Self> {
        let Some(region) = region else {
            return Err(UsageError::new("--domain also needs --region, or AWS_REGION").into());
        };
        let domain = Domain {
            name: name.to_owned(),
            owner: owner.to_owned(),
            region: region.clone(),
        };
        let endpoint = Endpoint::of_domain(&domain)?;
        Ok(Self {
            connection: connections.find(&endpoint, None)?,
            regions: BTreeSet::from([region]),
            domains: vec![domain],
            others: false,
        })
    }

    /// Lists what there is in all Regions, and the failures to list.
    fn run(&self, environment: &Environment) -> Result<(Vec<Found>, Vec<Error>), Error> {
        let (mut found, mut denied) = (Vec::new(), Vec::new());
        for region in &self.regions {
            let domains = self.domains.iter().filter(|it| it.region == *region);
            let request = ListRequest {
                connection: &self.connection,
                region,
                domains: &domains.cloned().collect::<Vec<_>>(),
                others: self.others,
                deadline: DEADLINE,
            };
            let listing = Listing::of(environment, &request)?;
            for (domain, repositories) in listing.domains {
                if !self.is_of_interest(&domain) {
                    continue;
                }
                let endpoint = self.endpoint(&domain)?;
                found.push(match repositories {
                    Ok(repositories) => Found {
                        endpoint,
                        repositories,
                        all: true,
                    },
                    Err(error) => {
                        denied.push(error.into());
                        self.configured(endpoint)
                    }
                });
            }
            // A connection's own domains are what it is about; the account's others are an extra.
            let unlisted = listing.unlisted.filter(|_| self.domains.is_empty());
            denied.extend(unlisted.map(Error::from));
        }
        Ok((found, denied))
    }

    /// A connection reads the domains of one account alone.
    fn is_of_interest(&self, domain: &Domain) -> bool {
        let account_id = self.connection.account_id.as_ref();
        account_id.is_none_or(|account_id| *account_id == domain.owner)
    }

    /// The domain's host as the connection has it: perhaps a VPC endpoint's, or one of the user's own.
    fn endpoint(&self, domain: &Domain) -> Result<Endpoint, Error> {
        let mut configured = self.connection.endpoints.values();
        match configured.find(|endpoint| endpoint.domain == *domain) {
            Some(endpoint) => Ok(endpoint.clone()),
            None => Ok(Endpoint::of_domain(domain)?),
        }
    }

    fn configured(&self, endpoint: Endpoint) -> Found {
        let of_domain = self.connection.endpoints.values();
        let names = of_domain
            .filter(|it| it.domain == endpoint.domain)
            .filter_map(|it| Some(it.place.as_ref()?.repository.clone()));
        let names: BTreeSet<_> = names.collect();
        let repositories = names.into_iter().map(|name| Repository {
            name,
            description: None,
        });
        Found {
            endpoint,
            repositories: repositories.collect(),
            all: false,
        }
    }
}

/// The name of the connection to look through; `None`: whatever the environment says, or ambient credentials.
fn only_connection(
    named: Option<&str>,
    region: Option<&str>,
    connections: &Connections,
) -> anyhow::Result<Option<String>> {
    if named.is_some() || region.is_some() || connections.is_decided() {
        return Ok(named.map(str::to_owned));
    }
    let configuration = connections.configuration()?;
    let mut configured = configuration.connections();
    match (configured.next(), configured.next()) {
        (Some(only), None) => Ok(only.name.clone()),
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(UsageError::new(
            "which connection? name it, or give --region to see your own account\n  \
             hint: `codeartifact connections` lists them",
        )
        .into()),
    }
}
