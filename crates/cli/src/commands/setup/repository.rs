//! Which repository a setup is about: the one of the URL given, or the one that a connection has.

use codeartifact_auth::endpoint::{Endpoint, Format};
use codeartifact_auth::{Authenticator, Error};

use crate::arguments::SetupArguments;
use crate::output::Usage;

/// A repository, and the name to call it by in a client's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repository {
    /// The connection's, or the repository's own.
    pub(super) name: String,
    pub(super) endpoint: Endpoint,
}

/// # Errors
/// The URL is not one of `format`, or no or no single connection has one.
pub(super) fn meant(
    arguments: &SetupArguments,
    format: Format,
    authenticator: &Authenticator,
) -> anyhow::Result<Repository> {
    match &arguments.url {
        Some(url) => by_url(url, format, authenticator),
        None => by_connection(arguments.name.as_deref(), format, authenticator),
    }
}

fn by_url(url: &str, format: Format, authenticator: &Authenticator) -> anyhow::Result<Repository> {
    let endpoint = authenticator.endpoint(url)?;
    match &endpoint.place {
        Some(place) if place.format == format => Ok(Repository {
            name: place.repository.clone(),
            endpoint,
        }),
        Some(place) => Err(Usage::new(&format!(
            "{endpoint} is of format {}, and a {format} repository is needed",
            place.format
        ))
        .into()),
        None => Err(Usage::new(&format!(
            "{endpoint} names no repository: {endpoint}{format}/REPOSITORY/ would"
        ))
        .into()),
    }
}

fn by_connection(
    named: Option<&str>,
    format: Format,
    authenticator: &Authenticator,
) -> anyhow::Result<Repository> {
    let configuration = authenticator.connections().configuration();
    let configuration = configuration.map_err(Error::from)?;
    let mut found = configuration
        .connections()
        .filter(|connection| named.is_none() || connection.name.as_deref() == named)
        .filter_map(|connection| {
            Some(Repository {
                name: connection.name.clone()?,
                endpoint: connection.endpoints.get(&format)?.clone(),
            })
        });
    match (found.next(), found.next(), named) {
        (Some(repository), None, _) => Ok(repository),
        (Some(_), Some(_), _) => Err(Usage::new(&format!(
            "several connections have a `{format}` URL; name the one you mean"
        ))
        .into()),
        (None, _, Some(name)) => Err(Usage::new(&format!(
            "no connection `{name}` with a `{format}` URL; name the repository with --url\n  \
             hint: `codeartifact connections` lists what there is"
        ))
        .into()),
        (None, _, None) => Err(Usage::new(&format!(
            "no connection has a `{format}` URL; name the repository with --url"
        ))
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use crate::commands::authenticator;
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
        let arguments = SetupArguments {
            name: name.map(str::to_owned),
            url: url.cloned(),
            dry_run: false,
            undo: false,
        };
        let authenticator = authenticator(&environment).unwrap();
        let found = meant(&arguments, format, &authenticator).map_err(|error| error.to_string())?;
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
