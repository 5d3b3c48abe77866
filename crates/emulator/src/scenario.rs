//! The scenario: accounts, users, roles, domains and repositories of the emulated AWS, read from one TOML
//! file and checked as a whole. It holds no state that changes while the emulator runs.

mod check;
mod file;
mod resolve;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use http::StatusCode;

use crate::checksums::Checksums;
use crate::faults::Fault;
use crate::iam::Policy;
use crate::id_token::KeySet;
use crate::packages::Packages;

pub(crate) use check::{is_account_id, is_domain, is_repository};
pub(crate) use file::{
    Container, GithubJob, Instance, KeyPair, Mfa, SignInAnswer, Sso, WebIdentity,
};

/// The documented example: `codeartifact-emulator scenario` prints it, a test loads it.
pub(crate) const EXAMPLE: &str = include_str!("../scenario.toml");

pub(crate) struct Scenario {
    pub(crate) accounts: BTreeMap<String, Account>,
    /// Hosts of one's own in front of a domain, each with the URL it stands for.
    pub(crate) hosts: BTreeMap<String, String>,
    pub(crate) web_identities: Vec<WebIdentity>,
    pub(crate) github: Option<GithubJob>,
    pub(crate) sso: Option<Sso>,
    pub(crate) instance: Option<Instance>,
    pub(crate) container: Option<Container>,
    pub(crate) checksum_database: Option<Checksums>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) token_size: usize,
    /// `None`: each format has its own.
    redirect: Option<StatusCode>,
    /// Tarball URLs of npm name port 443.
    pub(crate) npm_port: bool,
    /// Repositories serve Go modules below `/go/`, which AWS's do not: the stand-in for a Go proxy of one's own.
    pub(crate) go_endpoint: bool,
}

pub(crate) struct Account {
    pub(crate) organization: Option<String>,
    pub(crate) root: Option<KeyPair>,
    pub(crate) users: BTreeMap<String, User>,
    /// By path and name, as in the ARN after `role/`.
    pub(crate) roles: BTreeMap<String, Role>,
    pub(crate) domains: BTreeMap<String, ScenarioDomain>,
    /// Identity providers that the account trusts, by issuer without `https://`.
    pub(crate) oidc_providers: BTreeMap<String, OidcProvider>,
}

pub(crate) struct OidcProvider {
    /// The audiences that it takes.
    pub(crate) client_ids: Vec<String>,
    pub(crate) keys: KeySet,
}

pub(crate) struct User {
    pub(crate) keys: KeyPair,
    pub(crate) policies: Vec<Policy>,
    pub(crate) mfa: Option<Mfa>,
}

pub(crate) struct Role {
    pub(crate) trust: Policy,
    pub(crate) policies: Vec<Policy>,
    pub(crate) max_session_duration: i64,
}

pub(crate) struct ScenarioDomain {
    pub(crate) regions: Vec<String>,
    pub(crate) policy: Option<Policy>,
    pub(crate) repositories: BTreeMap<String, ScenarioRepository>,
}

pub(crate) struct ScenarioRepository {
    pub(crate) packages: Packages,
    pub(crate) description: Option<String>,
    pub(crate) policy: Option<Policy>,
    pub(crate) upstreams: Vec<String>,
    /// Answers without a token: the stand-in for a public registry behind one of the `hosts`.
    pub(crate) public: bool,
    /// Passes the checksum database on.
    pub(crate) checksum_database: bool,
}

impl Scenario {
    /// The status that sends a client of this format to the asset host. Maven's is AWS's word; 302 is assumed.
    pub(crate) fn redirect(&self, format: &str) -> StatusCode {
        self.redirect.unwrap_or(match format {
            "maven" => StatusCode::TEMPORARY_REDIRECT,
            _ => StatusCode::FOUND,
        })
    }

    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read scenario {}", path.display()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::parse(&text, folder).with_context(|| format!("scenario {}", path.display()))
    }

    /// Files that the text names are looked up below `folder`.
    pub(crate) fn parse(text: &str, folder: &Path) -> anyhow::Result<Self> {
        let file: file::ScenarioFile = toml::from_str(text)?;
        let scenario = resolve::scenario(file, folder)?;
        check::scenario(&scenario)?;
        Ok(scenario)
    }

    /// The role of an ARN such as `arn:aws:iam::111122223333:role/CodeArtifactReader`.
    pub(crate) fn role(&self, arn: &str) -> Option<&Role> {
        let (account, path) = split_role_arn(arn)?;
        self.accounts.get(account)?.roles.get(path)
    }

    /// A domain that exists in that Region.
    pub(crate) fn domain(&self, owner: &str, region: &str, name: &str) -> Option<&ScenarioDomain> {
        let domain = self.accounts.get(owner)?.domains.get(name)?;
        domain
            .regions
            .iter()
            .any(|known| known == region)
            .then_some(domain)
    }

    /// The checksum database, if that is its host.
    pub(crate) fn checksums_at(&self, host: &str) -> Option<&Checksums> {
        let database = self.checksum_database.as_ref();
        database.filter(|database| database.host == host)
    }

    pub(crate) fn organization(&self, account: &str) -> Option<&str> {
        self.accounts.get(account)?.organization.as_deref()
    }
}

/// Account and path of a role's ARN.
pub(crate) fn split_role_arn(arn: &str) -> Option<(&str, &str)> {
    arn.strip_prefix("arn:aws:iam::")?.split_once(":role/")
}
