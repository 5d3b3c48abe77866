//! Whose identity tokens a role trusts: issuer, audience and subject, as a person writes them: `github:ORG/REPO:ref:REF`.
//! `connection/policy.rs` decides what a trust policy makes of them.

use std::str::FromStr;

use super::DEFAULT_AUDIENCE;

/// All that is accepted, for messages.
pub const TRUSTS: &str = "github:ORG/REPO:ref:refs/heads/main (or :environment:NAME, :pull_request, :BRANCH), \
    gitlab:GROUP/PROJECT:BRANCH, buildkite:ORG/PIPELINE:BRANCH, circleci:ORG-ID/PROJECT-ID, https://ISSUER#SUBJECT";

/// Tokens of one issuer for one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdTokenTrust {
    /// `token.actions.githubusercontent.com`: as IAM names providers, without `https://`.
    pub issuer: String,
    /// The audience that the system's tokens have, unless they can be asked for another.
    pub audience: String,
    /// `repo:my-org/my-app:ref:refs/heads/main`; `*` stands for anything.
    pub subject: String,
}

impl FromStr for IdTokenTrust {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        let trust = text
            .split_once(':')
            .and_then(|(system, rest)| match system {
                "github" => github(rest),
                "gitlab" => gitlab(rest),
                "buildkite" => buildkite(rest),
                "circleci" => circleci(rest),
                "https" => other(rest),
                _ => None,
            });
        trust.filter(|_| is_plain).ok_or(())
    }
}

/// Source: GitHub's "Example subject claims".
fn github(rest: &str) -> Option<IdTokenTrust> {
    let (repository, place) = rest.split_once(':')?;
    let place = match place.split_once(':') {
        Some(("ref" | "environment" | "job_workflow_ref", _)) => place.to_owned(),
        None if place == "pull_request" || place == "*" => place.to_owned(),
        None => format!("ref:{}", reference(place)?),
        Some(_) => return None,
    };
    trust(
        "token.actions.githubusercontent.com",
        two_words(repository)?,
        |repository| format!("repo:{repository}:{place}"),
    )
}

/// Source: GitLab's "ID token authentication".
fn gitlab(rest: &str) -> Option<IdTokenTrust> {
    let (project, branch) = rest.split_once(':')?;
    let subject = |project: &str| format!("project_path:{project}:ref_type:branch:ref:{branch}");
    let has_parts = !branch.is_empty() && project.split('/').all(|part| !part.is_empty());
    let project = project.contains('/').then_some(project)?;
    trust("gitlab.com", project, subject).filter(|_| has_parts)
}

/// Source: Buildkite's "OpenID Connect in Buildkite"; commit and step differ from job to job.
fn buildkite(rest: &str) -> Option<IdTokenTrust> {
    let (pipeline, place) = rest.split_once(':')?;
    let (organization, pipeline) = two_words(pipeline)?.split_once('/')?;
    let reference = reference(place)?;
    trust("agent.buildkite.com", organization, |organization| {
        format!("organization:{organization}:pipeline:{pipeline}:ref:{reference}:*")
    })
}

/// Source: CircleCI's "Using OpenID Connect tokens in jobs". The audience is the organization.
fn circleci(rest: &str) -> Option<IdTokenTrust> {
    let (organization, project) = two_words(rest)?.split_once('/')?;
    Some(IdTokenTrust {
        issuer: format!("oidc.circleci.com/org/{organization}"),
        audience: organization.to_owned(),
        subject: format!("org/{organization}/project/{project}/user/*"),
    })
}

/// Any other system: the URL of its issuer, and the subject as it is.
fn other(rest: &str) -> Option<IdTokenTrust> {
    let (issuer, subject) = rest.strip_prefix("//")?.split_once('#')?;
    let issuer = issuer.trim_end_matches('/');
    let is_host_and_path = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/:~".contains(&byte);
    let is_issuer = issuer.contains('.') && issuer.bytes().all(is_host_and_path);
    trust(issuer, subject, str::to_owned).filter(|_| is_issuer)
}

fn trust(issuer: &str, of: &str, subject: impl FnOnce(&str) -> String) -> Option<IdTokenTrust> {
    (!of.is_empty()).then(|| IdTokenTrust {
        issuer: issuer.to_owned(),
        audience: DEFAULT_AUDIENCE.to_owned(),
        subject: subject(of),
    })
}

/// `ORG/REPO`. A wildcard there would trust other people's repositories.
fn two_words(text: &str) -> Option<&str> {
    let parts: Vec<_> = text.split('/').collect();
    let is_name = |part: &&str| !part.is_empty() && !part.contains(['*', '?']);
    (parts.len() == 2 && parts.iter().all(is_name)).then_some(text)
}

/// A branch, unless it is written in full.
fn reference(text: &str) -> Option<String> {
    match text {
        "" => None,
        text if text.starts_with("refs/") => Some(text.to_owned()),
        branch => Some(format!("refs/heads/{branch}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trusts_are_read() {
        let github = "token.actions.githubusercontent.com";
        let main = "repo:my-org/my-app:ref:refs/heads/main";
        let rows = [
            ("github:my-org/my-app:ref:refs/heads/main", github, main),
            ("github:my-org/my-app:refs/heads/main", github, main),
            ("github:my-org/my-app:main", github, main),
            (
                "github:my-org/my-app:refs/tags/v*",
                github,
                "repo:my-org/my-app:ref:refs/tags/v*",
            ),
            (
                "github:my-org/my-app:environment:production",
                github,
                "repo:my-org/my-app:environment:production",
            ),
            (
                "github:my-org/my-app:pull_request",
                github,
                "repo:my-org/my-app:pull_request",
            ),
            ("github:my-org/my-app:*", github, "repo:my-org/my-app:*"),
            (
                "gitlab:my-group/sub/my-app:main",
                "gitlab.com",
                "project_path:my-group/sub/my-app:ref_type:branch:ref:main",
            ),
            (
                "buildkite:my-org/my-pipeline:main",
                "agent.buildkite.com",
                "organization:my-org:pipeline:my-pipeline:ref:refs/heads/main:*",
            ),
            (
                "circleci:o-1/p-1",
                "oidc.circleci.com/org/o-1",
                "org/o-1/project/p-1/user/*",
            ),
            (
                "https://gitlab.example.com/#project_path:a/b:*",
                "gitlab.example.com",
                "project_path:a/b:*",
            ),
        ];
        for (text, issuer, subject) in rows {
            let trust: IdTokenTrust = text.parse().unwrap();
            assert_eq!(
                (trust.issuer.as_str(), trust.subject.as_str()),
                (issuer, subject)
            );
        }
        let circleci: IdTokenTrust = "circleci:o-1/p-1".parse().unwrap();
        assert_eq!(circleci.audience, "o-1");
    }

    #[test]
    fn what_pins_no_subject_is_refused() {
        let rows = [
            "",
            "github",
            "github:",
            "github:my-org",
            "github:my-org/my-app",
            "github:my-org/my-app:",
            "github:*/my-app:main",
            "github:my-org/*:main",
            "github:my-org/my-app:what:ever",
            "gitlab:my-app:main",
            "gitlab:a/b:",
            "buildkite:my-org:main",
            "circleci:o-1",
            "https://x#s",
            "https://x.example.com",
            "https://x.example.com#",
            "http://x.example.com#s",
            "github:my-org/my app:main",
        ];
        for text in rows {
            assert!(text.parse::<IdTokenTrust>().is_err(), "{text}");
        }
    }
}
