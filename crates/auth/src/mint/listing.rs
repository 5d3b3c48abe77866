//! Lists what there is to read: the domains of the caller's account and the repositories of domains. For people who set
//! something up; no token needs it, and a reader's role need not be allowed it, so each list may be denied by itself.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_codeartifact::types::{DomainSummary, RepositorySummary};

use super::session::{Session, with_runtime};
use super::{call, hop};
use crate::connection::{Connection, Scope};
use crate::endpoint::Domain;
use crate::environment::Environment;
use crate::error::{Call, Failure, Step};
use crate::minter::MintRequest;
use crate::token::Timestamp;

/// Names what to list, and with which credentials.
#[derive(Debug, Clone, Copy)]
pub struct ListRequest<'a> {
    /// The first credentials and the role chain.
    pub connection: &'a Connection,
    /// The Region to look in.
    pub region: &'a str,
    /// Domains to look into, whether AWS lists them or not.
    pub domains: &'a [Domain],
    /// If true, looks into the other domains of the caller's account too.
    pub others: bool,
    /// The whole of it must end within this time.
    pub deadline: Duration,
}

/// Domains and repositories that were found.
#[derive(Debug)]
pub struct Listing {
    /// The domains that were asked for and those of the account, by name, with their repositories.
    pub domains: Vec<(Domain, Listed<Vec<Repository>>)>,
    /// The failure because of which the account's other domains are not among them.
    pub unlisted: Option<Box<Failure>>,
}

/// A list, or why there is none.
type Listed<T> = Result<T, Box<Failure>>;

/// A repository of a domain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repository {
    /// Its name.
    pub name: String,
    /// Its owner's description, if there is one.
    pub description: Option<String>,
}

impl Listing {
    /// Lists domains and their repositories, with one walk of the role chain.
    ///
    /// # Errors
    /// There were no credentials to ask with. What is denied after that is in the [`Listing`].
    pub fn of(environment: &Environment, request: &ListRequest<'_>) -> Result<Self, Box<Failure>> {
        // The session policy that narrows tokens to reading would deny every list.
        let connection = &Connection {
            scope: Scope::Domain,
            ..request.connection.clone()
        };
        // No token is asked for, so nothing but the Region of it matters.
        let domain = &Domain {
            name: String::new(),
            owner: String::new(),
            region: request.region.to_owned(),
        };
        let walk = MintRequest {
            domain,
            connection,
            deadline: request.deadline,
            after: Timestamp(0),
        };
        with_runtime(&walk, |runtime| {
            runtime.block_on(Self::look(environment, request, &walk))
        })?
    }

    async fn look(
        environment: &Environment,
        request: &ListRequest<'_>,
        walk: &MintRequest<'_>,
    ) -> Result<Listing, Box<Failure>> {
        let session = Session::open(environment, *walk).await?;
        let credentials = hop::walk(&session).await?;
        let mut wanted = request.domains.to_vec();
        let mut unlisted = None;
        if request.others {
            match domains(&session, request.region, credentials.clone()).await {
                Ok(others) => wanted.extend(others),
                Err(error) => unlisted = Some(error),
            }
        }
        wanted.sort();
        wanted.dedup();
        let mut domains = Vec::new();
        for domain in wanted {
            let repositories = repositories(&session, &domain, credentials.clone()).await;
            domains.push((domain, repositories));
        }
        Ok(Listing { domains, unlisted })
    }
}

/// AWS lists those of the caller's own account only.
pub(super) async fn domains(
    session: &Session<'_>,
    region: &str,
    credentials: Credentials,
) -> Listed<Vec<Domain>> {
    let asked = async {
        let client = call::codeartifact(&session.settings_of(credentials));
        let send = || {
            let pages = client.list_domains().into_paginator().items().send();
            pages.collect::<Result<Vec<_>, _>>()
        };
        let found = session.send(Call::List, None, send).await?;
        let found = found.into_iter();
        Ok(found.filter_map(|found| domain(found, region)).collect())
    };
    session.step(Step::domains(region), asked).await
}

/// The domain's repositories, by name.
pub(super) async fn repositories(
    session: &Session<'_>,
    domain: &Domain,
    credentials: Credentials,
) -> Listed<Vec<Repository>> {
    let asked = async {
        let client = call::codeartifact(&session.settings_of(credentials));
        let list = client
            .list_repositories_in_domain()
            .domain(&domain.name)
            .domain_owner(&domain.owner);
        let send = || {
            let pages = list.clone().into_paginator().items().send();
            pages.collect::<Result<Vec<_>, _>>()
        };
        let found = session.send(Call::List, None, send).await?;
        let mut repositories: Vec<_> = found.into_iter().filter_map(repository).collect();
        repositories.sort();
        Ok(repositories)
    };
    session.step(Step::repositories(domain), asked).await
}

fn domain(found: DomainSummary, region: &str) -> Option<Domain> {
    Some(Domain {
        name: found.name?,
        owner: found.owner?,
        region: region.to_owned(),
    })
}

fn repository(found: RepositorySummary) -> Option<Repository> {
    Some(Repository {
        name: found.name?,
        description: found.description.filter(|text| !text.is_empty()),
    })
}
