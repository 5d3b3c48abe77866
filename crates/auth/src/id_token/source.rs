//! The places where jobs of the known CI systems get their identity tokens, as `source` in the configuration names them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::environment::{
    ACTIONS_ID_TOKEN_REQUEST_URL, BUILDKITE_JOB_ID, BUILDKITE_VARIABLES, GITHUB_VARIABLES,
};

/// All that `source` may say, for messages.
pub const SOURCES: &str =
    "github-actions, gitlab:VARIABLE, buildkite, circleci, env:VARIABLE, file:PATH";

/// A place where a job gets its identity token.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IdTokenSource {
    /// The token service of GitHub Actions, also of Forgejo and Gitea.
    GithubActions,
    /// `id_tokens` of GitLab's `.gitlab-ci.yml`, which name this variable.
    Gitlab(String),
    /// Buildkite's agent.
    Buildkite,
    /// CircleCI's variables.
    Circleci,
    /// A variable of any other system.
    Variable(String),
    /// A file that the platform writes, and renews.
    File(String),
}

impl IdTokenSource {
    /// The variables that tell the jobs apart which the system gives different subjects, and the one to fall back on.
    /// Source: GitHub's and Buildkite's lists of variables and of the parts of a subject.
    pub(super) fn job_variables(&self) -> (&'static [&'static str], &'static str) {
        match self {
            Self::Buildkite => (BUILDKITE_VARIABLES, BUILDKITE_JOB_ID),
            _ => (GITHUB_VARIABLES, ACTIONS_ID_TOKEN_REQUEST_URL),
        }
    }
}

impl FromStr for IdTokenSource {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let source = match text.split_once(':') {
            None if text == "github-actions" => Self::GithubActions,
            None if text == "buildkite" => Self::Buildkite,
            None if text == "circleci" => Self::Circleci,
            Some(("gitlab", name)) if is_variable(name) => Self::Gitlab(name.to_owned()),
            Some(("env", name)) if is_variable(name) => Self::Variable(name.to_owned()),
            Some(("file", path)) if !path.is_empty() => Self::File(path.to_owned()),
            _ => return Err(()),
        };
        Ok(source)
    }
}

fn is_variable(name: &str) -> bool {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(is_legal)
        && name
            .bytes()
            .next()
            .is_some_and(|byte| !byte.is_ascii_digit())
}

impl fmt::Display for IdTokenSource {
    /// As it is in the configuration.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GithubActions => formatter.write_str("github-actions"),
            Self::Buildkite => formatter.write_str("buildkite"),
            Self::Circleci => formatter.write_str("circleci"),
            Self::Gitlab(name) => write!(formatter, "gitlab:{name}"),
            Self::Variable(name) => write!(formatter, "env:{name}"),
            Self::File(path) => write!(formatter, "file:{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_written_as_they_are_read() {
        let legal = [
            "github-actions",
            "gitlab:ID_TOKEN",
            "buildkite",
            "circleci",
            "env:BITBUCKET_STEP_OIDC_TOKEN",
            "file:/var/run/secrets/token",
            "file:~/token:1",
        ];
        for text in legal {
            let source: IdTokenSource = text.parse().unwrap();
            assert_eq!(source.to_string(), text);
        }
        let illegal = [
            "",
            "github",
            "gitlab",
            "gitlab:",
            "gitlab:1X",
            "env:A B",
            "env:",
            "file:",
            "FILE:/x",
            "github-actions:x",
            "profile",
        ];
        for text in illegal {
            assert!(text.parse::<IdTokenSource>().is_err(), "{text}");
        }
    }
}
