//! What stood between us and a token, or a package: data only. What follows from it is decided beside this file.

use crate::endpoint::Format;
use crate::token::Timestamp;

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
    /// Root users can neither assume a role nor have a token.
    RootUser,
    /// The role does not take this caller: trust policy, external id, no such role. AWS tells none from the others.
    RoleRefused(Suspicion),
    /// The caller's own policy does not allow `sts:AssumeRole` on the role.
    CallerNotAllowed,
    /// A policy forbids it in so many words, whatever others allow.
    ExplicitlyDenied,
    /// The role's sessions may not last as long as was asked for.
    SessionTooLong,
    /// The credentials may not have a token.
    TokenRefused(Permission),
    /// The credentials may not have a list. No token needs it, so a reader's role may well do without.
    ListRefused,
    /// No such domain in that account and Region.
    NoDomain(Instead),
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
    /// The repository does not take a token that is new.
    TokenNotTaken,
    /// The token's holder may not read the repository.
    NotReadable,
    /// The domain has no such repository.
    NoRepository {
        /// The nearest name of those that it has, if they may be listed.
        nearest: Option<String>,
    },
    /// The repository has not what was looked for.
    NoPackage(Absence),
    /// A bug of ours.
    Bug(String),
}

/// What the caller of GetAuthorizationToken lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    /// `codeartifact:GetAuthorizationToken` on the domain.
    GetAuthorizationToken,
    /// `sts:GetServiceBearerToken`, or its policy caps how long a token may live.
    GetServiceBearerToken,
    /// Nothing but a shorter life: a token of 15 minutes was given.
    LongerLife,
    /// The domain is another account's, which has to let the caller's account in.
    OtherAccount {
        /// The caller's account.
        caller: String,
    },
    /// AWS does not say.
    Unknown,
}

/// What the account has instead of the domain that was asked for, as far as it was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// Nothing that is known.
    Nothing,
    /// One of this name, in that Region.
    Region(String),
    /// One of nearly this name.
    Name(String),
}

/// What speaks for one of the reasons for which AWS refuses a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suspicion {
    /// Nothing: the role's ARN, the external id or the trust policy.
    None,
    /// It is not the chain's last role, so no external id is asked for.
    BeforeLast,
    /// No external id was sent.
    NoExternalId,
    /// The role is not of the account whose repositories are to be read.
    OtherAccount {
        /// That account.
        account_id: String,
    },
    /// The same role with the same external id was good for a token that is still kept.
    WorkedBefore {
        /// When it was.
        at: Timestamp,
    },
}

/// What a repository has instead of the package that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// Nothing like it was found anywhere.
    Nowhere,
    /// The package, but not in this version.
    OtherVersions {
        /// Some that there are.
        existing: Vec<String>,
    },
    /// The package, but for another package manager.
    OtherFormat {
        /// Which.
        format: Format,
    },
    /// Another repository of the domain has it.
    Elsewhere {
        /// Its name.
        repository: String,
    },
    /// Another repository of the domain has it, and is not among the upstreams of this one.
    NotUpstream {
        /// Its name.
        repository: String,
    },
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
    /// The name has no address.
    Name,
    /// No route, nobody listening, connection cut.
    Network,
    /// The certificate is signed by nobody we trust, or is not for this host.
    Certificate,
    /// The proxy refused to connect us.
    Proxy,
}
