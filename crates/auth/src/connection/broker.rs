//! The broker of a platform, which jobs ask for tokens before AWS: its keys in the file and its variables. What is asked there
//! is `mint/broker.rs`'s.

use serde::{Deserialize, Serialize};

use super::check::{self, alone, wrong};
use super::table::Table;
use crate::broker::AUDIENCE;
use crate::environment::{self, Environment};
use crate::error::Failure;
use crate::id_token::IdTokenSource;

/// The broker that is asked first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokerSettings {
    /// `https://codeartifact-broker.builds.svc`, without a slash at the end.
    pub url: String,
    /// The source of this job's identity token.
    pub source: IdTokenSource,
    /// Whom that token is for.
    pub audience: String,
}

/// The table `[broker]`. Variables may say the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct BrokerKeys {
    url: Option<String>,
    source: Option<IdTokenSource>,
    audience: Option<String>,
}

const KEYS: &[&str] = &["url", "source", "audience"];

impl BrokerKeys {
    pub(super) fn read(table: Table<'_>) -> Result<Self, Box<Failure>> {
        table.require_known(KEYS)?;
        Ok(Self {
            url: table.read("url", url)?,
            source: table.read("source", check::source)?,
            audience: table.read("audience", check::audience)?,
        })
    }

    pub(super) fn of_variables(environment: &Environment) -> Result<Self, Box<Failure>> {
        use super::variables::variable;
        Ok(Self {
            url: variable(environment, environment::BROKER, url)?,
            source: variable(environment, environment::BROKER_SOURCE, check::source)?,
            audience: variable(environment, environment::BROKER_AUDIENCE, check::audience)?,
        })
    }

    /// The broker, if these or `others` name one.
    pub(super) fn or(&self, others: &Self) -> Result<Option<BrokerSettings>, Box<Failure>> {
        let Some(url) = self.url.as_ref().or(others.url.as_ref()) else {
            return Ok(None);
        };
        let source = self.source.as_ref().or(others.source.as_ref());
        let source = source.ok_or_else(|| {
            let failure = alone(environment::BROKER_SOURCE).with("step", environment::BROKER);
            failure.with(
                "correction",
                "say where the job's identity token is: `file:PATH`, `github-actions` and so on; or `source` in [broker]",
            )
        })?;
        let audience = self.audience.as_ref().or(others.audience.as_ref());
        Ok(Some(BrokerSettings {
            url: url.clone(),
            source: source.clone(),
            audience: audience.map_or(AUDIENCE, String::as_str).to_owned(),
        }))
    }
}

/// An https URL. Without TLS a broker is asked on this machine only: the answer is a token.
fn url(text: &str) -> Result<String, Box<Failure>> {
    let refused = |reason: &str| {
        let given = text.escape_debug();
        let failure = wrong(format_args!("`{given}` {reason}"));
        failure.with(
            "correction",
            "it looks like `https://codeartifact-broker.builds.svc`",
        )
    };
    let (scheme, rest) = text
        .split_once("://")
        .ok_or_else(|| refused("is not a URL"))?;
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]/".contains(&byte);
    if host.is_empty() || !rest.bytes().all(is_legal) {
        return Err(refused("is not a URL of host and path alone"));
    }
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match scheme {
        "https" => {}
        "http" if is_here => {}
        "http" => {
            return Err(refused(
                "must begin with https://, for the answer is a token",
            ));
        }
        _ => return Err(refused("is not an https URL")),
    }
    Ok(text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_is_asked_by_https_alone() {
        let rows = [
            (
                "https://broker.example.com",
                Some("https://broker.example.com"),
            ),
            (
                "https://broker.example.com:8443/",
                Some("https://broker.example.com:8443"),
            ),
            ("https://broker/a/b/", Some("https://broker/a/b")),
            ("https://[::1]:8443", Some("https://[::1]:8443")),
            ("http://127.0.0.1:8443", Some("http://127.0.0.1:8443")),
            ("http://localhost:1", Some("http://localhost:1")),
            ("http://[::1]:1", Some("http://[::1]:1")),
            ("http://broker.example.com", None),
            ("http://127.0.0.1.example.com", None),
            ("http://127.0.0.1@example.com", None),
            ("https://me:secret@broker", None),
            ("https://broker?x", None),
            ("https://", None),
            ("broker.example.com", None),
            ("ftp://broker", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(url(text).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn variables_go_before_the_file_and_fill_it_up() {
        let keys = |url: &str, source: &str| BrokerKeys {
            url: Some(url.to_owned()).filter(|it| !it.is_empty()),
            source: source.parse().ok(),
            audience: None,
        };
        let rows = [
            (keys("", ""), keys("", "env:A"), None),
            (
                keys("https://a", ""),
                keys("https://b", "env:B"),
                Some("https://a env:B codeartifact-broker"),
            ),
            (
                keys("https://a", "env:A"),
                keys("", ""),
                Some("https://a env:A codeartifact-broker"),
            ),
            (
                keys("", "env:A"),
                keys("https://b", "env:B"),
                Some("https://b env:A codeartifact-broker"),
            ),
        ];
        for (over, file, expected) in rows {
            let found = over.or(&file).unwrap();
            let shown = found.map(|it| format!("{} {} {}", it.url, it.source, it.audience));
            assert_eq!(shown.as_deref(), expected);
        }
        let failure = keys("https://a", "").or(&keys("", "")).unwrap_err();
        assert!(
            failure.words().contains("CODEARTIFACT_BROKER_SOURCE"),
            "{failure}"
        );
    }
}
