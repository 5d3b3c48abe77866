//! The broker's own file, `proxy.toml`: where it listens, whose identity tokens it believes, and which connections they open.
//! The connections themselves are in the configuration that every program of ours reads.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use codeartifact_auth::user_file::read_text;
use serde::Deserialize;

use crate::forward::Stop;

/// A file of it, checked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BrokerConfig {
    /// Where jobs ask.
    pub(crate) listen: SocketAddr,
    /// Where metrics and health are shown, in plain http.
    pub(crate) metrics: Option<SocketAddr>,
    pub(crate) tls: Option<TlsFiles>,
    /// For builds that must not see a token.
    pub(crate) proxy: Option<ProxyConfig>,
    #[serde(default)]
    pub(crate) issuers: Vec<IssuerConfig>,
    #[serde(default)]
    pub(crate) clients: Vec<ClientRule>,
}

/// PEM files, which may be replaced while the broker runs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsFiles {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// The forward proxy.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProxyConfig {
    /// In plain http: what matters is in TLS through it, and a job's proof is worth nothing elsewhere.
    pub(crate) listen: SocketAddr,
    /// The private key of its certificate authority, which replicas share: PEM.
    pub(crate) key: PathBuf,
    /// Other hosts, as `--others` has them.
    pub(crate) others: Option<String>,
}

/// Where an issuer's keys are, if its discovery document cannot be read as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssuerConfig {
    pub(crate) issuer: String,
    /// The keys themselves, for an issuer that the broker cannot reach.
    pub(crate) jwks_file: Option<PathBuf>,
    /// Their URL, in place of the discovery document's.
    pub(crate) jwks_url: Option<String>,
    /// Certificate authorities beside the system's.
    pub(crate) authorities: Option<PathBuf>,
    /// The broker's own token, which a cluster's API wants to see.
    pub(crate) token_file: Option<PathBuf>,
}

/// Who may use which connections.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientRule {
    pub(crate) issuer: String,
    pub(crate) audience: String,
    /// `*` stands for any text.
    pub(crate) subject: String,
    pub(crate) connections: Vec<String>,
}

impl BrokerConfig {
    pub(crate) fn load(path: &Path) -> Result<Self, Stop> {
        let text = read_text(path).map_err(|error| wrong(path, &error.to_string()))?;
        Self::parse(&text).map_err(|reason| wrong(path, &reason))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let config: Self =
            toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        if self.tls.is_none() && !self.listen.ip().is_loopback() {
            return Err(
                "[tls] is missing: without it the broker listens on loopback only".to_owned(),
            );
        }
        if self.clients.is_empty() {
            return Err("there is no [[clients]], so nobody could ask".to_owned());
        }
        self.clients.iter().try_for_each(ClientRule::check)?;
        self.issuers.iter().try_for_each(|it| it.check(self))?;
        for client in &self.clients {
            let issuer = self.issuer(&client.issuer);
            if issuer.jwks_file.is_none() && !issuer.issuer.starts_with("https://") {
                return Err(format!(
                    "issuer `{}` is no https URL, so give its keys: `jwks_file` in [[issuers]]",
                    issuer.issuer
                ));
            }
        }
        Ok(())
    }

    /// What is said about an issuer, or that nothing is.
    pub(crate) fn issuer(&self, issuer: &str) -> IssuerConfig {
        let said = self.issuers.iter().find(|it| it.issuer == issuer).cloned();
        said.unwrap_or_else(|| IssuerConfig {
            issuer: issuer.to_owned(),
            ..IssuerConfig::default()
        })
    }
}

impl IssuerConfig {
    fn check(&self, config: &BrokerConfig) -> Result<(), String> {
        let issuer = &self.issuer;
        if !config.clients.iter().any(|it| it.issuer == *issuer) {
            return Err(format!("no [[clients]] has the issuer `{issuer}`"));
        }
        let is_plain = |url: &String| !url.starts_with("https://");
        if self.jwks_url.as_ref().is_some_and(is_plain) {
            return Err(format!("jwks_url of issuer `{issuer}` is no https URL"));
        }
        Ok(())
    }
}

impl ClientRule {
    /// An empty value, or a subject that anybody has, would let in whom nobody meant.
    fn check(&self) -> Result<(), String> {
        let Self {
            issuer,
            audience,
            subject,
            connections,
        } = self;
        if issuer.is_empty() || audience.is_empty() || connections.is_empty() {
            return Err(format!(
                "[[clients]] of subject `{subject}`: issuer, audience and connections must not be empty"
            ));
        }
        if subject.is_empty() || subject.starts_with('*') {
            return Err(format!(
                "[[clients]]: the subject `{subject}` would let in everybody of issuer `{issuer}`; begin it with text"
            ));
        }
        Ok(())
    }
}

fn wrong(path: &Path, reason: &str) -> Stop {
    Stop::Configuration(format!("{}: {reason}\n", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: &str = "[[clients]]\nissuer = 'https://i.example.com'\naudience = 'codeartifact-broker'\n\
        subject = 'system:serviceaccount:builds-acme:*'\nconnections = ['acme']\n";

    #[test]
    fn a_whole_file() {
        let text = format!(
            "listen = '0.0.0.0:8443'\nmetrics = '0.0.0.0:9090'\n\
             [tls]\ncertificate = '/tls/tls.crt'\nkey = '/tls/tls.key'\n\
             [[issuers]]\nissuer = 'https://i.example.com'\nauthorities = '/ca.crt'\ntoken_file = '/token'\n{CLIENT}"
        );
        let config = BrokerConfig::parse(&text).unwrap();
        assert_eq!(config.listen.port(), 8443);
        assert_eq!(
            config.issuer("https://i.example.com").authorities,
            Some("/ca.crt".into())
        );
        assert_eq!(config.issuer("https://other").authorities, None);
    }

    #[test]
    fn what_would_let_in_whom_nobody_meant_is_refused() {
        let here = "listen = '127.0.0.1:0'\n";
        let rows = [
            (format!("{here}{CLIENT}"), ""),
            (
                format!("listen = '0.0.0.0:0'\n{CLIENT}"),
                "[tls] is missing",
            ),
            (here.to_owned(), "no [[clients]]"),
            (format!("{here}{CLIENT}role = 'x'"), "unknown field `role`"),
            (
                format!(
                    "{here}{}",
                    CLIENT.replace("system:serviceaccount:builds-acme:*", "*")
                ),
                "everybody",
            ),
            (
                format!("{here}{}", CLIENT.replace("'acme'", "")),
                "must not be empty",
            ),
            (
                format!("{here}{}", CLIENT.replace("codeartifact-broker", "")),
                "must not be empty",
            ),
            (
                format!("{here}{}", CLIENT.replace("https://i.", "http://i.")),
                "no https URL",
            ),
            (
                format!("{here}{CLIENT}[[issuers]]\nissuer = 'https://j.example.com'"),
                "no [[clients]] has the issuer",
            ),
            (
                format!(
                    "{here}{CLIENT}[[issuers]]\nissuer = 'https://i.example.com'\njwks_url = 'http://x'"
                ),
                "jwks_url",
            ),
        ];
        for (text, expected) in rows {
            let found = BrokerConfig::parse(&text).err().unwrap_or_default();
            assert_eq!(found.is_empty(), expected.is_empty(), "{text}: {found}");
            assert!(found.contains(expected), "{text}: {found}");
        }
    }
}
