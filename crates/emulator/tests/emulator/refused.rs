//! Signatures and sessions that AWS refuses, the emulator refuses, in AWS's words; and the journal tells the
//! true reason.

use std::time::Duration;

use crate::client::{Keys, now};
use crate::process::{EXAMPLE, Emulator, PERMISSIONS};

const INTEGRATION: &str = "arn:aws:iam::198331734661:role/IntegrationReadOnly";
const READER: &str = "arn:aws:iam::111122223333:role/CodeArtifactReader";

pub(crate) fn role(name: &str) -> String {
    format!("arn:aws:iam::111122223333:role/{name}")
}

#[test]
fn wrong_signatures() {
    let emulator = Emulator::start(EXAMPLE);
    let session = emulator.session(&Keys::ci(), INTEGRATION, &[]);
    for (keys, sts, codeartifact) in [
        (
            Keys::user("AKIAIOSFODNN7EXAMPLE", "wrong"),
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
        ),
        (
            Keys::user("AKIAUNKNOWN000000000", "wrong"),
            "InvalidClientTokenId",
            "UnrecognizedClientException",
        ),
        (
            Keys {
                session: None,
                ..session.clone()
            },
            "InvalidClientTokenId",
            "UnrecognizedClientException",
        ),
        (
            Keys {
                session: Some("another".into()),
                ..session
            },
            "InvalidClientTokenId",
            "UnrecognizedClientException",
        ),
    ] {
        let answer = emulator.sts(&keys, &[("Action", "GetCallerIdentity")]);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, sts),
            "{keys:?}"
        );
        let answer = emulator.authorization(&keys, "domain=my-domain");
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, codeartifact),
            "{keys:?}"
        );
    }
}

#[test]
fn a_request_that_was_changed_after_signing() {
    let emulator = Emulator::start(EXAMPLE);
    let target = "/h/sts.us-east-1.amazonaws.com/";
    let (body, other) = (
        "Action=GetCallerIdentity&Version=2011-06-15",
        "Action=GetSessionToken&Version=2011-06-15",
    );
    let headers = emulator.sign(&Keys::ci(), "sts", "POST", target, body, now());
    assert_eq!(emulator.send("POST", target, &headers, body).status, 200);
    assert_eq!(
        emulator.send("POST", target, &headers, other).code(),
        "SignatureDoesNotMatch"
    );
    assert_eq!(
        emulator.send("POST", target, &Vec::new(), body).code(),
        "MissingAuthenticationToken"
    );
}

#[test]
fn a_signature_from_another_time_or_for_another_service() {
    let emulator = Emulator::start(EXAMPLE);
    let target = "/h/sts.us-east-1.amazonaws.com/";
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let (now, six_minutes) = (now(), Duration::from_secs(360));
    for (service, time, expected) in [
        ("sts", now - six_minutes, "Signature expired: "),
        ("sts", now + six_minutes, "Signature not yet current: "),
        (
            "codeartifact",
            now,
            "Credential should be scoped to correct service",
        ),
    ] {
        let headers = emulator.sign(&Keys::ci(), service, "POST", target, body, time);
        let answer = emulator.send("POST", target, &headers, body);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "SignatureDoesNotMatch")
        );
        assert!(
            answer.element("Message").unwrap().starts_with(expected),
            "{answer:?}"
        );
    }
    let elsewhere = emulator.signed(
        &Keys::ci(),
        "sts",
        "sts.eu-west-1.amazonaws.com",
        "POST",
        "/",
        body,
    );
    assert_eq!(elsewhere.code(), "SignatureDoesNotMatch");
}

/// The one text of all denials, and among them the reason that only the journal has.
#[track_caller]
fn assert_denied(
    emulator: &Emulator,
    keys: &Keys,
    role: &str,
    more: &[(&str, &str)],
    reason: &str,
) {
    let answer = emulator.assume(keys, role, more);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (403, "AccessDenied")
    );
    let text = format!("is not authorized to perform: sts:AssumeRole on resource: {role}");
    assert!(
        answer.element("Message").unwrap().ends_with(&text),
        "{answer:?}"
    );
    let found = emulator.reason("sts:AssumeRole");
    assert!(found.contains(reason), "{found}");
}

#[test]
fn a_missing_and_a_wrong_external_id() {
    let emulator = Emulator::start(EXAMPLE);
    let integration = emulator.session(&Keys::ci(), INTEGRATION, &[]);
    assert_denied(&emulator, &integration, READER, &[], "the request has none");
    let wrong = [("ExternalId", "wrong")];
    assert_denied(
        &emulator,
        &integration,
        READER,
        &wrong,
        "the request has wrong",
    );
}

#[test]
fn every_denial_reads_the_same_and_the_journal_tells_them_apart() {
    let emulator = Emulator::start(PERMISSIONS);
    for (name, reason) in [
        ("Absent", "there is no such role"),
        ("SomebodyElses", "principals do not name"),
        ("Forbidden", "a permissions policy of the caller denies it"),
        (
            "OtherOrganization",
            "aws:PrincipalOrgID wants o-exampleorg2",
        ),
        ("SecondFactor", "aws:MultiFactorAuthPresent"),
        ("SessionName", "sts:RoleSessionName"),
    ] {
        assert_denied(&emulator, &Keys::ci(), &role(name), &[], reason);
    }
    let stranger = Keys::user("AKIASTRANGER00000000", "stranger");
    let reason = "no permissions policy of the caller allows it";
    assert_denied(&emulator, &stranger, &role("Full"), &[], reason);
}

#[test]
fn a_wrong_second_factor_and_a_root_user() {
    let emulator = Emulator::start(PERMISSIONS);
    let factor = |code| {
        vec![
            ("SerialNumber", "arn:aws:iam::198331734661:mfa/ci"),
            ("TokenCode", code),
        ]
    };
    let wrong = emulator.assume(&Keys::ci(), &role("SecondFactor"), &factor("654321"));
    assert!(
        wrong
            .element("Message")
            .unwrap()
            .starts_with("MultiFactorAuthentication failed"),
        "{wrong:?}"
    );
    assert_eq!(
        emulator
            .assume(&Keys::ci(), &role("SecondFactor"), &factor("123456"))
            .status,
        200
    );

    let root = Keys::user("AKIAROOTEXAMPLE00000", "root");
    assert_eq!(
        emulator.assume(&root, &role("Full"), &[]).code(),
        "AccessDenied"
    );
    let answer = emulator.authorization(&root, "domain=my-domain&domain-owner=111122223333");
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (403, "AccessDeniedException")
    );
}

#[test]
fn durations_that_a_session_cannot_have() {
    let emulator = Emulator::start(PERMISSIONS);
    let message = |keys: &Keys, role: &str, seconds: &str| {
        let answer = emulator.assume(keys, role, &[("DurationSeconds", seconds)]);
        (
            answer.status,
            answer.code(),
            answer.element("Message").unwrap_or_default(),
        )
    };
    let full = emulator.session(&Keys::ci(), &role("Full"), &[("DurationSeconds", "7200")]);
    for (keys, name, seconds, text) in [
        (
            &full,
            "Chained",
            "3601",
            "exceeds the 1 hour session limit for roles assumed by role chaining.",
        ),
        (
            &Keys::ci(),
            "Full",
            "7201",
            "exceeds the MaxSessionDuration set for this role.",
        ),
    ] {
        let (status, code, message) = message(keys, &role(name), seconds);
        assert_eq!((status, code.as_str()), (400, "ValidationError"));
        assert!(message.ends_with(text), "{message}");
    }
    assert_eq!(
        emulator
            .assume(&full, &role("Chained"), &[("DurationSeconds", "3600")])
            .status,
        200
    );
}

#[test]
fn a_session_that_has_expired() {
    let emulator = Emulator::start(PERMISSIONS);
    let session = emulator.session(&Keys::ci(), &role("Full"), &[("DurationSeconds", "900")]);
    emulator.control("POST", "clock", r#"{"offset": 901}"#);
    let time = now() + Duration::from_secs(901);
    let target = "/h/codeartifact.us-east-1.amazonaws.com/v1/authorization-token?domain=my-domain";
    let headers = emulator.sign(&session, "codeartifact", "POST", target, "", time);
    let answer = emulator.send("POST", target, &headers, "");
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (403, "ExpiredTokenException")
    );
}
