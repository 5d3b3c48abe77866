//! A job without keys: GitHub Actions' token service, signed tokens of identity providers, and why STS refuses one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::client::{Answer, Headers};
use crate::process::{EXAMPLE, Emulator, PROGRAM};

const ROLE: &str = "arn:aws:iam::198331734661:role/IntegrationReadOnly";
const ISSUER: &str = "token.actions.githubusercontent.com";
const SUBJECT: &str = "repo:my-org/my-app:ref:refs/heads/main";
const SERVICE: &str = "/h/run-actions.actions.githubusercontent.com/my-job/idtoken?api-version=2.0";

fn emulator() -> Emulator {
    let job = format!("\n[github]\nrequest_token = 'my-request-token'\nsubject = '{SUBJECT}'\n");
    Emulator::start(&(EXAMPLE.to_owned() + &job))
}

fn ask(emulator: &Emulator, request_token: &str, more: &str) -> Answer {
    let bearer = format!("Bearer {request_token}");
    let headers = vec![("Authorization".to_owned(), bearer)];
    emulator.send("GET", &format!("{SERVICE}{more}"), &headers, "")
}

fn value(answer: &Answer) -> String {
    answer.json()["value"].as_str().unwrap().to_owned()
}

fn issued(
    emulator: &Emulator,
    issuer: &str,
    subject: &str,
    audience: &str,
    seconds: i64,
) -> String {
    let body = serde_json::json!({
        "issuer": issuer, "subject": subject, "audience": audience, "lifetime": seconds,
    });
    value(&emulator.control("POST", "id-token", &body.to_string()))
}

fn assume(emulator: &Emulator, token: &str) -> Answer {
    let body = format!(
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn={ROLE}&RoleSessionName=job&WebIdentityToken={token}"
    );
    let target = "/h/sts.us-east-1.amazonaws.com/";
    emulator.send("POST", target, &Headers::new(), &body)
}

#[test]
fn a_job_of_github_actions() {
    let emulator = emulator();
    let token = value(&ask(
        &emulator,
        "my-request-token",
        "&audience=sts.amazonaws.com",
    ));
    let answer = assume(&emulator, &token);
    for (name, expected) in [
        ("SubjectFromWebIdentityToken", SUBJECT),
        ("Audience", "sts.amazonaws.com"),
        ("Provider", ISSUER),
    ] {
        assert_eq!(
            answer.element(name).as_deref(),
            Some(expected),
            "{answer:?}"
        );
    }
    let parameters = &emulator.last("sts:AssumeRoleWithWebIdentity")["parameters"];
    assert_eq!(parameters["issuer"], format!("https://{ISSUER}"));
    assert_eq!(
        emulator.last("github:id-token")["parameters"]["subject"],
        SUBJECT
    );
    let journal = serde_json::to_string(&emulator.journal()).unwrap();
    assert!(!journal.contains(&token) && !journal.contains("my-request-token"));
}

#[test]
fn the_token_service_refuses_another_request_token() {
    let emulator = emulator();
    assert_eq!(ask(&emulator, "wrong", "").status, 401);
    let none = emulator.send("GET", SERVICE, &Headers::new(), "");
    assert_eq!(none.status, 401);
}

#[test]
fn the_variables_of_a_job() {
    let directory = emulator();
    let path = directory.directory.path().to_str().unwrap().to_owned();
    let output = std::process::Command::new(PROGRAM)
        .args(["env", "--directory", &path, "--format", "json"])
        .output()
        .unwrap();
    let variables: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        variables["ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
        "my-request-token"
    );
    let url = variables["ACTIONS_ID_TOKEN_REQUEST_URL"].as_str().unwrap();
    assert_eq!(url.replace("https://", "/h/"), SERVICE);
}

#[test]
fn signed_tokens_that_sts_refuses() {
    let emulator = emulator();
    let aud = "sts.amazonaws.com";
    let without_audience = value(&ask(&emulator, "my-request-token", ""));
    let good = issued(&emulator, ISSUER, SUBJECT, aud, 300);
    assert_eq!(assume(&emulator, &good).status, 200);
    let [header, _, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        panic!("{good}")
    };
    let claims =
        format!(r#"{{"iss":"https://{ISSUER}","sub":"{SUBJECT}","aud":"{aud}","exp":9999999999}}"#);
    let forged = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims));
    for (token, status, code, message) in [
        (
            without_audience,
            400,
            "InvalidIdentityToken",
            "Incorrect token audience",
        ),
        (forged, 400, "InvalidIdentityToken", "verification key"),
        (
            "no-token".to_owned(),
            400,
            "InvalidIdentityToken",
            "not a valid JWT",
        ),
        (
            issued(&emulator, "gitlab.com", SUBJECT, aud, 300),
            400,
            "InvalidIdentityToken",
            "No OpenIDConnect provider found in your account for https://gitlab.com",
        ),
        (
            issued(&emulator, ISSUER, SUBJECT, aud, -1),
            400,
            "ExpiredTokenException",
            "must be before the expiration",
        ),
        (
            issued(&emulator, ISSUER, "repo:other-org/app", aud, 300),
            403,
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        ),
    ] {
        let answer = assume(&emulator, &token);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{message}"
        );
        let found = answer.element("Message").unwrap();
        assert!(found.contains(message), "{found}");
    }
    let reason = emulator.reason("sts:AssumeRoleWithWebIdentity");
    assert!(reason.contains(":sub wants repo:my-org/*"), "{reason}");
}

/// GitHub's hosts are foreign ones unless the scenario has a job.
#[test]
fn without_a_job_github_is_a_foreign_host() {
    let emulator = Emulator::start(EXAMPLE);
    assert_eq!(ask(&emulator, "my-request-token", "").status, 403);
    assert_eq!(emulator.last("refused")["status"], 403);
}

/// A provider's keys may come from a file: those that the emulator shows let its tokens in, others do not.
#[test]
fn a_provider_with_keys_of_its_own() {
    let shown = emulator().send(
        "GET",
        &format!("/h/{ISSUER}/.well-known/jwks"),
        &Headers::new(),
        "",
    );
    let other = shown.body.replace("codeartifact-emulator", "another");
    let folder = tempfile::tempdir().unwrap();
    for (keys, status) in [(&shown.body, 200), (&other, 400)] {
        let file = folder.path().join("jwks.json");
        std::fs::write(&file, keys).unwrap();
        let client_ids = "client_ids = [\"sts.amazonaws.com\"]";
        let with_file = format!("{client_ids}\njwks_file = '{}'", file.display());
        let emulator = Emulator::start(&EXAMPLE.replace(client_ids, &with_file));
        let token = issued(&emulator, ISSUER, SUBJECT, "sts.amazonaws.com", 300);
        assert_eq!(assume(&emulator, &token).status, status);
    }
}
