//! Tests of what a person does once a day: a second factor for GetSessionToken, a sign-in by device code; and what goes wrong.

use serde_json::{Value, json};

use crate::client::{Answer, Headers, Keys, keys_of, now};
use crate::process::{EXAMPLE, Emulator, PERMISSIONS};
use crate::refused::role;

const DEVICE: &str = "arn:aws:iam::198331734661:mfa/ci";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const START: &str = "https://my-sso.awsapps.com/start";

fn session_token(emulator: &Emulator, keys: &Keys, more: &[(&str, &str)]) -> Answer {
    emulator.sts(keys, &[&[("Action", "GetSessionToken")], more].concat())
}

#[test]
fn a_second_factor_counts_for_the_whole_session() {
    let emulator = Emulator::start(PERMISSIONS);
    let factor = [("SerialNumber", DEVICE), ("TokenCode", "123456")];
    let keys = keys_of(&session_token(&emulator, &Keys::ci(), &factor));
    let identity = emulator.sts(&keys, &[("Action", "GetCallerIdentity")]);
    let arn = "arn:aws:iam::198331734661:user/ci";
    assert_eq!(identity.element("Arn").as_deref(), Some(arn));
    let second = emulator.assume(&keys, &role("SecondFactor"), &[]);
    assert_eq!(second.status, 200, "{second:?}");
    // The hour's limit is for roles alone.
    let long = emulator.assume(&keys, &role("Full"), &[("DurationSeconds", "7200")]);
    assert_eq!(long.status, 200, "{long:?}");

    let without = keys_of(&session_token(&emulator, &Keys::ci(), &[]));
    let refused = emulator.assume(&without, &role("SecondFactor"), &[]);
    assert_eq!(refused.code(), "AccessDenied");
    let again = session_token(&emulator, &keys, &[]);
    assert_eq!(again.code(), "AccessDenied", "{again:?}");
}

#[test]
fn a_second_factor_grows_old() {
    let emulator = Emulator::start(PERMISSIONS);
    let factor = [("SerialNumber", DEVICE), ("TokenCode", "123456")];
    let keys = keys_of(&session_token(&emulator, &Keys::ci(), &factor));
    for (keys, more, status) in [
        (&keys, &[][..], 200),
        (&Keys::ci(), &factor[..], 200),
        (&Keys::ci(), &[][..], 403),
    ] {
        let answer = emulator.assume(keys, &role("RecentFactor"), more);
        assert_eq!(answer.status, status, "{answer:?}");
    }
    emulator.control("POST", "clock", r#"{"offset": 3600}"#);
    let time = now() + std::time::Duration::from_secs(3600);
    let form = format!(
        "Action=AssumeRole&Version=2011-06-15&RoleSessionName=job&RoleArn={}",
        role("RecentFactor")
    );
    let target = "/h/sts.us-east-1.amazonaws.com/";
    let headers = emulator.sign(&keys, "sts", "POST", target, &form, time);
    let old = emulator.send("POST", target, &headers, &form);
    assert_eq!(old.code(), "AccessDenied", "{old:?}");
}

#[test]
fn a_code_that_works_once() {
    let once = PERMISSIONS.replace(
        "token_code = \"123456\"",
        "token_code = \"123456\", once = true",
    );
    let emulator = Emulator::start(&once);
    let factor = [("SerialNumber", DEVICE), ("TokenCode", "123456")];
    for expected in ["", "AccessDenied"] {
        assert_eq!(
            session_token(&emulator, &Keys::ci(), &factor).code(),
            expected
        );
    }
    emulator.control("POST", "clock", r#"{"offset": 30}"#);
    assert_eq!(session_token(&emulator, &Keys::ci(), &factor).status, 200);
}

#[test]
fn codes_and_durations_that_get_session_token_refuses() {
    let emulator = Emulator::start(PERMISSIONS);
    let serial = ("SerialNumber", DEVICE);
    for (more, code, message) in [
        (
            &[serial, ("TokenCode", "654321")][..],
            "AccessDenied",
            "invalid MFA one time pass code",
        ),
        (&[serial][..], "AccessDenied", "must provide both"),
        (
            &[serial, ("TokenCode", "12345")][..],
            "ValidationError",
            "'tokenCode'",
        ),
        (
            &[serial, ("TokenCode", "12345x")][..],
            "ValidationError",
            "'tokenCode'",
        ),
        (
            &[("DurationSeconds", "899")][..],
            "ValidationError",
            "equal to 900",
        ),
        (
            &[("DurationSeconds", "129601")][..],
            "ValidationError",
            "equal to 129600",
        ),
    ] {
        let answer = session_token(&emulator, &Keys::ci(), more);
        assert_eq!(answer.code(), code, "{more:?}");
        assert!(answer.body.contains(message), "{answer:?}");
    }
}

/// A client that signs in: registered, with its answers as JSON.
struct Client<'a> {
    emulator: &'a Emulator,
    id: Value,
    secret: Value,
}

fn oidc(emulator: &Emulator, path: &str, body: &Value) -> Answer {
    let target = format!("/h/oidc.us-east-1.amazonaws.com{path}");
    emulator.send("POST", &target, &Headers::new(), &body.to_string())
}

impl<'a> Client<'a> {
    fn register(emulator: &'a Emulator, scopes: &[&str]) -> Self {
        let body = json!({"clientName": "x", "clientType": "public", "scopes": scopes});
        let client = oidc(emulator, "/client/register", &body).json();
        Self {
            emulator,
            id: client["clientId"].clone(),
            secret: client["clientSecret"].clone(),
        }
    }

    fn begin(&self, start_url: &str) -> Answer {
        let body = json!({"clientId": self.id, "clientSecret": self.secret, "startUrl": start_url});
        oidc(self.emulator, "/device_authorization", &body)
    }

    fn token(&self, device_code: &Value) -> Answer {
        let body = json!({
            "clientId": self.id,
            "clientSecret": self.secret,
            "grantType": DEVICE_CODE,
            "deviceCode": device_code,
        });
        oidc(self.emulator, "/token", &body)
    }
}

fn open_page(emulator: &Emulator, url: &str) -> Answer {
    let target = url.replace("https://", "/h/");
    emulator.send("GET", &target, &Headers::new(), "")
}

#[test]
fn a_sign_in_by_device_code() {
    let emulator = Emulator::start(&EXAMPLE.replace("# start_url", "start_url"));
    let client = Client::register(&emulator, &["sso:account:access"]);
    let begun = client.begin(&format!("{START}/#/")).json();
    let pending = client.token(&begun["deviceCode"]);
    assert_eq!(
        (pending.status, pending.code().as_str()),
        (400, "AuthorizationPendingException")
    );
    assert_eq!(pending.json()["error"], "authorization_pending");
    let page = begun["verificationUriComplete"].as_str().unwrap();
    assert_eq!(open_page(&emulator, page).status, 200);
    let token = client.token(&begun["deviceCode"]).json();
    assert_eq!(token["accessToken"], "my-sso-access-token");
    assert_eq!(token["refreshToken"], "my-sso-refresh-token");
    let again = client.token(&begun["deviceCode"]);
    assert_eq!(again.code(), "InvalidGrantException");
    let journal = serde_json::to_string(&emulator.journal()).unwrap();
    assert!(!journal.contains("my-sso-access-token"));
}

#[test]
fn a_client_without_scopes_gets_no_refresh_token() {
    let emulator =
        Emulator::start(&EXAMPLE.replace("# sign_in = \"wait\"", "sign_in = \"approve\""));
    let client = Client::register(&emulator, &[]);
    let begun = client.begin(START).json();
    let token = client.token(&begun["deviceCode"]).json();
    assert_eq!(token["expiresIn"], 28800);
    assert!(token.get("refreshToken").is_none(), "{token}");
}

#[test]
fn sign_ins_that_fail() {
    let emulator = Emulator::start(&EXAMPLE.replace("# start_url", "start_url"));
    let client = Client::register(&emulator, &[]);
    let elsewhere = client.begin("https://other.awsapps.com/start");
    assert_eq!(elsewhere.code(), "InvalidRequestException");
    let stranger = Client {
        emulator: &emulator,
        id: json!("unknown"),
        secret: json!("unknown"),
    };
    let answer = stranger.begin(START);
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (401, "InvalidClientException")
    );

    let denied = client.begin(START).json();
    let page = denied["verificationUriComplete"].as_str().unwrap();
    open_page(&emulator, &format!("{page}&answer=deny"));
    assert_eq!(
        client.token(&denied["deviceCode"]).code(),
        "AccessDeniedException"
    );
    assert_eq!(
        open_page(&emulator, "https://device.sso.us-east-1.amazonaws.com/").status,
        404
    );

    let late = client.begin(START).json();
    emulator.control("POST", "sign-ins", r#"{"approve": true}"#);
    emulator.control("POST", "clock", r#"{"offset": 601}"#);
    assert_eq!(
        client.token(&late["deviceCode"]).code(),
        "ExpiredTokenException"
    );
}
