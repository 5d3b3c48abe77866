//! `--from DOMAIN/REPOSITORY`: a connection's URLs from a repository's name. Owner and Region come from what is known
//! already; AWS is asked for the owner only if nothing says it, and in the end whether the repository is there.

use std::time::Duration;

use codeartifact_auth::Error;
use codeartifact_auth::connection::{Configuration, ConfigurationFile, Connections, Key, nearest};
use codeartifact_auth::endpoint::{
    Domain, Endpoint, Format, RepositoryRef, is_domain_name, is_repository_name,
};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::{Exit, Failure};
use codeartifact_auth::mint::{ListRequest, Listing, Repository};
use codeartifact_clients::error::UsageError;

use super::ASKED_FORMATS;
use super::draft::Draft;
use crate::commands::refused::refused;
use crate::output::Output;

/// As long as a token may take.
const DEADLINE: Duration = Duration::from_secs(28);

/// A repository by its name, and where its domain is.
pub(super) struct Source {
    endpoint: Endpoint,
    repository: String,
}

impl Source {
    /// Reads `DOMAIN/REPOSITORY`, and finds out whose domain that is and where.
    pub(super) fn find(
        text: &str,
        region: Option<&str>,
        draft: &Draft<'_>,
        configuration: &Configuration,
        environment: &Environment,
    ) -> anyhow::Result<Self> {
        let (name, repository) = text
            .split_once('/')
            .filter(|(domain, repository)| is_domain_name(domain) && is_repository_name(repository))
            .ok_or_else(|| {
                UsageError::new("--from: give DOMAIN/REPOSITORY, such as my-domain/my-repo")
            })?;
        let region = region
            .map(str::to_owned)
            .or_else(|| draft.region())
            .or_else(|| environment.region())
            .ok_or_else(|| UsageError::new("--from also needs --region, or AWS_REGION"))?;
        let owner = match draft.owner() {
            Some(owner) => owner,
            None => own_account(name, &region, draft, configuration, environment)?,
        };
        let domain = Domain {
            name: name.to_owned(),
            owner,
            region,
        };
        Ok(Self {
            endpoint: Endpoint::of_domain(&domain).map_err(Error::from)?,
            repository: repository.to_owned(),
        })
    }

    /// Puts the URLs into the draft, but not over one that was given.
    pub(super) fn fill(&self, draft: &mut Draft<'_>) -> Result<(), UsageError> {
        let account = (Key::AccountId, self.endpoint.domain.owner.clone());
        let urls = ASKED_FORMATS.map(|format| (Key::Url(format), self.url(format)));
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

    /// What is wrong with the name, if AWS can tell; a role that does not exist yet, or may not list, is no reason
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
        let connection = connections.named_or_ambient(Some(name))?;
        let domain = &self.endpoint.domain;
        let listing = Listing::of(
            environment,
            &ListRequest {
                connection: &connection,
                region: &domain.region,
                domains: std::slice::from_ref(domain),
                others: false,
                deadline: DEADLINE,
            },
        );
        let listed = listing.map(|listing| listing.domains.into_iter().next());
        match listed {
            Ok(Some((_, Ok(there)))) => Ok(self.missing(&there)),
            Ok(Some((_, Err(error)))) | Err(error) if error.exit() == Exit::NotFound => {
                Err(error.into())
            }
            Ok(Some((_, Err(error)))) | Err(error) => {
                draft.remark(unchecked(text_of(self), &error));
                Ok(None)
            }
            Ok(None) => Ok(None),
        }
    }

    fn missing(&self, there: &[Repository]) -> Option<Output> {
        let names = || there.iter().map(|repository| repository.name.as_str());
        if names().any(|name| name == self.repository) {
            return None;
        }
        let hint = match nearest(&self.repository, names()) {
            Some(name) => format!("did you mean `{}/{name}`?", self.endpoint.domain.name),
            None => "`codeartifact repositories` lists those that there are".to_owned(),
        };
        let text = format!(
            "codeartifact: domain {} has no repository {}\n  hint: {hint}\n",
            self.endpoint.domain.name, self.repository
        );
        Some(Output::failed(text, Exit::NotFound))
    }
}

fn text_of(source: &Source) -> String {
    format!("{}/{}", source.endpoint.domain.name, source.repository)
}

fn unchecked(what: String, failure: &Failure) -> String {
    let reason = failure.words();
    format!("whether {what} is there was not checked: {reason}")
}

/// Nothing says whose domain it is: then it is one of the caller's own.
fn own_account(
    name: &str,
    region: &str,
    draft: &Draft<'_>,
    configuration: &Configuration,
    environment: &Environment,
) -> anyhow::Result<String> {
    let connections = Connections::new(configuration.clone(), environment).map_err(Error::from)?;
    let mut connection = connections.named_or_ambient(None).map_err(Error::from)?;
    connection.profile = draft.text(Key::Profile).or(connection.profile);
    let request = ListRequest {
        connection: &connection,
        region,
        domains: &[],
        others: true,
        deadline: DEADLINE,
    };
    let listing = Listing::of(environment, &request).map_err(Error::from)?;
    if let Some(error) = listing.unlisted {
        return Err(Error::from(error).into());
    }
    let mut domains = listing.domains.into_iter().map(|(domain, _)| domain);
    let found = domains.find(|domain| domain.name == name);
    Ok(found.map(|domain| domain.owner).ok_or_else(|| {
        UsageError::new(format!(
            "--from: your account has no domain {name} in {region}\n  \
             hint: give --account-id if it belongs to somebody else"
        ))
    })?)
}
