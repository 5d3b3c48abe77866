//! Finds what this machine has for a connection's first credentials: profiles, a CI system's identity token, a container's or
//! an instance's role. It is offered, and nothing is asked of AWS.

use codeartifact_auth::aws_files::AwsFiles;
use codeartifact_auth::connection::Connection;
use codeartifact_auth::environment::{
    ACTIONS_ID_TOKEN_REQUEST_URL, AWS_ACCESS_KEY_ID, AWS_CONTAINER_CREDENTIALS_FULL_URI,
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_WEB_IDENTITY_TOKEN_FILE, BUILDKITE_JOB_ID,
    CIRCLE_OIDC_TOKEN, CIRCLE_OIDC_TOKEN_V2, Environment,
};
use codeartifact_auth::mint;

/// As many profiles as a person reads in a line.
const SHOWN_PROFILES: usize = 8;

/// The choices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The AWS profiles.
    pub(super) profiles: Vec<String>,
    /// The values of `source` that would work here.
    pub(super) sources: Vec<&'static str>,
    /// The source that AWS's default chain finds beside profiles, in words.
    pub(super) chain: Vec<&'static str>,
    /// The value that `[defaults]` has already.
    pub(super) usual: Option<String>,
    /// That is an identity token.
    pub(super) is_usual_source: bool,
    /// The roles of `[defaults]`.
    pub(super) usual_via: Vec<String>,
}

impl Found {
    /// `ambient` is a connection that says nothing itself.
    pub(super) fn on(environment: &Environment, ambient: &Connection, via: Vec<String>) -> Self {
        let files = AwsFiles::load(environment);
        let profiles = files.map(|files| files.profiles().map(str::to_owned).collect());
        let source = ambient.source.as_ref().map(ToString::to_string);
        Self {
            profiles: profiles.unwrap_or_default(),
            sources: sources(environment),
            chain: chain(environment),
            is_usual_source: source.is_some(),
            usual: ambient.profile.clone().or(source),
            usual_via: via,
        }
    }

    /// One line for a person; `None` if there is nothing.
    pub(super) fn line(&self) -> Option<String> {
        let profiles = self.profiles.iter().take(SHOWN_PROFILES);
        let profiles = profiles.map(|name| format!("profile {name}"));
        let sources = self.sources.iter().map(|source| (*source).to_owned());
        let chain = self
            .chain
            .iter()
            .map(|text| format!("{text} (press Enter)"));
        let all: Vec<_> = sources.chain(chain).chain(profiles).collect();
        (!all.is_empty()).then(|| format!("  found here: {}\n", all.join(", ")))
    }
}

fn sources(environment: &Environment) -> Vec<&'static str> {
    let rows = [
        (ACTIONS_ID_TOKEN_REQUEST_URL, "github-actions"),
        (BUILDKITE_JOB_ID, "buildkite"),
        (CIRCLE_OIDC_TOKEN_V2, "circleci"),
        (CIRCLE_OIDC_TOKEN, "circleci"),
    ];
    let set = rows
        .into_iter()
        .filter(|(name, _)| environment.variable(name).is_some());
    let mut sources: Vec<_> = set.map(|(_, source)| source).collect();
    sources.dedup();
    sources
}

fn chain(environment: &Environment) -> Vec<&'static str> {
    let rows = [
        (AWS_ACCESS_KEY_ID, "keys in the environment"),
        (AWS_WEB_IDENTITY_TOKEN_FILE, "a web identity"),
        (
            AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
            "the container's role",
        ),
        (AWS_CONTAINER_CREDENTIALS_FULL_URI, "the container's role"),
    ];
    let set = rows
        .into_iter()
        .filter(|(name, _)| environment.variable(name).is_some());
    let mut chain: Vec<_> = set.map(|(_, text)| text).collect();
    if mint::is_instance(environment) {
        chain.push("the instance's role");
    }
    chain.dedup();
    chain
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn what_is_here_is_offered() {
        let home = tempfile::tempdir().unwrap();
        let off = ("AWS_EC2_METADATA_DISABLED", "true");
        let line = |variables: &[(&str, &str)]| {
            let variables = [variables, &[off]].concat();
            let environment = Environment::fixed(&variables, home.path().into(), Timestamp(0));
            Found::on(&environment, &Connection::default(), Vec::new()).line()
        };
        assert_eq!(line(&[]), None);
        std::fs::create_dir(home.path().join(".aws")).unwrap();
        std::fs::write(
            home.path().join(".aws/config"),
            "[profile dev]\n[profile ops]\n",
        )
        .unwrap();
        assert_eq!(
            line(&[]).unwrap(),
            "  found here: profile dev, profile ops\n"
        );
        let job = [
            (ACTIONS_ID_TOKEN_REQUEST_URL, "https://x"),
            (AWS_ACCESS_KEY_ID, "x"),
        ];
        assert_eq!(
            line(&job).unwrap(),
            "  found here: github-actions, keys in the environment (press Enter), profile dev, profile ops\n"
        );
    }
}
