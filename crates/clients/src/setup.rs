//! A setup as it was asked for, and the repository that it is about: the one of the URL given, or a connection's.

use codeartifact_auth::Error;
use codeartifact_auth::endpoint::{Endpoint, Format};

use crate::error::UsageError;
use crate::here::Here;

/// A setup as the user asked for it, for any client. A client's command line takes only what the client has a use for.
#[derive(Debug, Clone, Default)]
pub struct SetupOptions {
    /// The connection whose repository to use.
    pub name: Option<String>,
    /// The repository's URL.
    pub url: Option<String>,
    /// Whose configuration is meant.
    pub level: Level,
    /// Scopes to read from the repository.
    pub scopes: Vec<String>,
    /// Packages of no scope come from it too.
    pub default: bool,
    /// Patterns of private modules.
    pub private: Vec<String>,
    /// Every repository of ours is meant, not just the one that is named.
    pub global: bool,
    /// Set if what the client asked so far stays behind the repository.
    pub fallback: bool,
}

/// Whose configuration is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Level {
    /// The user's own.
    #[default]
    User,
    /// The settings of the project in this directory.
    Project,
}

/// A setup to be planned.
pub struct Setup<'a> {
    /// Where.
    pub here: &'a Here<'a>,
    /// What.
    pub options: &'a SetupOptions,
}

/// A repository, and the name to call it by in a client's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The connection's, or the repository's own.
    pub name: String,
    /// The path.
    pub endpoint: Endpoint,
}

impl Setup<'_> {
    /// The one repository that is meant.
    ///
    /// # Errors
    /// The URL is not one of `format`, or no or no single connection has one.
    pub fn repository(&self, format: Format) -> anyhow::Result<Repository> {
        match &self.options.url {
            Some(url) => self.by_url(url, format),
            None => self.by_connection(format),
        }
    }

    /// The name under which its lines are marked, for an undo; `None` for those of all.
    ///
    /// # Errors
    /// As [`Setup::repository`].
    pub(crate) fn written_name(&self, format: Format) -> anyhow::Result<Option<String>> {
        match &self.options.url {
            None => Ok(self.options.name.clone()),
            Some(_) => Ok(Some(self.repository(format)?.name)),
        }
    }

    fn by_url(&self, url: &str, format: Format) -> anyhow::Result<Repository> {
        let hosts = self.here.connections()?.hosts().map_err(Error::from)?;
        let endpoint = Endpoint::parse(url, hosts).map_err(Error::from)?;
        let wrong = match &endpoint.place {
            Some(place) if place.format == format => {
                let name = place.repository.clone();
                return Ok(Repository { name, endpoint });
            }
            Some(place) => format!(
                "{endpoint} is of format {}, and a {format} repository is needed",
                place.format
            ),
            None => {
                format!("{endpoint} names no repository: {endpoint}{format}/REPOSITORY/ would")
            }
        };
        Err(UsageError::new(wrong).into())
    }

    fn by_connection(&self, format: Format) -> anyhow::Result<Repository> {
        let named = self.options.name.as_deref();
        let configuration = self.here.connections()?.configuration();
        let configuration = configuration.map_err(Error::from)?;
        let meant = |name: Option<&str>| named.is_none() || name == named;
        let mut found = configuration.connections().filter_map(|connection| {
            let name = connection.name.clone().filter(|name| meant(Some(name)))?;
            let endpoint = connection.endpoints.get(&format)?.clone();
            Some(Repository { name, endpoint })
        });
        let wrong = match (found.next(), found.next(), named) {
            (Some(repository), None, _) => return Ok(repository),
            (Some(_), Some(_), _) => {
                format!("several connections have a `{format}` URL; name the one you mean")
            }
            (None, _, Some(name)) => format!(
                "no connection `{name}` with a `{format}` URL; name the repository with --url\n  \
                 hint: `codeartifact connections` lists what there is"
            ),
            (None, _, None) => {
                format!("no connection has a `{format}` URL; name the repository with --url")
            }
        };
        Err(UsageError::new(wrong).into())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use codeartifact_auth::environment::Environment;
    use codeartifact_auth::token::Timestamp;

    use super::*;

    const HOST: &str = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

    fn found(name: Option<&str>, url: Option<&String>, format: Format) -> Result<String, String> {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("config.toml");
        let block = |name: &str, format: &str, tail: &str| {
            format!(
                "[connections.{name}]\naccount_id = \"111122223333\"\n\
                 {format} = \"{HOST}/{format}/{name}/{tail}\"\n"
            )
        };
        let text =
            block("acme", "pypi", "simple/") + &block("blue", "go", "") + &block("red", "go", "");
        fs::write(&file, text).unwrap();
        let variables = [("CODEARTIFACT_CONFIG", file.to_str().unwrap())];
        let environment = Environment::fixed(&variables, home.path().to_owned(), Timestamp(0));
        let options = SetupOptions {
            name: name.map(str::to_owned),
            url: url.cloned(),
            ..SetupOptions::default()
        };
        let here = Here::at(home.path().to_owned(), &environment);
        let setup = Setup {
            here: &here,
            options: &options,
        };
        let found = setup
            .repository(format)
            .map_err(|error| error.to_string())?;
        Ok(format!("{} {}", found.name, found.endpoint.client_url()))
    }

    #[test]
    fn one_repository_is_meant_or_none() {
        let acme = Ok(format!("acme {HOST}/pypi/acme/simple/"));
        let blue = Ok(format!("blue {HOST}/go/blue/"));
        let other = Ok(format!("my-repo {HOST}/pypi/my-repo/simple/"));
        let (pypi, npm) = (
            format!("{HOST}/pypi/my-repo/"),
            format!("{HOST}/npm/my-repo/"),
        );
        let host = HOST.to_owned();
        let rows: [(_, Option<&String>, _, Result<String, &str>); 8] = [
            (None, None, Format::Pypi, acme.clone()),
            (Some("acme"), None, Format::Pypi, acme),
            (Some("blue"), None, Format::Go, blue),
            (None, None, Format::Go, Err("several connections")),
            (
                Some("acme"),
                None,
                Format::Go,
                Err("no connection `acme` with a `go` URL"),
            ),
            (None, Some(&pypi), Format::Pypi, other),
            (None, Some(&npm), Format::Pypi, Err("is of format npm")),
            (None, Some(&host), Format::Pypi, Err("names no repository")),
        ];
        for (name, url, format, expected) in rows {
            match (found(name, url, format), expected) {
                (Err(message), Err(part)) => assert!(message.contains(part), "{message}"),
                (found, expected) => assert_eq!(found, expected.map_err(str::to_owned)),
            }
        }
    }
}
