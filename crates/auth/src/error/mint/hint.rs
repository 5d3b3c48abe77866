//! The one thing to do next after each failure. Wording only: what failed is already decided.

use super::{Cause, MintError, Obstacle, Permission, Step, Unreachable};

/// The hint for `error`, if there is anything that the person can do.
pub(super) fn of(error: &MintError) -> Option<String> {
    Some(match &error.cause {
        Cause::Authorities { .. } => {
            "AWS_CA_BUNDLE or `ca_bundle` must name a PEM file of certificates".to_owned()
        }
        Cause::SharedFiles(_) => "mend the file, then try `aws configure list`".to_owned(),
        Cause::EndpointOverride { .. } => {
            "unset AWS_ENDPOINT_URL and those that begin so, or start their values with https://"
                .to_owned()
        }
        Cause::NotSent(_) => {
            "check AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT"
                .to_owned()
        }
        Cause::NoProfile { existing, .. } => profiles(existing),
        Cause::Mfa { .. } => {
            "use a profile that needs no code, such as one that `aws sso login` signs in".to_owned()
        }
        Cause::NoCredentials { .. } => {
            "sign in with `aws sso login` or `aws login`, or name a profile with AWS_PROFILE"
                .to_owned()
        }
        Cause::SignInOver { profile, command } => format!("run `{command} --profile {profile}`"),
        Cause::SourceFailed(_) | Cause::Rejected => {
            "see whether `aws sts get-caller-identity` works with the same profile".to_owned()
        }
        Cause::Expired => {
            "sign in again; if AWS_SESSION_TOKEN is set, renew it and the keys beside it".to_owned()
        }
        Cause::RoleRefused => role_refused(error),
        Cause::CallerNotAllowed => {
            "the caller's own policy must allow sts:AssumeRole on this role".to_owned()
        }
        Cause::TokenRefused(permission) => token_refused(*permission, error),
        Cause::ListRefused => list_refused(&error.step).to_owned(),
        Cause::NoDomain => "check domain, account and Region in the URL".to_owned(),
        Cause::PolicyRefused => {
            "set `scope = \"domain\"` to go without a session policy".to_owned()
        }
        Cause::Invalid => format!(
            "check the connection with {}",
            command("codeartifact connections", error)
        ),
        Cause::RegionOff => {
            "an administrator can activate STS for this Region in the account's IAM settings"
                .to_owned()
        }
        Cause::Throttled | Cause::ServerFailed => "try again in a minute".to_owned(),
        Cause::TimedOut => timed_out(&error.step),
        Cause::Unreachable(unreachable) => obstacle(unreachable),
        Cause::Garbled { .. } => {
            "a proxy or a sign-in page of the network may be in between".to_owned()
        }
        Cause::ClockWrong => "set this machine's clock".to_owned(),
        Cause::Bug(_) => return None,
    })
}

/// Most sources of credentials are programs and files of this machine, so the network is not the first suspect.
fn timed_out(step: &Step) -> String {
    match step {
        Step::Credentials => {
            "see how long `aws sts get-caller-identity` takes with the same profile"
        }
        _ => "check the network, and HTTPS_PROXY if there is a proxy",
    }
    .to_owned()
}

fn profiles(existing: &[String]) -> String {
    match existing {
        [] => "there is no profile at all: `aws configure sso` makes one".to_owned(),
        names => format!("there is {}", names.join(", ")),
    }
}

/// Only the last role is the connection's own; those before it are the user's side.
fn role_refused(error: &MintError) -> String {
    match &error.step {
        Step::Hop { number, of, .. } if number == of => format!(
            "the role ARN, its external id or its trust policy differ from this connection; compare with {}",
            command("codeartifact policy trust", error)
        ),
        _ => "the role's trust policy must name the caller, whose own policy must allow sts:AssumeRole".to_owned(),
    }
}

fn token_refused(permission: Permission, error: &MintError) -> String {
    let compare = command("codeartifact policy permissions", error);
    match permission {
        Permission::GetAuthorizationToken => format!(
            "the caller needs codeartifact:GetAuthorizationToken on this domain; compare with {compare}"
        ),
        Permission::GetServiceBearerToken => format!(
            "the caller needs sts:GetServiceBearerToken for this duration; shorten `duration` or compare with {compare}"
        ),
        Permission::Unknown => format!("compare what the caller may do with {compare}"),
    }
}

fn list_refused(step: &Step) -> &'static str {
    match step {
        Step::Domains { .. } => {
            "name the domain with --domain and --owner, or let the caller have codeartifact:ListDomains"
        }
        _ => {
            "no token needs it, but only codeartifact:ListRepositoriesInDomain on the domain shows what there is"
        }
    }
}

fn obstacle(unreachable: &Unreachable) -> String {
    match (unreachable.obstacle, unreachable.proxy) {
        (Obstacle::Certificate, _) => {
            "if a proxy inspects the traffic, set AWS_CA_BUNDLE to its certificate authority"
                .to_owned()
        }
        (_, Some(variable)) => format!("check the proxy in {variable}, and NO_PROXY"),
        (_, None) => "check the network; if there is a proxy, set HTTPS_PROXY".to_owned(),
    }
}

fn command(command: &str, error: &MintError) -> String {
    match &error.connection {
        Some(name) => format!("`{command} {name}`"),
        None => format!("`{command}`"),
    }
}
