//! How a person is told that AWS gave no token: what failed and where, why, and AWS's own words. No hints here.

use std::borrow::Cow;
use std::fmt;

use super::{
    Absence, AwsSaid, Cause, Instead, MintError, Obstacle, Permission, Step, Suspicion, Unreachable,
};

impl fmt::Display for MintError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.step.failure())?;
        self.write_place(formatter)?;
        write!(formatter, ": {}", self.cause.reason())?;
        match &self.aws {
            Some(said) => write!(formatter, "\n  {said}"),
            None => Ok(()),
        }
    }
}

impl Step {
    fn failure(&self) -> String {
        match self {
            Step::Start => "cannot talk to AWS".to_owned(),
            Step::Credentials => "cannot get AWS credentials".to_owned(),
            Step::Hop { role_arn, .. } => format!("cannot assume {role_arn}"),
            Step::Identity => "cannot ask AWS who is calling".to_owned(),
            Step::Token { domain } => format!(
                "cannot get a token for domain {} of account {} in {}",
                domain.name, domain.owner, domain.region
            ),
            Step::Domains { region } => format!("cannot list the domains in {region}"),
            Step::Repositories { domain } => format!(
                "cannot list the repositories of domain {} of account {} in {}",
                domain.name, domain.owner, domain.region
            ),
            Step::Repository { url } => format!("cannot read {url}"),
            Step::Package { package, url } => format!("cannot find {package} in {url}"),
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
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Cause::Authorities { path, reason } => {
                format!("the CA bundle `{path}` {reason}").into()
            }
            Cause::SharedFiles(reason) => {
                format!("AWS's shared files cannot be read: {reason}").into()
            }
            Cause::EndpointOverride { service, url } => {
                format!("the endpoint override `{url}` of {service} is no URL").into()
            }
            Cause::NotSent(reason) => format!("the call cannot be made: {reason}").into(),
            Cause::SourceFailed(reason) => reason.clone().into(),
            Cause::Unreachable(unreachable) => unreachable.to_string().into(),
            Cause::Garbled { status } => format!("the answer (HTTP {status}) is not AWS's").into(),
            Cause::Bug(reason) => format!("this is a bug: {reason}").into(),
            Cause::NoProfile { name, .. } => format!("there is no profile `{name}`").into(),
            Cause::NoCredentials {
                profile: Some(name),
            } => format!("profile `{name}` holds none").into(),
            Cause::Mfa { profile } => {
                format!("profile `{profile}` wants an MFA code, which cannot be asked for here")
                    .into()
            }
            Cause::SignInOver { profile, .. } => {
                format!("the sign-in of profile `{profile}` is over").into()
            }
            Cause::RoleRefused(suspicion) => suspicion.reason(),
            Cause::TokenRefused(permission) => permission.reason(),
            Cause::NoDomain(Instead::Region(region)) => {
                format!("the account has it in {region}").into()
            }
            Cause::NoDomain(Instead::Name(name)) => {
                format!("there is no such domain, but `{name}`").into()
            }
            Cause::NoPackage(absence) => absence.reason(),
            plain => plain.plain_reason().into(),
        }
    }

    /// Of those that have nothing of their own to tell.
    fn plain_reason(&self) -> &'static str {
        match self {
            Cause::NoCredentials { .. } => {
                "there are none in the environment, the shared files, a web identity, a container \
                 or an instance"
            }
            Cause::Expired => "the credentials have expired",
            Cause::Rejected => "AWS does not take the credentials",
            Cause::RootUser => "the caller is an account's root user",
            Cause::CallerNotAllowed => "the caller's own policies do not allow it",
            Cause::ExplicitlyDenied => "a policy denies it explicitly",
            Cause::ListRefused => "the caller may not have the list",
            Cause::SessionTooLong => "its sessions may not last as long as was asked for",
            Cause::PolicyRefused => "AWS does not take the session policy that narrows it",
            Cause::Invalid => "AWS does not take a value that was sent",
            Cause::RegionOff => "STS is not active in this Region",
            Cause::NoDomain(_) => "there is no such domain",
            Cause::TokenNotTaken => "401, though the token is new",
            Cause::NotReadable => "403, the token is good, but its holder may not read there",
            Cause::NoRepository { .. } => "404, the domain has no repository of that name",
            Cause::Throttled => "there were too many calls",
            Cause::TimedOut => "no answer in time",
            Cause::ServerFailed => "AWS could not answer",
            Cause::ClockWrong => "this machine's clock is too far from AWS's",
            _ => "it failed",
        }
    }
}

impl Suspicion {
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Suspicion::None => {
                "AWS tells nobody whether it is the role's name, the external id or \
                                the trust policy"
                    .into()
            }
            Suspicion::BeforeLast => "the role does not let the caller in".into(),
            Suspicion::NoExternalId => {
                "no external id was sent, and the role may ask for one".into()
            }
            Suspicion::OtherAccount { account_id } => format!(
                "the role is of another account than the repositories, which are of {account_id}"
            )
            .into(),
            Suspicion::WorkedBefore { at } => {
                format!("it let us in with the same external id at {at}").into()
            }
        }
    }
}

impl Permission {
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Permission::GetAuthorizationToken => {
                "codeartifact:GetAuthorizationToken is not allowed".into()
            }
            Permission::GetServiceBearerToken => "sts:GetServiceBearerToken is not allowed".into(),
            Permission::LongerLife => {
                "a policy caps its life, and one of 15 minutes was given".into()
            }
            Permission::OtherAccount { caller } => {
                format!("the caller is of account {caller}").into()
            }
            Permission::Unknown => "it is not allowed".into(),
        }
    }
}

impl Absence {
    fn reason(&self) -> Cow<'static, str> {
        match self {
            Absence::Nowhere => "404, and nothing else that may be looked at has it".into(),
            Absence::OtherVersions { .. } => "the package is there, the version is not".into(),
            Absence::OtherFormat { format } => {
                format!("it is there as a package of format {format}").into()
            }
            Absence::Elsewhere { repository } => {
                format!("repository `{repository}` of the same domain has it").into()
            }
            Absence::NotUpstream { repository } => format!(
                "repository `{repository}` of the same domain has it, and is no upstream of this one"
            )
            .into(),
        }
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unreachable { host, reason, .. } = self;
        match self.obstacle {
            Obstacle::Name => write!(formatter, "{host} has no address: {reason}"),
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
