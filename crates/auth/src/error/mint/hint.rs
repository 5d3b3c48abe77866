//! The one thing to do next after each failure. Wording only: what failed is already decided.

use super::{
    Absence, Cause, Instead, MintError, Obstacle, Permission, Step, Suspicion, Unreachable,
};

/// The hint for `error`, if there is anything that the person can do.
pub(super) fn of(error: &MintError) -> Option<String> {
    Some(match &error.cause {
        Cause::NoProfile { existing, .. } => profiles(existing),
        Cause::NoCredentials {
            profile: Some(name),
        } => format!("give it credentials with `aws configure sso --profile {name}`"),
        Cause::SignInOver { profile, command } => format!("run `{command} --profile {profile}`"),
        Cause::RoleRefused(suspicion) => role_refused(suspicion, error),
        Cause::ListRefused => list_refused(&error.step).to_owned(),
        Cause::TokenRefused(permission) => token_refused(permission, error),
        Cause::Invalid => format!(
            "check the connection with {}",
            command("codeartifact connections", error)
        ),
        Cause::NoDomain(Instead::Region(found)) => other_region(found, &error.step),
        Cause::NoDomain(Instead::Name(name)) => format!("did you mean `{name}`?"),
        Cause::NotReadable => format!(
            "the caller needs codeartifact:ReadFromRepository on it; compare with {}",
            command("codeartifact policy permissions", error)
        ),
        Cause::NoRepository {
            nearest: Some(name),
        } => format!("did you mean `{name}`?"),
        Cause::NoPackage(absence) => package_absent(absence, &error.step),
        Cause::Unreachable(unreachable) => obstacle(unreachable),
        Cause::TimedOut if error.step == Step::Credentials => {
            "see how long `aws sts get-caller-identity` takes with the same profile".to_owned()
        }
        Cause::Bug(_) => return None,
        plain => of_plain(plain).to_owned(),
    })
}

/// Of those causes that have one hint for every case.
fn of_plain(cause: &Cause) -> &'static str {
    match cause {
        Cause::Authorities { .. } => {
            "AWS_CA_BUNDLE or `ca_bundle` must name a PEM file of certificates"
        }
        Cause::SharedFiles(_) => "mend the file, then try `aws configure list`",
        Cause::EndpointOverride { .. } => {
            "unset AWS_ENDPOINT_URL and those that begin so, or start their values with https://"
        }
        Cause::NotSent(_) => {
            "check AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT"
        }
        Cause::Mfa { .. } => {
            "use a profile that needs no code, such as one that `aws sso login` signs in"
        }
        Cause::NoCredentials { .. } => {
            "sign in with `aws sso login` or `aws login`, or name a profile with AWS_PROFILE"
        }
        Cause::SourceFailed(_) => {
            "see whether `aws sts get-caller-identity` works with the same profile"
        }
        Cause::Rejected => {
            "see whether `aws sts get-caller-identity` works with the same keys or profile"
        }
        Cause::Expired => {
            "sign in again; if AWS_SESSION_TOKEN is set, renew it and the keys beside it"
        }
        Cause::RootUser => "use an IAM user or role, which can assume roles and get tokens",
        Cause::CallerNotAllowed => "the caller's own policy must allow sts:AssumeRole on this role",
        Cause::ExplicitlyDenied => {
            "AWS names the kind of policy: ask its administrator for an exception"
        }
        Cause::SessionTooLong => {
            "the role's MaxSessionDuration must be an hour at least, which is AWS's default"
        }
        Cause::PolicyRefused => "set `scope = \"domain\"` to go without a session policy",
        Cause::RegionOff => {
            "an administrator can activate STS for this Region in the account's IAM settings"
        }
        Cause::NoDomain(_) => "check domain, account and Region in the URL",
        Cause::TokenNotTaken => {
            "something on the way may take the Authorization header away: try without the proxy"
        }
        Cause::NoRepository { .. } => "check the repository in the URL; capitals count",
        Cause::Throttled => "try again in a minute; tokens that are kept need no call",
        Cause::TimedOut => "check the network, and HTTPS_PROXY if there is a proxy",
        Cause::Garbled { .. } => "a proxy or a sign-in page of the network may be in between",
        Cause::ClockWrong => "set this machine's clock",
        _ => "try again in a minute",
    }
}

fn profiles(existing: &[String]) -> String {
    match existing {
        [] => "there is no profile at all: `aws configure sso` makes one".to_owned(),
        names => format!("there is {}", names.join(", ")),
    }
}

/// Only the last role is the connection's own; those before it are the user's side.
fn role_refused(suspicion: &Suspicion, error: &MintError) -> String {
    match suspicion {
        Suspicion::None => format!(
            "the role ARN, its external id or its trust policy differ from this connection; compare with {}",
            command("codeartifact policy trust", error)
        ),
        Suspicion::BeforeLast => {
            "the role's trust policy must name the caller, whose own policy must allow sts:AssumeRole".to_owned()
        }
        Suspicion::NoExternalId => format!(
            "its trust policy must name the caller; if it asks for an external id, give that: {}",
            setting(error, "--external-id ID", "CODEARTIFACT_EXTERNAL_ID=ID")
        ),
        Suspicion::OtherAccount { .. } => format!(
            "check the account in the role's ARN, and correct it: {}",
            setting(error, "--role-arn ARN", "CODEARTIFACT_ROLE_ARN=ARN")
        ),
        Suspicion::WorkedBefore { .. } => format!(
            "the role was deleted or its trust policy changed since then: ask whoever owns account {}",
            error.step.account().unwrap_or("of the role")
        ),
    }
}

fn token_refused(permission: &Permission, error: &MintError) -> String {
    let compare = command("codeartifact policy permissions", error);
    match permission {
        Permission::GetAuthorizationToken => format!(
            "the caller needs codeartifact:GetAuthorizationToken on this domain; compare with {compare}"
        ),
        Permission::GetServiceBearerToken => format!(
            "the caller needs sts:GetServiceBearerToken for this duration; shorten `duration` or compare with {compare}"
        ),
        Permission::LongerLife => format!(
            "shorten `duration`: {}",
            setting(error, "--duration 1h", "CODEARTIFACT_DURATION=1h")
        ),
        Permission::OtherAccount { caller } => format!(
            "check the account in the URL; if it is right, the domain's policy must let account {caller} in"
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

fn other_region(found: &str, step: &Step) -> String {
    match step {
        Step::Token { domain } => format!("write {found} for {} in the URL", domain.region),
        _ => format!("write {found} in the URL"),
    }
}

fn package_absent(absence: &Absence, step: &Step) -> String {
    match absence {
        Absence::Nowhere => "publish it there, or connect an upstream that has it".to_owned(),
        Absence::OtherVersions { existing } => format!("there is {}", existing.join(", ")),
        Absence::OtherFormat { format } => {
            let package = match step {
                Step::Package { package, .. } => package,
                _ => "NAME",
            };
            format!("look for it as {format}:{package}")
        }
        Absence::Elsewhere { repository } => format!("use repository `{repository}`"),
        Absence::NotUpstream { repository } => format!(
            "make `{repository}` an upstream with `aws codeartifact update-repository`, or use it instead"
        ),
    }
}

fn obstacle(unreachable: &Unreachable) -> String {
    match (unreachable.obstacle, unreachable.proxy) {
        (Obstacle::Certificate, _) => {
            "if a proxy inspects the traffic, set AWS_CA_BUNDLE to its certificate authority"
                .to_owned()
        }
        (Obstacle::Name, _) => {
            "check the name servers, and HTTPS_PROXY if there is a proxy".to_owned()
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

/// How a value is set: in the connection, or where there is none in the file, by its variable.
fn setting(error: &MintError, flag: &str, variable: &str) -> String {
    match &error.connection {
        Some(name) => format!("`codeartifact connect {name} {flag}`"),
        None => format!("`export {variable}`"),
    }
}
