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

#[test]
fn every_assume_role_denial_reads_the_same_and_the_journal_tells_them_apart() {
    let emulator = Emulator::start(PERMISSIONS);
    let example = Emulator::start(EXAMPLE);
    let integration = example.session(&Keys::ci(), INTEGRATION, &[]);
    let stranger = Keys::user("AKIASTRANGER00000000", "stranger");
    let ci = Keys::ci();
    for (name, emulator, keys, role, more, reason) in [
        (
            "no external id",
            &example,
            &integration,
            READER.to_owned(),
            vec![],
            "the request has none",
        ),
        (
            "wrong external id",
            &example,
            &integration,
            READER.to_owned(),
            vec![("ExternalId", "wrong")],
            "the request has wrong",
        ),
        (
            "no such role",
            &emulator,
            &ci,
            role("Absent"),
            vec![],
            "there is no such role",
        ),
        (
            "wrong principal",
            &emulator,
            &ci,
            role("SomebodyElses"),
            vec![],
            "principals do not name",
        ),
        (
            "no permission",
            &emulator,
            &stranger,
            role("Full"),
            vec![],
            "no permissions policy of the caller",
        ),
        (
            "explicit deny",
            &emulator,
            &ci,
            role("Forbidden"),
            vec![],
            "permissions policy of the caller denies",
        ),
        (
            "organization",
            &emulator,
            &ci,
            role("OtherOrganization"),
            vec![],
            "aws:PrincipalOrgID wants o-exampleorg2",
        ),
        (
            "no second factor",
            &emulator,
            &ci,
            role("SecondFactor"),
            vec![],
            "aws:MultiFactorAuthPresent",
        ),
        (
            "session name",
            &emulator,
            &ci,
            role("SessionName"),
            vec![],
            "sts:RoleSessionName",
        ),
    ] {
        let answer = emulator.assume(keys, &role, &more);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "AccessDenied"),
            "{name}"
        );
        let expected = format!("is not authorized to perform: sts:AssumeRole on resource: {role}");
        assert!(
            answer.element("Message").unwrap().ends_with(&expected),
            "{name}: {answer:?}"
        );
        assert!(
            emulator.reason("sts:AssumeRole").contains(reason),
            "{name}: {}",
            emulator.reason("sts:AssumeRole")
        );
    }
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
