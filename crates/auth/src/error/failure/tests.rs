//! The whole text of failures, as a person reads them, and as they come from another program.

use super::*;
use crate::endpoint::Domain;
use crate::error::{Error, row};

const ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactReader";
const VIA: &str = "arn:aws:iam::198331734661:role/IntegrationReadOnly";

fn hop(number: usize) -> Step {
    Step::hop(number, 2, if number == 1 { VIA } else { ROLE })
}

fn token() -> Step {
    Step::token(&Domain {
        name: "my-domain".into(),
        owner: "111122223333".into(),
        region: "us-east-1".into(),
    })
}

fn said(code: &str, message: &str) -> AwsSaid {
    AwsSaid {
        code: code.into(),
        message: message.into(),
        request_id: Some("0a1b2c3d".into()),
    }
}

fn unreachable(row: &'static Row, reason: &str) -> Box<Failure> {
    row.with("host", "sts.us-east-1.amazonaws.com")
        .with("reason", reason)
}

fn report(step: Step, failure: Box<Failure>) -> String {
    Error::from(failure.at(&step, Some("acme"))).report()
}

fn unnamed(step: Step, failure: Box<Failure>) -> String {
    Error::from(failure.at(&step, None)).report()
}

#[test]
fn what_aws_said_of_a_role_is_shown_with_the_place_and_one_hint() {
    let denied = "User: arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/codeartifact-acme is not authorized \
        to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/CodeArtifactReader";
    let refused = row::ROLE_REFUSED.failure();
    let rows = [
        (
            report(hop(2), refused.clone().said(said("AccessDenied", denied))),
            format!(
                "cannot assume {ROLE} (hop 2 of 2, connection acme): AWS does not say whether the role's name, \
                the external id or the trust policy is the reason\n  \
                AWS: AccessDenied: {denied} (request 0a1b2c3d)\n  \
                hint: the role ARN, its external id or its trust policy differ from this connection; compare with \
                `codeartifact policy trust acme`"
            ),
        ),
        (
            unnamed(
                hop(1),
                refused
                    .said(said("AccessDenied", "no"))
                    .turned(&row::VIA_REFUSED),
            ),
            format!(
                "cannot assume {VIA} (hop 1 of 2): the role does not trust the caller\n  AWS: AccessDenied: no (request 0a1b2c3d)\n  \
                hint: the role's trust policy must name the caller, whose own policy must allow sts:AssumeRole"
            ),
        ),
        (
            report(
                hop(2),
                row::CALLER_NOT_ALLOWED
                    .failure()
                    .said(said("AccessDenied", "no")),
            ),
            format!(
                "cannot assume {ROLE} (hop 2 of 2, connection acme): the caller's own policies do not allow it\n  \
                AWS: AccessDenied: no (request 0a1b2c3d)\n  \
                hint: the caller's own policy must allow sts:AssumeRole on this role"
            ),
        ),
    ];
    for (shown, expected) in rows {
        assert_eq!(shown, expected);
    }
}

#[test]
fn what_aws_said_of_a_token_is_shown_with_the_place_and_one_hint() {
    are_shown([
        (
            report(
                token(),
                row::TOKEN_NOT_ALLOWED
                    .failure()
                    .said(said("AccessDeniedException", "no")),
            ),
            "cannot get a token for domain my-domain of account 111122223333 in us-east-1 (connection acme): \
                codeartifact:GetAuthorizationToken is not allowed\n  \
                AWS: AccessDeniedException: no (request 0a1b2c3d)\n  \
                hint: the caller needs codeartifact:GetAuthorizationToken on this domain; compare with \
                `codeartifact policy permissions acme`",
        ),
        (
            unnamed(
                token(),
                row::BEARER_TOKEN_NOT_ALLOWED
                    .failure()
                    .said(said("AccessDeniedException", "no")),
            ),
            "cannot get a token for domain my-domain of account 111122223333 in us-east-1: \
                sts:GetServiceBearerToken is not allowed\n  \
                AWS: AccessDeniedException: no (request 0a1b2c3d)\n  \
                hint: the caller needs sts:GetServiceBearerToken for this duration; shorten `duration` or compare with \
                `codeartifact policy permissions`",
        ),
        (
            unnamed(
                token(),
                row::DOMAIN_ABSENT
                    .failure()
                    .said(said("ResourceNotFoundException", "Domain not found.")),
            ),
            "cannot get a token for domain my-domain of account 111122223333 in us-east-1: there is no such domain\n  \
                AWS: ResourceNotFoundException: Domain not found. (request 0a1b2c3d)\n  \
                hint: check domain, account and Region in the URL",
        ),
        (
            unnamed(
                Step::identity(),
                row::CREDENTIALS_EXPIRED
                    .failure()
                    .said(said("ExpiredToken", "")),
            ),
            "cannot ask AWS who is calling: the credentials have expired\n  AWS: ExpiredToken (request 0a1b2c3d)\n  \
                hint: sign in again; if AWS_SESSION_TOKEN is set, renew it and the keys beside it",
        ),
    ]);
}

#[test]
fn a_machine_that_is_not_ready_is_told_in_our_words() {
    are_shown([
        (
            report(
                Step::start(),
                row::CA_BUNDLE_UNUSABLE
                    .with("path", "/etc/corporate.pem")
                    .with("reason", "is damaged at certificate 2"),
            ),
            "cannot talk to AWS (connection acme): the CA bundle `/etc/corporate.pem` is damaged at certificate 2\n  \
                hint: AWS_CA_BUNDLE, `ca_bundle`, REQUESTS_CA_BUNDLE or SSL_CERT_FILE must name a PEM file of certificates",
        ),
        (
            unnamed(
                Step::start(),
                row::ENDPOINT_OVERRIDE_INVALID
                    .with("service", "STS")
                    .with("url", "localhost:4566"),
            ),
            "cannot talk to AWS: the endpoint override `localhost:4566` of STS is not a URL\n  \
                hint: unset AWS_ENDPOINT_URL and the variables that start with it, or start their values with https://",
        ),
        (
            unnamed(Step::start(), row::BUG.with("reason", "no runtime")),
            "cannot talk to AWS: this is a bug: no runtime",
        ),
    ]);
}

#[test]
fn credentials_that_are_not_there_are_told_in_our_words() {
    let no_profile = |name| {
        let absent = row::PROFILE_ABSENT.with("profile", name);
        absent
            .with("config", "/home/me/.aws/config")
            .with("credentials", "/home/me/.aws/credentials (missing)")
    };
    are_shown([
        (
            report(
                Step::credentials(),
                no_profile("prod").with("existing", "default, dev"),
            ),
            "cannot get AWS credentials (connection acme): there is no profile `prod` in \
                /home/me/.aws/config or /home/me/.aws/credentials (missing)\n  hint: there is default, dev",
        ),
        (
            unnamed(Step::credentials(), no_profile("prod")),
            "cannot get AWS credentials: there is no profile `prod` in \
                /home/me/.aws/config or /home/me/.aws/credentials (missing)\n  \
                hint: there is no profile at all: `aws configure --profile prod` makes it",
        ),
        (
            unnamed(Step::credentials(), row::CREDENTIALS_ABSENT.failure()),
            "cannot get AWS credentials: there are none in the environment, the shared files, a web identity or a \
                container\n  \
                hint: make a profile with `aws configure`, or `aws configure sso`; on an instance that is not seen as \
                one, set AWS_EC2_METADATA_SERVICE_ENDPOINT=http://169.254.169.254/",
        ),
        (
            report(
                Step::credentials(),
                row::MFA_NEEDED
                    .with("profile", "admin")
                    .with("login", "acme"),
            ),
            "cannot get AWS credentials (connection acme): profile `admin` needs an MFA code, which cannot be asked \
                for here\n  hint: run `codeartifact login acme` at a terminal",
        ),
        (
            report(
                Step::credentials(),
                row::SIGN_IN_OVER
                    .with("profile", "dev")
                    .with("kind", "SSO")
                    .with("command", "aws sso login --profile dev"),
            ),
            "cannot get AWS credentials (connection acme): the SSO session of profile `dev` has expired\n  \
                hint: run `aws sso login --profile dev`",
        ),
        (
            unnamed(hop(2), row::EXTERNAL_ID_NOT_SENT.failure()),
            "cannot assume arn:aws:iam::111122223333:role/CodeArtifactReader (hop 2 of 2): \
                no external id was sent, and the role may ask for one\n  \
                hint: its trust policy must name the caller; if it asks for an external id, give that: \
                `export CODEARTIFACT_EXTERNAL_ID=ID`",
        ),
    ]);
}

#[test]
fn a_network_that_fails_is_told_in_our_words() {
    are_shown([
        (
            unnamed(Step::credentials(), row::SOURCE_SLOW.failure()),
            "cannot get AWS credentials: no answer in time\n  \
                hint: check how long `aws sts get-caller-identity` takes with the same profile",
        ),
        (
            unnamed(hop(1), row::TIMED_OUT.failure()),
            "cannot assume arn:aws:iam::198331734661:role/IntegrationReadOnly (hop 1 of 2): no answer in time\n  \
                hint: check the network, and HTTPS_PROXY if there is a proxy",
        ),
        (
            unnamed(
                hop(1),
                unreachable(&row::NETWORK_FAILED, "Connection refused"),
            ),
            "cannot assume arn:aws:iam::198331734661:role/IntegrationReadOnly (hop 1 of 2): \
                sts.us-east-1.amazonaws.com cannot be reached: Connection refused\n  \
                hint: check the network; if there is a proxy, set HTTPS_PROXY",
        ),
        (
            unnamed(
                hop(1),
                unreachable(&row::PROXY_REFUSED, "tunnel error: unsuccessful")
                    .with("proxy", "https_proxy"),
            ),
            "cannot assume arn:aws:iam::198331734661:role/IntegrationReadOnly (hop 1 of 2): \
                the proxy does not connect to sts.us-east-1.amazonaws.com: tunnel error: unsuccessful\n  \
                hint: check the proxy in https_proxy, and NO_PROXY",
        ),
        (
            unnamed(
                hop(1),
                unreachable(
                    &row::CERTIFICATE_UNKNOWN,
                    "invalid peer certificate: UnknownIssuer",
                ),
            ),
            "cannot assume arn:aws:iam::198331734661:role/IntegrationReadOnly (hop 1 of 2): \
                sts.us-east-1.amazonaws.com cannot be trusted: invalid peer certificate: UnknownIssuer\n  \
                hint: if a proxy inspects the traffic, set AWS_CA_BUNDLE to its certificate authority",
        ),
        (
            unnamed(Step::identity(), row::ANSWER_GARBLED.with("status", 200)),
            "cannot ask AWS who is calling: the answer (HTTP 200) is not AWS's\n  \
                hint: a proxy or a sign-in page of the network may be in between",
        ),
    ]);
}

fn are_shown<const N: usize>(rows: [(String, &str); N]) {
    for (shown, expected) in rows {
        assert_eq!(shown, expected);
    }
}

#[test]
fn every_failure_has_its_exit_code() {
    let rows = [
        (&row::SHARED_FILES_UNREADABLE, 3),
        (&row::CALL_NOT_MADE, 3),
        (&row::SESSION_POLICY_REFUSED, 3),
        (&row::VALUE_REFUSED, 3),
        (&row::CREDENTIALS_ABSENT, 4),
        (&row::CREDENTIALS_STRIPPED, 4),
        (&row::CREDENTIALS_INCOMPLETE, 3),
        (&row::SOURCE_FAILED, 4),
        (&row::PROCESS_SLOW, 7),
        (&row::CREDENTIALS_EXPIRED, 4),
        (&row::CREDENTIALS_REJECTED, 4),
        (&row::ROLE_REFUSED, 4),
        (&row::CLOCK_WRONG, 4),
        (&row::URL_WITH_CREDENTIALS, 4),
        (&row::TOKEN_NOT_ALLOWED, 5),
        (&row::REGION_OFF, 5),
        (&row::REQUEST_FORBIDDEN, 5),
        (&row::DOMAIN_ABSENT, 6),
        (&row::PACKAGE_ABSENT, 6),
        (&row::NAME_UNKNOWN, 7),
        (&row::THROTTLED, 7),
        (&row::TIMED_OUT, 7),
        (&row::SERVER_FAILED, 7),
        (&row::ANSWER_GARBLED, 7),
        (&row::NETWORK_FAILED, 7),
        (&row::CERTIFICATE_UNKNOWN, 7),
        (&row::PROXY_REFUSED, 7),
        (&row::URL_NOT_AN_INDEX, 0),
        (&row::BUG, 70),
    ];
    for (row, code) in rows {
        assert_eq!(row.failure().exit() as u8, code, "{}", row.key);
    }
}

#[test]
fn a_failure_comes_whole_from_another_program() {
    let failure = row::ROLE_REFUSED
        .failure()
        .said(said("AccessDenied", "no"))
        .at(&hop(2), Some("acme"));
    let text = serde_json::to_string(&failure).unwrap();
    assert_eq!(
        serde_json::from_str::<Box<Failure>>(&text).unwrap(),
        failure
    );
}

#[test]
fn a_newer_programs_failure_is_shown_in_its_words() {
    let text = r#"{
        "key": "moon_in_the_way", "words": "cannot reach AWS (connection acme): the moon is in the way",
        "aws": {"code": "Eclipse", "message": "wait", "request_id": null},
        "hint": "try again in an hour", "exit": 7, "values": {"connection": "acme"}, "phase": "full"
    }"#;
    let failure: Box<Failure> = serde_json::from_str(text).unwrap();
    assert_eq!(failure.exit(), Exit::Network);
    assert_eq!(failure.connection(), Some("acme"));
    assert_eq!(
        Error::from(failure).report(),
        "cannot reach AWS (connection acme): the moon is in the way\n  AWS: Eclipse: wait\n  hint: try again in an hour"
    );
    let unknown_exit = text.replace("\"exit\": 7", "\"exit\": 99");
    let failure: Box<Failure> = serde_json::from_str(&unknown_exit).unwrap();
    assert_eq!(failure.exit(), Exit::Bug);
}
