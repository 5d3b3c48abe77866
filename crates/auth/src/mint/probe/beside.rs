//! What may be asked beside the way when something was not found: names that there are. A reader's role need not be
//! allowed any of it, so a refusal is no failure: the question stays open.

use std::future::Future;
use std::time::Duration;

use aws_config::Region;
use aws_config::retry::RetryConfig;
use aws_sdk_codeartifact::Client;

use super::super::listing;
use super::Probe;
use crate::endpoint::Domain;

/// Where CodeArtifact is. Source: AWS General Reference, "AWS CodeArtifact endpoints and quotas".
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

/// Nobody waits longer for an answer that can be done without.
const PATIENCE: Duration = Duration::from_secs(10);

impl Probe<'_> {
    /// The names of the domain's repositories.
    pub fn repositories(&self) -> Option<Vec<String>> {
        let domain = self.session.request.domain;
        self.ask(async {
            let listed = listing::repositories(&self.session, domain, self.latest());
            let found = listed.await.ok()?;
            Some(found.into_iter().map(|found| found.name).collect())
        })
    }

    /// The names of the domains that the account which owns this one has in its Region.
    pub fn domains(&self) -> Option<Vec<String>> {
        let Domain { owner, region, .. } = self.session.request.domain;
        self.ask(async {
            let listed = listing::domains(&self.session, region, self.latest());
            let found = listed.await.ok()?.into_iter();
            let of_owner = found.filter(|found| found.owner == *owner);
            Some(of_owner.map(|found| found.name).collect())
        })
    }

    /// The upstreams of one of the domain's repositories.
    pub fn upstreams(&self, repository: &str) -> Option<Vec<String>> {
        self.ask(async {
            let answer = self
                .codeartifact()
                .describe_repository()
                .domain(&self.session.request.domain.name)
                .domain_owner(&self.session.request.domain.owner)
                .repository(repository)
                .send();
            let upstreams = answer.await.ok()?.repository?.upstreams.unwrap_or_default();
            Some(
                upstreams
                    .into_iter()
                    .filter_map(|upstream| upstream.repository_name)
                    .collect(),
            )
        })
    }

    /// Another Region in which the account has a domain of this name.
    pub fn other_region(&self) -> Option<String> {
        let here = &self.session.request.domain.region;
        let others = REGIONS.into_iter().filter(|region| region != here);
        self.ask(async {
            // All at once: each is a host of its own.
            let asked: Vec<_> = others
                .map(|region| (region, tokio::spawn(self.has_domain(region))))
                .collect();
            for (region, answer) in asked {
                if answer.await.is_ok_and(|has| has) {
                    return Some(region.to_owned());
                }
            }
            None
        })
    }

    fn has_domain(&self, region: &'static str) -> impl Future<Output = bool> + Send + 'static {
        let settings = self.session.settings_of(self.latest());
        let settings = settings
            .to_builder()
            .region(Region::new(region))
            .retry_config(RetryConfig::disabled())
            .build();
        let Domain { name, owner, .. } = self.session.request.domain;
        let question = Client::new(&settings)
            .describe_domain()
            .domain(name)
            .domain_owner(owner);
        async move { question.send().await.is_ok() }
    }

    fn ask<T>(&self, question: impl Future<Output = Option<T>>) -> Option<T> {
        let limited = async { tokio::time::timeout(PATIENCE, question).await.ok()? };
        self.runtime.block_on(limited)
    }

    fn codeartifact(&self) -> Client {
        Client::new(&self.session.settings_of(self.latest()))
    }
}
