//! Requests of real clients that the emulator once answered otherwise than AWS: presigned requests, endpoints with a
//! slash too many or without a path, illegal parameters.

use crate::client::{Keys, now};
use crate::process::{EXAMPLE, Emulator, PERMISSIONS};

const IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const CI: &str = "arn:aws:iam::198331734661:user/ci";

/// `aws eks get-token` sends this call.
#[test]
fn a_presigned_request() {
    let emulator = Emulator::start(EXAMPLE);
    let target = format!("/h/sts.us-east-1.amazonaws.com/?{IDENTITY}");
    let role = "arn:aws:iam::198331734661:role/IntegrationReadOnly";
    let session = emulator.session(&Keys::ci(), role, &[]);
    for keys in [Keys::ci(), session] {
        let presigned = emulator.presign(&keys, "sts", "GET", &target, now());
        let answer = emulator.send("GET", &presigned, &Vec::new(), "");
        assert_eq!(answer.status, 200, "{answer:?}");
        let spoilt = presigned.replace("2011-06-15", "2011-06-16");
        let answer = emulator.send("GET", &spoilt, &Vec::new(), "");
        assert_eq!(answer.code(), "SignatureDoesNotMatch");
    }
    emulator.control("POST", "clock", r#"{"offset": 901}"#);
    let old = emulator.presign(&Keys::ci(), "sts", "GET", &target, now());
    let answer = emulator.send("GET", &old, &Vec::new(), "");
    let message = answer.element("Message").unwrap();
    assert!(message.starts_with("Signature expired: "), "{message}");
}

/// The SDK for JavaScript signs one slash and sends two when its endpoint's URL ends with one.
#[test]
fn an_endpoint_with_a_slash_too_many() {
    let emulator = Emulator::start(PERMISSIONS);
    let host = "/h/codeartifact.us-east-1.amazonaws.com";
    let signed = format!("{host}/v1/domains");
    let headers = emulator.sign(&Keys::ci(), "codeartifact", "POST", &signed, "", now());
    let answer = emulator.send("POST", &format!("{host}//v1/domains"), &headers, "");
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// The SDK for Java drops the path of an endpoint's URL: only the signature tells the service.
#[test]
fn a_request_to_the_root_is_for_the_service_that_it_is_signed_for() {
    let emulator = Emulator::start(EXAMPLE);
    let headers = emulator.sign(&Keys::ci(), "sts", "POST", "/", IDENTITY, now());
    let answer = emulator.send("POST", "/", &headers, IDENTITY);
    assert_eq!(answer.element("Arn").as_deref(), Some(CI), "{answer:?}");
    let entry = emulator.last("sts:GetCallerIdentity");
    assert_eq!(entry["host"], "sts.us-east-1.amazonaws.com");

    assert_eq!(emulator.send("POST", "/", &Vec::new(), "").status, 404);
    assert_eq!(emulator.last("unknown")["status"], 404);
}

#[test]
fn illegal_pages_of_a_list() {
    let emulator = Emulator::start(PERMISSIONS);
    let list = |body: &str| {
        let host = "codeartifact.us-east-1.amazonaws.com";
        emulator.signed(
            &Keys::ci(),
            "codeartifact",
            host,
            "POST",
            "/v1/domains",
            body,
        )
    };
    assert_eq!(list(r#"{"maxResults": 1000}"#).status, 200);
    for body in [
        r#"{"maxResults": 0}"#,
        r#"{"maxResults": 5000}"#,
        r#"{"nextToken": "zzz"}"#,
    ] {
        let answer = list(body);
        assert_eq!(answer.code(), "ValidationException", "{body}");
    }
}

#[test]
fn repositories_by_their_administrator() {
    let emulator = Emulator::start(PERMISSIONS);
    let keys = emulator.session(&Keys::ci(), "arn:aws:iam::111122223333:role/Full", &[]);
    for (account, expected) in [("111122223333", true), ("198331734661", false)] {
        let path =
            format!("/v1/domain/repositories?domain=my-domain&administrator-account={account}");
        let found = emulator.codeartifact(&keys, "POST", &path).json();
        let repositories = found["repositories"].as_array().unwrap();
        assert_eq!(!repositories.is_empty(), expected, "{found}");
    }
}

#[test]
fn a_role_that_is_no_arn() {
    let emulator = Emulator::start(EXAMPLE);
    let answer = emulator.assume(&Keys::ci(), "not-an-arn-but-long-enough-x", &[]);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "ValidationError")
    );
}
