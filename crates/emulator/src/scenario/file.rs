//! The scenario file as it is written: TOML tables, nothing resolved or checked beyond their keys.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::faults;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScenarioFile {
    pub(super) accounts: BTreeMap<String, AccountTable>,
    #[serde(default)]
    pub(super) hosts: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) web_identities: Vec<WebIdentity>,
    pub(super) github: Option<GithubJob>,
    pub(super) sso: Option<Sso>,
    pub(super) login: Option<Login>,
    pub(super) instance: Option<Instance>,
    pub(super) container: Option<Container>,
    pub(super) checksum_database: Option<ChecksumDatabase>,
    #[serde(default)]
    pub(super) faults: Vec<faults::Fault>,
    /// Characters in an authorization token; AWS's are about this long.
    #[serde(default = "default_token_size")]
    pub(super) token_size: usize,
    /// Status that sends a client to the asset host.
    pub(super) redirect: Option<u16>,
    /// Tarball URLs of npm name port 443, as CodeArtifact's do.
    #[serde(default = "default_npm_port")]
    pub(super) npm_port: bool,
    #[serde(default)]
    pub(super) go_endpoint: bool,
}

fn default_npm_port() -> bool {
    true
}

fn default_token_size() -> usize {
    1200
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountTable {
    pub(super) organization: Option<String>,
    pub(super) root: Option<KeyPair>,
    #[serde(default)]
    pub(super) users: BTreeMap<String, UserTable>,
    #[serde(default)]
    pub(super) roles: BTreeMap<String, RoleTable>,
    #[serde(default)]
    pub(super) domains: BTreeMap<String, DomainTable>,
    #[serde(default)]
    pub(super) oidc_providers: BTreeMap<String, ProviderTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProviderTable {
    pub(super) client_ids: Vec<String>,
    pub(super) jwks_file: Option<PathBuf>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyPair {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserTable {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    #[serde(default)]
    pub(super) policies: Vec<String>,
    #[serde(default)]
    pub(super) policy_files: Vec<PathBuf>,
    pub(super) mfa: Option<Mfa>,
}

/// A second factor, whose one code is always the right one.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mfa {
    pub(crate) serial_number: String,
    pub(crate) token_code: String,
    /// The code is taken once in half a minute, as AWS takes each code once.
    #[serde(default)]
    pub(crate) once: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleTable {
    pub(super) trust: Option<String>,
    pub(super) trust_file: Option<PathBuf>,
    #[serde(default)]
    pub(super) policies: Vec<String>,
    #[serde(default)]
    pub(super) policy_files: Vec<PathBuf>,
    #[serde(default = "default_max_session_duration")]
    pub(super) max_session_duration: i64,
}

fn default_max_session_duration() -> i64 {
    3600
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DomainTable {
    pub(super) region: Option<String>,
    #[serde(default)]
    pub(super) regions: Vec<String>,
    pub(super) policy: Option<String>,
    pub(super) policy_file: Option<PathBuf>,
    #[serde(default)]
    pub(super) repositories: BTreeMap<String, RepositoryTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RepositoryTable {
    pub(super) packages: Option<PathBuf>,
    pub(super) description: Option<String>,
    pub(super) policy: Option<String>,
    pub(super) policy_file: Option<PathBuf>,
    #[serde(default)]
    pub(super) upstreams: Vec<String>,
    #[serde(default)]
    pub(super) public: bool,
    #[serde(default)]
    pub(super) checksum_database: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChecksumDatabase {
    pub(super) host: String,
    pub(super) packages: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebIdentity {
    pub(crate) token: String,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) audience: String,
    #[serde(default)]
    pub(crate) expired: bool,
}

/// A job of GitHub Actions that may ask for identity tokens.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GithubJob {
    pub(crate) request_token: String,
    pub(crate) subject: String,
    /// The audience of a token that is asked for without one.
    #[serde(default = "default_github_audience")]
    pub(crate) audience: String,
}

fn default_github_audience() -> String {
    "https://github.com/my-org".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sso {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) roles: Vec<String>,
    /// Sign-ins must name this portal; without it any will do.
    pub(crate) start_url: Option<String>,
    #[serde(default)]
    pub(crate) sign_in: SignInAnswer,
}

/// A session of `aws login`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    pub(crate) role: String,
    pub(crate) refresh_token: String,
}

/// The outcome of a sign-in by device code.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SignInAnswer {
    /// It waits until its page is opened, or the control endpoint answers it.
    #[default]
    Wait,
    Approve,
    Deny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Instance {
    pub(crate) role: String,
    #[serde(default = "default_region")]
    pub(crate) region: String,
    #[serde(default)]
    pub(crate) http_tokens: HttpTokens,
}

/// EC2's setting by which the metadata service answers only callers that show a token.
#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum HttpTokens {
    #[default]
    Required,
    Optional,
}

fn default_region() -> String {
    "us-east-1".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Container {
    pub(crate) role: String,
    #[serde(default = "default_container_path")]
    pub(crate) path: String,
    pub(crate) authorization_token: Option<String>,
}

fn default_container_path() -> String {
    "/v2/credentials/codeartifact".to_owned()
}
