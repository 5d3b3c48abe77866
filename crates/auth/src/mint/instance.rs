//! The instance metadata service, asked as the AWS CLI does it (botocore's `InstanceMetadataFetcher`): with a token of the
//! service's (version 2), and without one (version 1) where it gives none. The SDK's own client stops there.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::result::SdkError;
use serde::Deserialize;
use thiserror::Error;

use super::machine;
use super::refusal::last_words;
use super::request::{Reply, Request, RequestError};
use super::session::Session;
use super::settings::is_url;
use super::unreachable::unreachable_host;
use crate::environment::{
    AWS_EC2_METADATA_V1_DISABLED, AWS_METADATA_SERVICE_NUM_ATTEMPTS, AWS_METADATA_SERVICE_TIMEOUT,
};
use crate::token::Secret;
use crate::visible::one_line;

const ENDPOINT: &str = "http://169.254.169.254";
const TOKEN: &str = "/latest/api/token";
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// The service is inside the machine: it answers at once or never. botocore's limits, which settings may raise.
const SECONDS: u32 = 1;
const ATTEMPTS: u32 = 1;

/// The reasons why it gave no credentials.
#[derive(Debug, Error)]
pub(super) enum InstanceError {
    #[error("{0}")]
    NotAsked(&'static str),
    #[error("the instance has no role")]
    NoRole,
    #[error("`{0}` is no URL")]
    NoUrl(String),
    #[error("it gives no token ({0}), and to ask without one is switched off here")]
    NoToken(String),
    #[error("{0}")]
    NoAnswer(String),
}

impl InstanceError {
    /// Returns the advice for a person who can change the machine's settings.
    pub(super) fn correction(&self) -> &'static str {
        match self {
            Self::NoUrl(_) => {
                "correct AWS_EC2_METADATA_SERVICE_ENDPOINT, or `ec2_metadata_service_endpoint` of the profile: it begins with http://"
            }
            Self::NoToken(_) => {
                "take AWS_EC2_METADATA_V1_DISABLED or `ec2_metadata_v1_disabled` away; in a container, a hop limit of 2 lets tokens through (`aws ec2 modify-instance-metadata-options`)"
            }
            _ => {
                "check that the instance has a role; in a container on it, its metadata needs a hop limit of 2 (`aws ec2 modify-instance-metadata-options`)"
            }
        }
    }
}

/// The credentials of the instance's role.
pub(super) async fn ask(
    session: &Session<'_>,
    endpoint: Option<&str>,
) -> Result<Credentials, InstanceError> {
    if let Some(reason) = machine::why_not_asked(session.environment, endpoint) {
        return Err(InstanceError::NotAsked(reason));
    }
    let service = Service::of(session, endpoint.unwrap_or(ENDPOINT))?;
    let token = service.token().await?;
    let role = match service.get(ROLES, token.as_ref()).await {
        Err(Problem::Status(404)) => return Err(InstanceError::NoRole),
        role => role.map_err(|problem| service.failed(&problem))?,
    };
    let role = String::from_utf8_lossy(&role);
    let role = role.lines().next().unwrap_or_default();
    let answer = service.get(&format!("{ROLES}{role}"), token.as_ref()).await;
    read(&answer.map_err(|problem| service.failed(&problem))?)
}

/// The service with its limits.
struct Service<'a> {
    session: &'a Session<'a>,
    endpoint: &'a str,
    patience: Duration,
    attempts: u32,
    needs_token: bool,
}

/// The reasons why one request brought nothing.
#[derive(Debug)]
enum Problem {
    Status(u16),
    Empty,
    Late,
    Other(String),
}

impl<'a> Service<'a> {
    fn of(session: &'a Session<'a>, endpoint: &'a str) -> Result<Self, InstanceError> {
        if !is_url(endpoint) {
            return Err(InstanceError::NoUrl(one_line(endpoint)));
        }
        let setting = |variable, key| session.files.either(session.environment, variable, key);
        let number = |variable, key, least: u32| {
            let text = setting(variable, key);
            let number = text.and_then(|text| text.trim().parse().ok());
            number.unwrap_or(least).max(least)
        };
        let timeout = (AWS_METADATA_SERVICE_TIMEOUT, "metadata_service_timeout");
        let attempts = (
            AWS_METADATA_SERVICE_NUM_ATTEMPTS,
            "metadata_service_num_attempts",
        );
        let without = setting(AWS_EC2_METADATA_V1_DISABLED, "ec2_metadata_v1_disabled");
        Ok(Self {
            session,
            endpoint,
            patience: Duration::from_secs(number(timeout.0, timeout.1, SECONDS).into()),
            attempts: number(attempts.0, attempts.1, ATTEMPTS),
            needs_token: without.is_some_and(|value| value.eq_ignore_ascii_case("true")),
        })
    }

    /// None where the service gives none: its version 1, some of those that play it, or a hop limit that lets no token through.
    async fn token(&self) -> Result<Option<Secret>, InstanceError> {
        let mut said = Problem::Late;
        for _ in 0..self.attempts {
            let lifetime = Secret::new("21600".to_owned());
            let request =
                Request::put(TOKEN).header("x-aws-ec2-metadata-token-ttl-seconds", lifetime);
            match self.send(request).await {
                Ok(body) => {
                    return Ok(Some(Secret::new(
                        String::from_utf8_lossy(&body).into_owned(),
                    )));
                }
                Err(problem @ Problem::Status(400)) => return Err(self.failed(&problem)),
                Err(problem) => said = problem,
            }
            if matches!(said, Problem::Status(403..=405)) {
                break;
            }
        }
        if self.needs_token {
            Err(InstanceError::NoToken(self.words(&said)))
        } else {
            Ok(None)
        }
    }

    async fn get(&self, path: &str, token: Option<&Secret>) -> Result<Vec<u8>, Problem> {
        let mut last = Problem::Empty;
        for _ in 0..self.attempts {
            let request = Request::get(path);
            let request = match token {
                Some(token) => request.header("x-aws-ec2-metadata-token", token.clone()),
                None => request,
            };
            match self.send(request).await {
                Ok(body) => return Ok(body),
                Err(problem) => last = problem,
            }
        }
        Err(last)
    }

    async fn send(&self, request: Request) -> Result<Vec<u8>, Problem> {
        let transport = self.session.transport.clone();
        match request.send(transport, self.endpoint, self.patience).await {
            Ok(Reply { status, .. }) if status != 200 => Err(Problem::Status(status)),
            Ok(Reply { body, .. }) if body.is_empty() => Err(Problem::Empty),
            Ok(Reply { body, .. }) => Ok(body),
            Err(error) => Err(problem_of(&error)),
        }
    }

    fn failed(&self, problem: &Problem) -> InstanceError {
        InstanceError::NoAnswer(self.words(problem))
    }

    fn words(&self, problem: &Problem) -> String {
        match problem {
            Problem::Status(status) => format!("HTTP {status}"),
            Problem::Empty => "an empty answer".to_owned(),
            Problem::Late => format!("no answer in {} s", self.patience.as_secs()),
            Problem::Other(words) => words.clone(),
        }
    }
}

fn problem_of(error: &RequestError) -> Problem {
    match (error, unreachable_host(error)) {
        (SdkError::TimeoutError(_), _) => Problem::Late,
        (_, Some(failure)) => Problem::Other(failure.words().to_owned()),
        (error, None) => Problem::Other(last_words(error)),
    }
}

/// It answers 200 with a code and a message too, if the role cannot be assumed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RoleCredentials {
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    token: Option<String>,
    code: Option<String>,
    message: Option<String>,
}

fn read(body: &[u8]) -> Result<Credentials, InstanceError> {
    let failed = |words: &str| InstanceError::NoAnswer(words.to_owned());
    let answer: RoleCredentials = serde_json::from_slice(body)
        .map_err(|_| failed("its answer is not the JSON of credentials"))?;
    match (
        answer.access_key_id,
        answer.secret_access_key,
        answer.token,
        answer.code,
        answer.message,
    ) {
        (Some(id), Some(secret), Some(token), ..) => {
            let mut credentials = Credentials::builder()
                .access_key_id(id)
                .secret_access_key(secret)
                .provider_name("instance");
            credentials.set_session_token(Some(token).filter(|token| !token.is_empty()));
            Ok(credentials.build())
        }
        (.., Some(code), Some(message)) => Err(failed(&one_line(&format!("{code}: {message}")))),
        _ => Err(failed("its answer has no key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let rows = [
            (
                r#"{"Code": "Success", "AccessKeyId": "a", "SecretAccessKey": "b", "Token": "t"}"#,
                Ok(Some("t")),
            ),
            (
                r#"{"AccessKeyId": "a", "SecretAccessKey": "b", "Token": "", "Expiration": "soon"}"#,
                Ok(None),
            ),
            (
                r#"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot\nassume the role"}"#,
                Err("AssumeRoleUnauthorizedAccess: EC2 cannot assume the role"),
            ),
            (r#"{"AccessKeyId": "a"}"#, Err("its answer has no key")),
            ("nonsense", Err("its answer is not the JSON of credentials")),
        ];
        for (text, expected) in rows {
            let read = read(text.as_bytes()).map_err(|error| error.to_string());
            let token = read.as_ref().map(Credentials::session_token);
            assert_eq!(token, expected.map_err(str::to_owned).as_ref().copied());
        }
    }
}
