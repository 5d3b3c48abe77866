//! The steps to a token and beyond, as what a failure's words begin with.

use super::template::{Values, fill};
use crate::endpoint::Domain;

pub(super) const NONE: &str = "";
pub(super) const ANY: &str = "{step}";
pub(super) const VALUE: &str = "{file}, line {line}, column {column}: {key}";
pub(super) const START: &str = "cannot talk to AWS< (connection {connection})>";
pub(super) const CREDENTIALS: &str = "cannot get AWS credentials< (connection {connection})>";
pub(super) const HOP: &str = "cannot assume {role} (hop {hop}<, connection {connection}>)";
const IDENTITY: &str = "cannot ask AWS who is calling< (connection {connection})>";
pub(super) const TOKEN: &str = "cannot get a token for domain {domain} of account {account} in {region}< (connection {connection})>";
const DOMAINS: &str = "cannot list the domains in {region}< (connection {connection})>";
pub(super) const REPOSITORIES: &str = "cannot list the repositories of domain {domain} of account {account} in {region}< (connection {connection})>";
pub(super) const REPOSITORY: &str = "cannot read {url}< (connection {connection})>";
pub(super) const PUBLICATION: &str =
    "cannot publish {package} {version} to {repository}< (connection {connection})>";
pub(super) const PACKAGE: &str = "cannot find {package} in {url}< (connection {connection})>";

/// A step of the way to AWS.
#[derive(Debug, Clone)]
pub struct Step {
    template: &'static str,
    values: Values,
}

impl Step {
    /// Getting ready: certificate authorities, AWS's shared files.
    pub fn start() -> Self {
        Self::new(START, [])
    }

    /// Finding the first credentials.
    pub fn credentials() -> Self {
        Self::new(CREDENTIALS, [])
    }

    /// Assuming the role of hop `number` (from 1) of `of`.
    pub fn hop(number: usize, of: usize, role_arn: &str) -> Self {
        let hop = format!("{number} of {of}");
        let account = role_arn.split(':').nth(4).unwrap_or("of the role");
        Self::new(
            HOP,
            [("hop", &hop), ("role", role_arn), ("account", account)],
        )
    }

    /// Asking STS who the credentials belong to.
    pub fn identity() -> Self {
        Self::new(IDENTITY, [])
    }

    /// Asking CodeArtifact for the domain's token.
    pub fn token(domain: &Domain) -> Self {
        Self::of_domain(TOKEN, domain)
    }

    /// Asking CodeArtifact which domains the caller's account has in a Region.
    pub fn domains(region: &str) -> Self {
        Self::new(DOMAINS, [("region", region)])
    }

    /// Asking CodeArtifact which repositories a domain has.
    pub fn repositories(domain: &Domain) -> Self {
        Self::of_domain(REPOSITORIES, domain)
    }

    /// Reading from the repository with this root, as its clients do.
    pub fn repository(url: &str) -> Self {
        Self::new(REPOSITORY, [("url", url)])
    }

    /// Publishing a version of a generic package.
    pub fn publication(package: &str, version: &str, repository: &str) -> Self {
        let values = [
            ("package", package),
            ("version", version),
            ("repository", repository),
        ];
        Self::new(PUBLICATION, values)
    }

    /// Looking for `my-package` or `my-package@1.0.0` in the repository with this root.
    pub fn package(package: &str, url: &str) -> Self {
        Self::new(PACKAGE, [("package", package), ("url", url)])
    }

    fn of_domain(template: &'static str, domain: &Domain) -> Self {
        let Domain {
            name,
            owner,
            region,
        } = domain;
        Self::new(
            template,
            [("domain", name), ("account", owner), ("region", region)],
        )
    }

    fn new<const N: usize>(template: &'static str, values: [(&str, &str); N]) -> Self {
        let owned = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            template,
            values: owned.into(),
        }
    }

    /// Its holes, and its whole text as the one that all rows may have.
    pub(super) fn values(&self, connection: Option<&str>) -> Values {
        let mut values = self.values.clone();
        if let Some(name) = connection {
            values.insert("connection".to_owned(), name.to_owned());
        }
        values.insert("step".to_owned(), fill(self.template, &values));
        values
    }
}
