//! Why AWS gave no token: at which step, what decision follows, and how a person is told.
//! What AWS's codes mean is judged in `mint/refusal.rs`; here is what follows from it.

mod hint;

use std::fmt;

use super::Exit;
use crate::endpoint::Domain;

/// How far the journey to AWS came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Making ready: certificate authorities, AWS's shared files.
    Start,
    /// Finding the first credentials.
    Credentials,
    /// Assuming a role of the chain.
    Hop {
        /// From 1.
        number: usize,
        /// How many hops the chain has.
        of: usize,
        /// The role.
        role_arn: String,
    },
    /// Asking STS who the credentials belong to.
    Identity,
    /// Asking CodeArtifact for the token.
    Token {
        /// The domain that it was asked for.
        domain: Domain,
    },
}

/// What stood in the way; the variants are decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The file of certificate authorities cannot be used.
    Authorities {
        /// As AWS_CA_BUNDLE or `ca_bundle` names it.
        path: String,
        /// Completes the sentence that the path begins.
        reason: String,
    },
    /// `~/.aws/config` or `~/.aws/credentials` cannot be read.
    SharedFiles(String),
    /// The profile is not there.
    NoProfile {
        /// As it was asked for.
        name: String,
        /// Some that are there.
        existing: Vec<String>,
    },
    /// A role in the shared files wants an MFA code, which nobody can be asked for.
    Mfa {
        /// The profile that says so.
        profile: String,
    },
    /// No source has credentials.
    NoCredentials {
        /// The only profile that was looked at, if one was named.
        profile: Option<String>,
    },
    /// The person has to sign in again.
    SignInOver {
        /// The profile whose sign-in it is.
        profile: String,
        /// What signs in: `aws sso login`, `aws login`.
        command: &'static str,
    },
    /// A source that should have credentials failed to give them.
    SourceFailed(String),
    /// The credentials were good once.
    Expired,
    /// AWS does not know the key, or the secret is not that key's.
    Rejected,
    /// The role does not take this caller: trust policy, external id, no such role. AWS tells none from the others.
    RoleRefused,
    /// The caller's own policy does not allow `sts:AssumeRole` on the role.
    CallerNotAllowed,
    /// The credentials may not have a token.
    TokenRefused(Permission),
    /// No such domain in that account and Region.
    NoDomain,
    /// AWS does not take the session policy that narrows the last hop.
    PolicyRefused,
    /// AWS does not take a value that we sent.
    Invalid,
    /// STS is switched off for the account in that Region.
    RegionOff,
    /// Too many calls.
    Throttled,
    /// Nobody answered in time.
    TimedOut,
    /// AWS answered that it could not.
    ServerFailed,
    /// No connection could be made or kept.
    Unreachable(Unreachable),
    /// Something answered that is not AWS.
    Garbled {
        /// The answer's HTTP status.
        status: u16,
    },
    /// This machine's clock is too far from AWS's.
    ClockWrong,
    /// A bug of ours.
    Bug(String),
}

/// What the caller of GetAuthorizationToken lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// `codeartifact:GetAuthorizationToken` on the domain.
    GetAuthorizationToken,
    /// `sts:GetServiceBearerToken`, or its policy caps how long a token may live.
    GetServiceBearerToken,
    /// AWS does not say.
    Unknown,
}

/// A host that no answer came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// Its name.
    pub host: String,
    /// What kept us from it.
    pub obstacle: Obstacle,
    /// The system's words.
    pub reason: String,
    /// The variable that names the proxy which was asked to connect, if there is one.
    pub proxy: Option<&'static str>,
}

/// What keeps us from a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// No address, no route, nobody listening, connection cut.
    Network,
    /// The certificate is signed by nobody we trust, or is not for this host.
    Certificate,
    /// The proxy refused to connect us.
    Proxy,
}

/// AWS's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsSaid {
    /// `AccessDenied`, …
    pub code: String,
    /// One line, without anything that must not be seen.
    pub message: String,
    /// What AWS's support asks for.
    pub request_id: Option<String>,
}

/// AWS gave no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct MintError {
    /// Where it failed.
    pub step: Step,
    /// The connection's name, if it has one.
    pub connection: Option<String>,
    /// Why.
    pub cause: Cause,
    /// AWS's own words, if AWS was reached.
    pub aws: Option<AwsSaid>,
}

impl MintError {
    /// The exit code that follows.
    pub fn exit(&self) -> Exit {
        match &self.cause {
            Cause::Authorities { .. }
            | Cause::SharedFiles(_)
            | Cause::NoProfile { .. }
            | Cause::PolicyRefused
            | Cause::Invalid => Exit::Configuration,
            Cause::Mfa { .. }
            | Cause::NoCredentials { .. }
            | Cause::SignInOver { .. }
            | Cause::SourceFailed(_)
            | Cause::Expired
            | Cause::Rejected
            | Cause::ClockWrong
            | Cause::RoleRefused
            | Cause::CallerNotAllowed => Exit::Authentication,
            Cause::TokenRefused(_) | Cause::RegionOff => Exit::Permission,
            Cause::NoDomain => Exit::NotFound,
            Cause::Throttled
            | Cause::TimedOut
            | Cause::ServerFailed
            | Cause::Unreachable(_)
            | Cause::Garbled { .. } => Exit::Network,
            Cause::Bug(_) => Exit::Bug,
        }
    }

    /// Whether the same call may well succeed a little later, with nothing mended.
    pub fn is_transient(&self) -> bool {
        self.exit() == Exit::Network
    }

    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        hint::of(self)
    }
}

impl fmt::Display for MintError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.step {
            Step::Start => formatter.write_str("cannot talk to AWS")?,
            Step::Credentials => formatter.write_str("cannot get AWS credentials")?,
            Step::Hop { role_arn, .. } => write!(formatter, "cannot assume {role_arn}")?,
            Step::Identity => formatter.write_str("cannot ask AWS who is calling")?,
            Step::Token { domain } => write!(
                formatter,
                "cannot get a token for domain {} of account {} in {}",
                domain.name, domain.owner, domain.region
            )?,
        }
        self.write_place(formatter)?;
        if let Some(reason) = self.cause.reason() {
            write!(formatter, ": {reason}")?;
        }
        match &self.aws {
            Some(said) => write!(formatter, "\n  {said}"),
            None => Ok(()),
        }
    }
}

impl MintError {
    /// `(hop 2 of 2, connection acme)`, or what there is of it.
    fn write_place(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hop = match &self.step {
            Step::Hop { number, of, .. } => Some(format!("hop {number} of {of}")),
            _ => None,
        };
        let connection = self.connection.as_ref();
        let connection = connection.map(|name| format!("connection {name}"));
        match (hop, connection) {
            (Some(hop), Some(connection)) => write!(formatter, " ({hop}, {connection})"),
            (Some(place), None) | (None, Some(place)) => write!(formatter, " ({place})"),
            (None, None) => Ok(()),
        }
    }
}

impl Cause {
    /// What there is to say beside AWS's own words.
    fn reason(&self) -> Option<String> {
        Some(match self {
            Cause::Authorities { path, reason } => format!("the CA bundle `{path}` {reason}"),
            Cause::SharedFiles(reason) => format!("AWS's shared files cannot be read: {reason}"),
            Cause::NoProfile { name, .. } => format!("there is no profile `{name}`"),
            Cause::Mfa { profile } => {
                format!("profile `{profile}` wants an MFA code, which cannot be asked for here")
            }
            Cause::NoCredentials {
                profile: Some(name),
            } => {
                format!("profile `{name}` holds none")
            }
            Cause::NoCredentials { profile: None } => "there are none in the environment, \
                the shared files, a web identity, a container or an instance"
                .to_owned(),
            Cause::SignInOver { profile, .. } => {
                format!("the sign-in of profile `{profile}` is over")
            }
            Cause::SourceFailed(reason) => reason.clone(),
            Cause::TimedOut => "no answer in time".to_owned(),
            Cause::Unreachable(unreachable) => unreachable.to_string(),
            Cause::Garbled { status } => format!("the answer (HTTP {status}) is not AWS's"),
            Cause::Bug(reason) => format!("this is a bug: {reason}"),
            _ => return None,
        })
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unreachable { host, reason, .. } = self;
        match self.obstacle {
            Obstacle::Network => write!(formatter, "{host} cannot be reached: {reason}"),
            Obstacle::Certificate => write!(formatter, "{host} cannot be trusted: {reason}"),
            Obstacle::Proxy => write!(formatter, "the proxy does not connect to {host}: {reason}"),
        }
    }
}

impl fmt::Display for AwsSaid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AWS: {}", self.code)?;
        if !self.message.is_empty() {
            write!(formatter, ": {}", self.message)?;
        }
        match &self.request_id {
            Some(id) => write!(formatter, " (request {id})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
