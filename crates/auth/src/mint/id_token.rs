//! An identity token in place of first credentials: got from the CI system where it has to be asked for, and shown to STS
//! for the first role of the chain, or for the role of AWS_WEB_IDENTITY_TOKEN_FILE.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::result::SdkError;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::call;
use super::process::{self, ProcessError};
use super::request::{Reply, Request};
use super::role_session::session_credentials;
use super::session::Session;
use super::unreachable::unreachable_host;
use crate::environment::{ACTIONS_ID_TOKEN_REQUEST_TOKEN, ACTIONS_ID_TOKEN_REQUEST_URL};
use crate::error::{Call, Failure, row};
use crate::id_token::{Claims, IdTokenSource, read_kept};
use crate::token::Secret;

/// A CI system's own service; GitHub's answers within a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// One role to be had for a token.
pub(super) struct Wanted<'a> {
    pub(super) role_arn: &'a str,
    pub(super) session_name: String,
    /// Narrows the session.
    pub(super) policy: Option<String>,
    pub(super) seconds: Option<i32>,
}

/// The job's token.
pub(super) async fn get(
    session: &Session<'_>,
    source: &IdTokenSource,
) -> Result<Secret, Box<Failure>> {
    get_for(session, source, session.request.connection.audience()).await
}

/// The same for another audience than AWS, where the system lets a job choose.
pub(super) async fn get_for(
    session: &Session<'_>,
    source: &IdTokenSource,
    audience: &str,
) -> Result<Secret, Box<Failure>> {
    let token = match read_kept(source, session.environment) {
        Some(kept) => kept,
        None if *source == IdTokenSource::Buildkite => of_buildkite(session, audience).await,
        None => return of_github(session, audience).await,
    };
    token.map_err(|reason| absent(source, audience, reason))
}

fn absent(source: &IdTokenSource, audience: &str, reason: String) -> Box<Failure> {
    let correction = match source {
        IdTokenSource::GithubActions => {
            "give the job the permission `id-token: write`; a pull request from a fork does not get it".to_owned()
        }
        IdTokenSource::Gitlab(name) => {
            format!("declare {name} below `id_tokens:` of the job in .gitlab-ci.yml, with `aud: {audience}`")
        }
        IdTokenSource::Buildkite => "run this in a job of Buildkite, beside its agent".to_owned(),
        IdTokenSource::Circleci => "run this in a job of CircleCI".to_owned(),
        IdTokenSource::Variable(name) => format!("set {name} to the job's identity token"),
        IdTokenSource::File(_) => "let the platform write the job's identity token there".to_owned(),
    };
    row::ID_TOKEN_ABSENT
        .with("source", source)
        .with("reason", reason)
        .with("correction", correction)
}

/// Source: Buildkite's "OpenID Connect" page.
async fn of_buildkite(session: &Session<'_>, audience: &str) -> Result<Secret, String> {
    let arguments = ["oidc", "request-token", "--audience", audience].map(str::to_owned);
    let (environment, deadline) = (session.environment, session.deadline());
    let output = process::run("buildkite-agent", &arguments, environment, deadline).await;
    let output = output.map_err(|error: ProcessError| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !text.is_empty() {
        Ok(Secret::new(text))
    } else {
        Err(format!("buildkite-agent: {}", process::said(&output)))
    }
}

/// Source: GitHub's "OpenID Connect" pages. The URL has a query already.
async fn of_github(session: &Session<'_>, audience: &str) -> Result<Secret, Box<Failure>> {
    let source = IdTokenSource::GithubActions;
    let variable = |name: &'static str| {
        let value = session.environment.text(name);
        value.ok_or_else(|| absent(&source, audience, format!("{name} is not set")))
    };
    let url = variable(ACTIONS_ID_TOKEN_REQUEST_URL)?;
    let request = Request::get(with_audience(&url, audience))
        .header("accept", Secret::new("application/json".to_owned()))
        .header(
            "authorization",
            bearer(variable(ACTIONS_ID_TOKEN_REQUEST_TOKEN)?),
        );
    let refused = |reason| absent(&source, audience, reason);
    let (origin, _) = origin_and_path(&url)
        .ok_or_else(|| refused(format!("{ACTIONS_ID_TOKEN_REQUEST_URL} is not a URL")))?;
    let answer = request.send(session.transport.clone(), origin, PATIENCE);
    match answer.await {
        Ok(Reply {
            status: 200, body, ..
        }) => match serde_json::from_slice::<Value>(&body) {
            Ok(Value { value }) => Ok(Secret::new(value)),
            Err(_) => Err(refused("its token service gave no token".to_owned())),
        },
        Ok(Reply { status, .. }) => Err(refused(format!(
            "its token service refused (HTTP {status})"
        ))),
        Err(SdkError::TimeoutError(_)) => Err(row::TIMED_OUT.failure()),
        Err(error) => Err(unreachable_host(&error)
            .unwrap_or_else(|| refused("its token service cannot be asked".to_owned()))),
    }
}

fn bearer(token: String) -> Secret {
    Secret::new(format!("Bearer {token}"))
}

#[derive(Deserialize)]
struct Value {
    value: String,
}

/// `https://host` and `/path?query`.
fn origin_and_path(url: &str) -> Option<(&str, &str)> {
    let host_at = url.find("://")? + 3;
    let path_at = url[host_at..].find(['/', '?']).map(|at| host_at + at);
    Some(url.split_at(path_at.unwrap_or(url.len())))
}

fn with_audience(url: &str, audience: &str) -> String {
    let path = origin_and_path(url).map_or("", |(_, path)| path);
    let separator = if path.contains('?') { '&' } else { '?' };
    let slash = if path.starts_with('/') { "" } else { "/" };
    let audience = utf8_percent_encode(audience, NON_ALPHANUMERIC);
    format!("{slash}{path}{separator}audience={audience}")
}

/// The session of the role that STS gives for the token.
pub(super) async fn assume_role(
    session: &Session<'_>,
    token: &Secret,
    wanted: Wanted<'_>,
) -> Result<Credentials, Box<Failure>> {
    // STS takes it unsigned.
    let client = call::sts(session.settings());
    let request = client
        .assume_role_with_web_identity()
        .role_arn(wanted.role_arn)
        .role_session_name(wanted.session_name)
        .set_duration_seconds(wanted.seconds)
        .set_policy(wanted.policy)
        .web_identity_token(token.expose());
    let account = wanted.role_arn.split(':').nth(4);
    let send = || request.clone().send();
    let asked = session.send(Call::AssumeRoleWithWebIdentity, account, send);
    let answer = asked
        .await
        .map_err(|failure| explained(failure, token, account))?;
    let credentials = answer.credentials.map(session_credentials);
    credentials.ok_or_else(|| row::ANSWER_GARBLED.with("status", 200))
}

/// Adds the claims that STS compares with the account's provider and the role's trust policy. STS itself names none of them.
fn explained(failure: Box<Failure>, token: &Secret, account: Option<&str>) -> Box<Failure> {
    let failure = failure.with_any("role_account", account);
    match Claims::of(token.expose()) {
        Some(claims) => failure
            .with("issuer", claims.issuer)
            .with("subject", claims.subject)
            .with("audience", claims.audiences.join(", ")),
        None => failure,
    }
}

/// Shows a token to a person: whom it stands for.
pub(super) fn shown(token: &Secret) -> String {
    match Claims::of(token.expose()) {
        Some(claims) => format!("{} for {}", claims.subject, claims.audiences.join(", ")),
        None => "a token that cannot be read here".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audience_is_added_to_any_url() {
        let rows = [
            (
                "https://x/idtoken?api-version=2.0",
                "/idtoken?api-version=2.0&audience=sts%2Eamazonaws%2Ecom",
            ),
            (
                "https://x/idtoken",
                "/idtoken?audience=sts%2Eamazonaws%2Ecom",
            ),
            ("https://x", "/?audience=sts%2Eamazonaws%2Ecom"),
            ("https://x?a=b", "/?a=b&audience=sts%2Eamazonaws%2Ecom"),
        ];
        for (url, expected) in rows {
            assert_eq!(with_audience(url, "sts.amazonaws.com"), expected, "{url}");
            assert_eq!(origin_and_path(url).unwrap().0, "https://x");
        }
        assert_eq!(
            with_audience("https://x/", "a&b=c d"),
            "/?audience=a%26b%3Dc%20d"
        );
    }
}
