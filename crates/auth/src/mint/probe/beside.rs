//! Asks which names there are when one was not found. A reader's role need not be allowed any of it, so a refusal is no
//! failure: the question stays open.

use std::future::Future;
use std::time::Duration;

use aws_config::Region;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_sdk_codeartifact::Client;

use super::super::listing;
use super::super::session::Session;
use crate::endpoint::Domain;

/// The Regions of CodeArtifact. Source: AWS General Reference, "AWS CodeArtifact endpoints and quotas".
const REGIONS: [&str; 13] = [
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
];

/// The answer can be done without, so it is not waited for any longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Returns what `question` finds, unless that takes too long.
pub(super) async fn in_time<T>(question: impl Future<Output = Option<T>>) -> Option<T> {
    tokio::time::timeout(PATIENCE, question).await.ok()?
}

/// The names of the domain's repositories.
pub(super) async fn repositories(
    session: &Session<'_>,
    credentials: Credentials,
) -> Option<Vec<String>> {
    let listed = listing::repositories(session, session.request.domain, credentials).await;
    let found = listed.ok()?.into_iter();
    Some(found.map(|found| found.name).collect())
}

/// The names of the domains that the account which owns this one has in its Region.
pub(super) async fn domains(
    session: &Session<'_>,
    credentials: Credentials,
) -> Option<Vec<String>> {
    let Domain { owner, region, .. } = session.request.domain;
    let listed = listing::domains(session, region, credentials).await;
    let of_owner = listed
        .ok()?
        .into_iter()
        .filter(|found| found.owner == *owner);
    Some(of_owner.map(|found| found.name).collect())
}

/// The upstreams of one of the domain's repositories.
pub(super) async fn upstreams(
    session: &Session<'_>,
    repository: &str,
    credentials: Credentials,
) -> Option<Vec<String>> {
    let answer = Client::new(&session.settings_of(credentials))
        .describe_repository()
        .domain(&session.request.domain.name)
        .domain_owner(&session.request.domain.owner)
        .repository(repository)
        .send();
    let upstreams = answer.await.ok()?.repository?.upstreams.unwrap_or_default();
    let names = upstreams
        .into_iter()
        .filter_map(|upstream| upstream.repository_name);
    Some(names.collect())
}

/// Another Region in which the account has a domain of this name.
pub(super) async fn other_region(
    session: &Session<'_>,
    credentials: Credentials,
) -> Option<String> {
    let here = &session.request.domain.region;
    let others = REGIONS.into_iter().filter(|region| region != here);
    // All at once: each is a host of its own.
    let asked: Vec<_> = others
        .map(|region| {
            let question = has_domain(session, region, credentials.clone());
            (region, tokio::spawn(question))
        })
        .collect();
    for (region, answer) in asked {
        if answer.await.is_ok_and(|has| has) {
            return Some(region.to_owned());
        }
    }
    None
}

fn has_domain(
    session: &Session<'_>,
    region: &'static str,
    credentials: Credentials,
) -> impl Future<Output = bool> + Send + use<> {
    let settings = session.settings_of(credentials);
    let settings = settings
        .to_builder()
        .region(Region::new(region))
        .retry_config(RetryConfig::disabled())
        .build();
    let Domain { name, owner, .. } = session.request.domain;
    let question = Client::new(&settings)
        .describe_domain()
        .domain(name)
        .domain_owner(owner);
    async move { question.send().await.is_ok() }
}
