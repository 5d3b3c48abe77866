//! The whole text of each failure, as a person reads it.

use super::*;
use crate::error::Error;

const ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactReader";
const VIA: &str = "arn:aws:iam::198331734661:role/IntegrationReadOnly";

fn hop(number: usize) -> Step {
    let role_arn = if number == 1 { VIA } else { ROLE }.to_owned();
    Step::Hop {
        number,
        of: 2,
        role_arn,
    }
}

fn token() -> Step {
    let domain = Domain {
        name: "my-domain".into(),
        owner: "111122223333".into(),
        region: "us-east-1".into(),
    };
    Step::Token { domain }
}

fn said(code: &str, message: &str) -> Option<AwsSaid> {
    Some(AwsSaid {
        code: code.into(),
        message: message.into(),
        request_id: Some("0a1b2c3d".into()),
    })
}

fn unreachable(obstacle: Obstacle, reason: &str, proxy: Option<&'static str>) -> Cause {
    Cause::Unreachable(Unreachable {
        host: "sts.us-east-1.amazonaws.com".into(),
        obstacle,
        reason: reason.into(),
        proxy,
    })
}

fn report(step: Step, cause: Cause, aws: Option<AwsSaid>) -> String {
    named(Some("acme"), step, cause, aws)
}

fn named(connection: Option<&str>, step: Step, cause: Cause, aws: Option<AwsSaid>) -> String {
    let connection = connection.map(str::to_owned);
    Error::from(Box::new(MintError {
        step,
        connection,
        cause,
        aws,
    }))
    .report()
}

#[test]
fn what_aws_said_is_told_with_the_place_and_one_hint() {
    let denied = "User: arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/codeartifact-acme is not authorized \
        to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/CodeArtifactReader";
    let rows = [
        (
            report(hop(2), Cause::RoleRefused(Suspicion::None), said("AccessDenied", denied)),
            format!(
                "cannot assume {ROLE} (hop 2 of 2, connection acme): AWS tells nobody whether it is the role's name, \
                the external id or the trust policy\n  AWS: AccessDenied: {denied} (request 0a1b2c3d)\n  \
                hint: the role ARN, its external id or its trust policy differ from this connection; compare with \
                `codeartifact policy trust acme`"
            ),
        ),
        (
            named(None, hop(1), Cause::RoleRefused(Suspicion::BeforeLast), said("AccessDenied", "no")),
            format!(
                "cannot assume {VIA} (hop 1 of 2): the role does not let the caller in\n  AWS: AccessDenied: no (request 0a1b2c3d)\n  \
                hint: the role's trust policy must name the caller, whose own policy must allow sts:AssumeRole"
            ),
        ),
        (
            report(hop(2), Cause::CallerNotAllowed, said("AccessDenied", "no")),
            format!(
                "cannot assume {ROLE} (hop 2 of 2, connection acme): the caller's own policies do not allow it\n  \
                AWS: AccessDenied: no (request 0a1b2c3d)\n  \
                hint: the caller's own policy must allow sts:AssumeRole on this role"
            ),
        ),
        (
            report(
                token(),
                Cause::TokenRefused(Permission::GetAuthorizationToken),
                said("AccessDeniedException", "no"),
            ),
            "cannot get a token for domain my-domain of account 111122223333 in us-east-1 (connection acme): \
                codeartifact:GetAuthorizationToken is not allowed\n  \
                AWS: AccessDeniedException: no (request 0a1b2c3d)\n  \
                hint: the caller needs codeartifact:GetAuthorizationToken on this domain; compare with \
                `codeartifact policy permissions acme`"
                .into(),
        ),
        (
            named(
                None,
                token(),
                Cause::TokenRefused(Permission::GetServiceBearerToken),
                said("AccessDeniedException", "no"),
            ),
            "cannot get a token for domain my-domain of account 111122223333 in us-east-1: \
                sts:GetServiceBearerToken is not allowed\n  \
                AWS: AccessDeniedException: no (request 0a1b2c3d)\n  \
                hint: the caller needs sts:GetServiceBearerToken for this duration; shorten `duration` or compare with \
                `codeartifact policy permissions`"
                .into(),
        ),
        (
            named(None, token(), Cause::NoDomain(Instead::Nothing), said("ResourceNotFoundException", "Domain not found.")),
            "cannot get a token for domain my-domain of account 111122223333 in us-east-1: there is no such domain\n  \
                AWS: ResourceNotFoundException: Domain not found. (request 0a1b2c3d)\n  \
                hint: check domain, account and Region in the URL"
                .into(),
        ),
        (
            named(None, Step::Identity, Cause::Expired, said("ExpiredToken", "")),
            "cannot ask AWS who is calling: the credentials have expired\n  AWS: ExpiredToken (request 0a1b2c3d)\n  \
                hint: sign in again; if AWS_SESSION_TOKEN is set, renew it and the keys beside it"
                .into(),
        ),
    ];
    for (shown, expected) in rows {
        assert_eq!(shown, expected);
    }
}

#[test]
fn what_stood_in_the_way_before_aws_is_told_in_our_words() {
    let rows = [
        (
            report(
                Step::Start,
                Cause::Authorities {
                    path: "/etc/corporate.pem".into(),
                    reason: "is damaged at certificate 2".into(),
                },
                None,
            ),
            "cannot talk to AWS (connection acme): the CA bundle `/etc/corporate.pem` is damaged at certificate 2\n  \
                hint: AWS_CA_BUNDLE or `ca_bundle` must name a PEM file of certificates",
        ),
        (
            named(
                None,
                Step::Start,
                Cause::EndpointOverride {
                    service: "STS",
                    url: "localhost:4566".into(),
                },
                None,
            ),
            "cannot talk to AWS: the endpoint override `localhost:4566` of STS is no URL\n  \
                hint: unset AWS_ENDPOINT_URL and those that begin so, or start their values with https://",
        ),
        (
            report(
                Step::Credentials,
                Cause::NoProfile {
                    name: "prod".into(),
                    existing: vec!["default".into(), "dev".into()],
                },
                None,
            ),
            "cannot get AWS credentials (connection acme): there is no profile `prod`\n  hint: there is default, dev",
        ),
        (
            named(
                None,
                Step::Credentials,
                Cause::NoProfile {
                    name: "prod".into(),
                    existing: vec![],
                },
                None,
            ),
            "cannot get AWS credentials: there is no profile `prod`\n  \
                hint: there is no profile at all: `aws configure sso` makes one",
        ),
        (
            named(
                None,
                Step::Credentials,
                Cause::NoCredentials { profile: None },
                None,
            ),
            "cannot get AWS credentials: there are none in the environment, the shared files, a web identity, \
                a container or an instance\n  \
                hint: sign in with `aws sso login` or `aws login`, or name a profile with AWS_PROFILE",
        ),
        (
            report(
                Step::Credentials,
                Cause::Mfa {
                    profile: "admin".into(),
                },
                None,
            ),
            "cannot get AWS credentials (connection acme): profile `admin` wants an MFA code, which cannot be asked \
                for here\n  hint: use a profile that needs no code, such as one that `aws sso login` signs in",
        ),
        (
            report(
                Step::Credentials,
                Cause::SignInOver {
                    profile: "dev".into(),
                    command: "aws sso login",
                },
                None,
            ),
            "cannot get AWS credentials (connection acme): the sign-in of profile `dev` is over\n  \
                hint: run `aws sso login --profile dev`",
        ),
        (
            named(None, Step::Credentials, Cause::TimedOut, None),
            "cannot get AWS credentials: no answer in time\n  \
                hint: see how long `aws sts get-caller-identity` takes with the same profile",
        ),
        (
            named(None, hop(1), Cause::TimedOut, None),
            "cannot assume arn:aws:iam::198331734661:role/IntegrationReadOnly (hop 1 of 2): no answer in time\n  \
                hint: check the network, and HTTPS_PROXY if there is a proxy",
        ),
        (
            named(
                None,
                hop(1),
                unreachable(Obstacle::Network, "Connection refused", None),
                None,
            ),
            "cannot assume arn:aws:iam::198331734661:role/IntegrationReadOnly (hop 1 of 2): \
                sts.us-east-1.amazonaws.com cannot be reached: Connection refused\n  \
                hint: check the network; if there is a proxy, set HTTPS_PROXY",
        ),
        (
            named(
                None,
                hop(1),
                unreachable(
                    Obstacle::Proxy,
                    "tunnel error: unsuccessful",
                    Some("https_proxy"),
                ),
                None,
            ),
            "cannot assume arn:aws:iam::198331734661:role/IntegrationReadOnly (hop 1 of 2): \
                the proxy does not connect to sts.us-east-1.amazonaws.com: tunnel error: unsuccessful\n  \
                hint: check the proxy in https_proxy, and NO_PROXY",
        ),
        (
            named(
                None,
                hop(1),
                unreachable(
                    Obstacle::Certificate,
                    "invalid peer certificate: UnknownIssuer",
                    None,
                ),
                None,
            ),
            "cannot assume arn:aws:iam::198331734661:role/IntegrationReadOnly (hop 1 of 2): \
                sts.us-east-1.amazonaws.com cannot be trusted: invalid peer certificate: UnknownIssuer\n  \
                hint: if a proxy inspects the traffic, set AWS_CA_BUNDLE to its certificate authority",
        ),
        (
            named(None, Step::Identity, Cause::Garbled { status: 200 }, None),
            "cannot ask AWS who is calling: the answer (HTTP 200) is not AWS's\n  \
                hint: a proxy or a sign-in page of the network may be in between",
        ),
        (
            named(None, Step::Start, Cause::Bug("no runtime".into()), None),
            "cannot talk to AWS: this is a bug: no runtime",
        ),
    ];
    for (shown, expected) in rows {
        assert_eq!(shown, expected);
    }
}

#[test]
fn every_cause_has_its_exit_code() {
    let rows = [
        (Cause::SharedFiles("x".into()), 3, false),
        (Cause::NotSent("x".into()), 3, false),
        (Cause::PolicyRefused, 3, false),
        (Cause::Invalid, 3, false),
        (Cause::NoCredentials { profile: None }, 4, false),
        (Cause::SourceFailed("x".into()), 4, false),
        (Cause::Expired, 4, false),
        (Cause::Rejected, 4, false),
        (Cause::RoleRefused(Suspicion::None), 4, false),
        (Cause::ClockWrong, 4, false),
        (Cause::TokenRefused(Permission::Unknown), 5, false),
        (Cause::RegionOff, 5, false),
        (Cause::NoDomain(Instead::Nothing), 6, false),
        (Cause::NoPackage(Absence::Nowhere), 6, false),
        (unreachable(Obstacle::Name, "x", None), 7, true),
        (Cause::Throttled, 7, true),
        (Cause::TimedOut, 7, true),
        (Cause::ServerFailed, 7, true),
        (Cause::Garbled { status: 503 }, 7, true),
        (unreachable(Obstacle::Network, "x", None), 7, true),
        (unreachable(Obstacle::Certificate, "x", None), 7, false),
        (unreachable(Obstacle::Proxy, "x", None), 7, false),
        (Cause::Bug("x".into()), 70, false),
    ];
    for (cause, code, transient) in rows {
        let error = MintError {
            step: token(),
            connection: None,
            cause,
            aws: None,
        };
        assert_eq!(error.exit() as u8, code, "{error}");
        assert_eq!(error.is_transient(), transient, "{error}");
    }
}
