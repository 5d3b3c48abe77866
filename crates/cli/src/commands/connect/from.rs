//! `--from DOMAIN/REPOSITORY`: a connection's URLs from a repository's name. Owner and Region come from what is known
//! already; AWS is asked for the owner only if nothing says it, and in the end whether the repository is there.

use std::time::Duration;

use codeartifact_auth::Error;
use codeartifact_auth::connection::{Configuration, Connections, Key, nearest};
use codeartifact_auth::endpoint::{
    Domain, Endpoint, Format, RepositoryRef, is_domain_name, is_repository_name,
};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::mint::{ListRequest, Listing, Repository};
use codeartifact_clients::ALL;
use codeartifact_clients::error::UsageError;

use super::draft::Draft;
use crate::arguments::ConnectArguments;
use crate::commands::refused::refused;
use crate::config_file::ConfigurationFile;
use crate::output::Output;

/// A token may take as long.
const DEADLINE: Duration = Duration::from_secs(28);

/// A repository by its name, and where its domain is.
pub(super) struct NamedRepository {
    endpoint: Endpoint,
    repository: String,
}

impl NamedRepository {
    /// Reads `--from`, if it is given, and finds out whose domain that is and where.
    pub(super) fn find(
        arguments: &ConnectArguments,
        draft: &Draft<'_>,
        configuration: &Configuration,
        environment: &Environment,
    ) -> anyhow::Result<Option<Self>> {
        let Some(text) = &arguments.from else {
            return Ok(None);
        };
        let (name, repository) = text
            .split_once('/')
            .filter(|(domain, repository)| is_domain_name(domain) && is_repository_name(repository))
            .ok_or_else(|| {
                UsageError::new("--from: give DOMAIN/REPOSITORY, such as my-domain/my-repo")
            })?;
        let region = arguments.region.clone();
        let region = region
            .or_else(|| draft.region())
            .or_else(|| environment.region())
            .ok_or_else(|| UsageError::new("--from also needs --region, or AWS_REGION"))?;
        let owner = match draft.owner() {
            Some(owner) => owner.to_owned(),
            None => own_account(name, &region, draft, configuration, environment)?,
        };
        let domain = Domain {
            name: name.to_owned(),
            owner,
            region,
        };
        Ok(Some(Self {
            endpoint: Endpoint::of_domain(&domain)?,
            repository: repository.to_owned(),
        }))
    }

    /// Puts the URLs into the draft, but not over one that was given.
    pub(super) fn fill(&self, draft: &mut Draft<'_>) -> Result<(), UsageError> {
        let account = (Key::AccountId, self.endpoint.domain.owner.clone());
        let urls = formats().map(|format| (Key::Url(format), self.url(format)));
        for (key, text) in std::iter::once(account).chain(urls) {
            if !draft.is_given(key) {
                draft
                    .set(key, &text)
                    .map_err(|problem| refused("--from", &problem))?;
            }
        }
        Ok(())
    }

    fn url(&self, format: Format) -> String {
        self.endpoint.client_url_of(&RepositoryRef {
            format,
            repository: self.repository.clone(),
        })
    }

    /// Tells what is wrong with the name, if AWS can. A role that does not exist yet, or may not list, is no reason
    /// not to save.
    pub(super) fn check(
        &self,
        name: &str,
        draft: &mut Draft<'_>,
        file: &ConfigurationFile,
        environment: &Environment,
    ) -> Result<Option<Output>, Error> {
        let after = file.preview(name, draft.changes())?;
        let connections = Connections::new(after, environment)?;
        let request = ListRequest {
            connection: &connections.named_or_ambient(Some(name))?,
            region: &self.endpoint.domain.region,
            domains: std::slice::from_ref(&self.endpoint.domain),
            others: false,
            deadline: DEADLINE,
        };
        let listing = Listing::of(environment, &request);
        match listing.map(|listing| listing.domains.into_iter().next()) {
            Ok(Some((_, Ok(there)))) => Ok(self.missing(&there)),
            Ok(None) => Ok(None),
            Ok(Some((_, Err(error)))) | Err(error) if error.exit() == Exit::NotFound => {
                Err(error.into())
            }
            Ok(Some((_, Err(error)))) | Err(error) => {
                draft.remark(format!(
                    "whether {}/{} is there was not checked: {}",
                    self.endpoint.domain.name,
                    self.repository,
                    error.words()
                ));
                Ok(None)
            }
        }
    }

    fn missing(&self, there: &[Repository]) -> Option<Output> {
        let domain = &self.endpoint.domain.name;
        let names = || there.iter().map(|repository| repository.name.as_str());
        if names().any(|name| name == self.repository) {
            return None;
        }
        let hint = match nearest(&self.repository, names()) {
            Some(name) => format!("did you mean `{domain}/{name}`?"),
            None => "`codeartifact repositories` lists those that there are".to_owned(),
        };
        let text = format!(
            "codeartifact: domain {domain} has no repository {}\n  hint: {hint}\n",
            self.repository
        );
        Some(Output::failed(text, Exit::NotFound))
    }
}

/// Returns every format that a client reads. A repository has them all, whatever is in it.
fn formats() -> impl Iterator<Item = Format> {
    let is_read = |format: &Format| ALL.iter().any(|client| client.format() == *format);
    Format::ALL.into_iter().filter(is_read)
}

/// Finds the owner where nothing says it: the domain is one of the caller's own account then.
fn own_account(
    name: &str,
    region: &str,
    draft: &Draft<'_>,
    configuration: &Configuration,
    environment: &Environment,
) -> anyhow::Result<String> {
    let connections = Connections::new(configuration.clone(), environment)?;
    let mut connection = connections.named_or_ambient(None)?;
    connection.profile = draft
        .text(Key::Profile)
        .map(str::to_owned)
        .or(connection.profile);
    let request = ListRequest {
        connection: &connection,
        region,
        domains: &[],
        others: true,
        deadline: DEADLINE,
    };
    let listing = Listing::of(environment, &request)?;
    if let Some(error) = listing.unlisted {
        return Err(error.into());
    }
    let mut domains = listing.domains.into_iter().map(|(domain, _)| domain);
    let found = domains.find(|domain| domain.name == name);
    Ok(found.map(|domain| domain.owner).ok_or_else(|| {
        UsageError::new(format!(
            "--from: your account has no domain {name} in {region}\n  \
             hint: give --account-id if it belongs to another account"
        ))
    })?)
}
