//! How a person is told that AWS gave no token: what failed and where, why, and AWS's own words. No hints here.

use std::fmt;

use super::{AwsSaid, Cause, MintError, Obstacle, Step, Unreachable};

impl fmt::Display for MintError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.step.failure())?;
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
            Cause::EndpointOverride { service, url } => {
                format!("the endpoint override `{url}` of {service} is no URL")
            }
            Cause::NotSent(reason) => format!("the call cannot be made: {reason}"),
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
