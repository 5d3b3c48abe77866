//! The environment of the build: led to the proxy, and without anything by which it could become somebody at AWS. What
//! leads clients here is the trials' list (`variables.rs`).

use std::ffi::OsString;

use codeartifact_auth::environment::Environment;

use super::files::Files;
use super::netrc::{self, PLACEHOLDER};
use super::reach::Reach;
use crate::java;
use crate::variables::{self, Change};

/// Names that start so are removed: they are, or lead to, an identity.
const IDENTITY: [&str; 6] = [
    "AWS_",
    "CODEARTIFACT_",
    "ACTIONS_ID_TOKEN_REQUEST_",
    "CIRCLE_OIDC_TOKEN",
    "CI_JOB_JWT",
    "CI_JOB_TOKEN",
];

/// The same, by their whole names.
const IDENTITY_NAMES: [&str; 5] = [
    "BUILDKITE_AGENT_ACCESS_TOKEN",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSH_AUTH_SOCK",
    "UV_KEYRING_PROVIDER",
    "PIP_KEYRING_PROVIDER",
];

/// These say nothing about who somebody is.
const KEPT: [&str; 3] = ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PAGER"];

/// Reached directly. A server of the build's own is there.
const LOCAL: &str = "localhost,127.0.0.1,::1";

/// The names that [`IDENTITY`] covers and that AWS's tools read, for a shell that cannot remove by a prefix.
pub(crate) const TO_UNSET: [&str; 17] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ALL_PROXY",
    "all_proxy",
    "SSH_AUTH_SOCK",
];

/// Where the build reaches the proxy.
#[derive(Debug, Clone)]
pub(crate) struct Doors {
    /// With the run's secret.
    pub(crate) url: String,
    /// Host and port for Java, if there is one.
    pub(crate) java: Option<(String, u16)>,
    /// A GOPROXY of plain URLs, if that is wanted.
    pub(crate) go: Option<String>,
}

/// The changes to the build's environment, in order: a later one wins.
pub(crate) fn changes(
    environment: &Environment,
    reach: &Reach,
    doors: &Doors,
    files: &Files,
) -> Vec<Change> {
    let mut changes = without_identity(environment);
    changes.extend(variables::changes(
        environment,
        &doors.url,
        &files.authority(),
        &files.bundle(),
    ));
    let mut set = |name: &str, value: &str| {
        changes.push((name.into(), Some(value.into())));
    };
    for name in ["NO_PROXY", "no_proxy"] {
        set(name, LOCAL);
    }
    // A courtesy: what a build can reach all the same is the README's.
    set("AWS_EC2_METADATA_DISABLED", "true");
    // Our helpers in the build answer nothing.
    set(codeartifact_auth::environment::PROXIED, "1");
    set("CODEARTIFACT_AUTH_TOKEN", PLACEHOLDER);
    set(netrc::VARIABLE, &files.netrc().to_string_lossy());
    if environment.variable("YARN_NPM_AUTH_TOKEN").is_none() {
        set("YARN_NPM_AUTH_TOKEN", PLACEHOLDER);
    }
    for (name, value) in publishing(reach) {
        set(&name, &value);
    }
    if let Some(list) = &doors.go {
        set("GOPROXY", list);
    }
    if let Some((host, port)) = &doors.java {
        let users = environment
            .text(java::VARIABLE)
            .map(|text| text + " ")
            .unwrap_or_default();
        let options = java::options(host, *port, &files.trust_store());
        set(java::VARIABLE, &(users + &options));
    }
    changes
}

fn without_identity(environment: &Environment) -> Vec<Change> {
    let all = environment
        .starting_with("")
        .into_iter()
        .map(|(name, _)| name);
    let removed = all.filter(|name| is_identity(name));
    removed.map(|name| (OsString::from(name), None)).collect()
}

/// Tells whether a variable is, or leads to, an identity: by its name.
pub fn is_identity(name: &str) -> bool {
    let begins = |prefix: &&str| {
        name.get(..prefix.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(prefix))
    };
    !KEPT.contains(&name) && (IDENTITY.iter().any(begins) || IDENTITY_NAMES.contains(&name))
}

/// Publishers ask for a user and a password before they send anything.
fn publishing(reach: &Reach) -> Vec<(String, String)> {
    let mut set = Vec::new();
    for (host, room) in reach.publishing() {
        set.push((
            format!("npm_config_//{host}{}:_authToken", room.root),
            PLACEHOLDER.to_owned(),
        ));
    }
    if !set.is_empty() {
        for client in ["TWINE", "UV_PUBLISH"] {
            set.push((format!("{client}_USERNAME"), "aws".to_owned()));
            set.push((format!("{client}_PASSWORD"), PLACEHOLDER.to_owned()));
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_identity() {
        for (name, expected) in [
            ("AWS_ACCESS_KEY_ID", true),
            ("aws_session_token", true),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", true),
            ("AWS_CONFIG_FILE", true),
            ("AWS_ENDPOINT_URL_STS", true),
            ("CODEARTIFACT_EXTERNAL_ID", true),
            ("CODEARTIFACT_AUTH_TOKEN", true),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", true),
            ("CIRCLE_OIDC_TOKEN_V2", true),
            ("SSH_AUTH_SOCK", true),
            ("AWS_REGION", false),
            ("PATH", false),
            ("NPM_TOKEN", false),
        ] {
            assert_eq!(is_identity(name), expected, "{name}");
        }
    }
}
