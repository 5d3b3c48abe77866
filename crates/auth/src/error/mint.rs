//! Why AWS gave no token: at which step, and what decision follows.
//! What AWS's codes mean is judged in `mint/codes.rs`; how it is told is in `wording` and `hint`.

mod hint;
mod wording;

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
    /// Asking CodeArtifact which domains the caller's account has.
    Domains {
        /// Where.
        region: String,
    },
    /// Asking CodeArtifact which repositories a domain has.
    Repositories {
        /// The domain.
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
    /// An endpoint override (`AWS_ENDPOINT_URL_…`, `endpoint_url`) cannot be used.
    EndpointOverride {
        /// Whose endpoint it is, by AWS's name.
        service: &'static str,
        /// What was given.
        url: String,
    },
    /// The SDK cannot tell where a call should go.
    NotSent(String),
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
    /// The credentials may not have a list. No token needs it, so a reader's role may well do without.
    ListRefused,
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
            | Cause::EndpointOverride { .. }
            | Cause::NotSent(_)
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
            Cause::TokenRefused(_) | Cause::ListRefused | Cause::RegionOff => Exit::Permission,
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
        match &self.cause {
            Cause::Unreachable(unreachable) => unreachable.obstacle == Obstacle::Network,
            _ => self.exit() == Exit::Network,
        }
    }

    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        hint::of(self)
    }
}

#[cfg(test)]
mod tests;
