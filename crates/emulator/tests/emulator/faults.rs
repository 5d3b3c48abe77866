//! Faults happen when asked for, as often as asked for, and show in the journal.

use std::time::{Duration, Instant};

use crate::client::{Answer, HOST, Keys};
use crate::process::{EXAMPLE, Emulator, PERMISSIONS};

const FULL: &str = "arn:aws:iam::111122223333:role/Full";

impl Emulator {
    /// A call of the control endpoint, which must succeed.
    pub(crate) fn control(&self, method: &str, topic: &str, body: &str) -> Answer {
        let answer = self.send(method, &format!("/_emulator/{topic}"), &Vec::new(), body);
        assert!(answer.status < 300, "{answer:?}");
        answer
    }

    fn identity(&self) -> Answer {
        self.sts(&Keys::ci(), &[("Action", "GetCallerIdentity")])
    }
}

#[test]
fn throttling_in_each_services_own_words() {
    let emulator = Emulator::start(PERMISSIONS);
    let session = emulator.session(&Keys::ci(), FULL, &[]);
    let token = emulator.token(&session);
    emulator.control(
        "POST",
        "faults",
        r#"{"fault": "throttle", "seconds": 7, "times": 3}"#,
    );
    let sts = emulator.identity();
    assert_eq!((sts.status, sts.code().as_str()), (400, "Throttling"));
    assert_eq!(sts.header("retry-after"), Some("7"));
    let codeartifact = emulator.authorization(&session, "domain=my-domain");
    assert_eq!(
        (codeartifact.status, codeartifact.code().as_str()),
        (429, "ThrottlingException")
    );
    assert_eq!(codeartifact.header("retry-after"), Some("7"));
    assert_eq!(emulator.read(&token).status, 429);
    assert_eq!(emulator.read(&token).status, 200, "three times are over");
}

#[test]
fn a_refusal_in_words_of_ones_own() {
    let emulator = Emulator::start(PERMISSIONS);
    let session = emulator.session(&Keys::ci(), FULL, &[]);
    emulator.control(
        "POST",
        "faults",
        r#"[{"fault": "refuse", "code": "RegionDisabledException", "message": "STS is not activated", "times": 1},
            {"fault": "refuse", "status": 404, "code": "ResourceNotFoundException", "action": "codeartifact"}]"#,
    );
    let sts = emulator.identity();
    assert_eq!(
        (sts.status, sts.code().as_str()),
        (403, "RegionDisabledException")
    );
    let codeartifact = emulator.authorization(&session, "domain=my-domain");
    assert_eq!(
        (codeartifact.status, codeartifact.code().as_str()),
        (404, "ResourceNotFoundException")
    );
}

#[test]
fn failures_and_garbage() {
    let emulator = Emulator::start(PERMISSIONS);
    emulator.control(
        "POST",
        "faults",
        r#"[{"fault": "status", "status": 503, "action": "sts:GetCallerIdentity", "times": 1},
        {"fault": "garbage", "action": "codeartifact"}]"#,
    );
    assert_eq!(emulator.identity().status, 503);
    assert_eq!(emulator.identity().status, 200);
    let garbage = emulator.authorization(
        &emulator.session(&Keys::ci(), FULL, &[]),
        "domain=my-domain",
    );
    assert_eq!(garbage.status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&garbage.body).is_err());
    assert_eq!(
        emulator.last("codeartifact:GetAuthorizationToken")["faults"][0],
        "garbage"
    );
    emulator.control("DELETE", "faults", "");
    assert_eq!(emulator.control("GET", "faults", "").body, "[]");
}

#[test]
fn delay_hang_and_reset() {
    let emulator = Emulator::start(EXAMPLE);
    let target = format!("/h/{HOST}/npm/my-repo/my-package");
    let fault = |json: &str| emulator.control("POST", "faults", json);
    fault(r#"{"fault": "delay", "milliseconds": 300, "action": "npm", "times": 1}"#);
    let begin = Instant::now();
    assert_eq!(emulator.send("GET", &target, &Vec::new(), "").status, 401);
    assert!(begin.elapsed() >= Duration::from_millis(300));

    fault(r#"{"fault": "hang", "host": "my-domain-*", "times": 1}"#);
    let hung = emulator
        .try_send("GET", &target, &Vec::new(), "")
        .unwrap_err();
    assert!(
        matches!(
            hung.kind(),
            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
        ),
        "{hung}"
    );

    fault(r#"{"fault": "reset", "times": 1}"#);
    let reset = emulator
        .try_send("GET", &target, &Vec::new(), "")
        .unwrap_err();
    assert_eq!(reset.kind(), std::io::ErrorKind::ConnectionReset);
    assert!(emulator.last("npm:packument")["status"].is_null());
    assert_eq!(
        emulator.send("GET", &target, &Vec::new(), "").status,
        401,
        "and the next is well"
    );
}

#[test]
fn a_service_whose_clock_is_off() {
    let emulator = Emulator::start(EXAMPLE);
    emulator.control(
        "POST",
        "faults",
        r#"{"fault": "skew", "seconds": 600, "times": 1}"#,
    );
    let answer = emulator.identity();
    assert_eq!(answer.code(), "SignatureDoesNotMatch");
    let date = answer.header("date").unwrap().to_owned();
    assert_ne!(date, emulator.identity().header("date").unwrap());
}

#[test]
fn what_ends_early_or_is_revoked() {
    let emulator = Emulator::start(PERMISSIONS);
    let session = emulator.session(&Keys::ci(), FULL, &[]);
    emulator.control(
        "POST",
        "faults",
        r#"{"fault": "expire", "seconds": 0, "action": "codeartifact", "times": 1}"#,
    );
    let answer = emulator
        .authorization(&session, "domain=my-domain&duration=900")
        .json();
    let now = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_secs_f64();
    assert!(
        answer["expiration"].as_f64().unwrap() > now + 800.0,
        "what is told does not change"
    );
    assert_eq!(
        emulator
            .read(answer["authorizationToken"].as_str().unwrap())
            .status,
        401
    );

    let token = emulator.token(&session);
    emulator.control(
        "POST",
        "faults",
        r#"{"fault": "revoke", "action": "npm", "times": 1}"#,
    );
    assert_eq!(
        (emulator.read(&token).status, emulator.read(&token).status),
        (401, 401)
    );
    let token = emulator.token(&session);
    emulator.control("DELETE", "tokens", "");
    assert_eq!(emulator.read(&token).status, 401);
}

#[test]
fn faults_of_the_scenario_and_mistakes_in_them() {
    let emulator = Emulator::start(&format!(
        "{EXAMPLE}\n[[faults]]\nfault = 'status'\nstatus = 502\naction = 'sts'\n"
    ));
    assert_eq!(emulator.identity().status, 502);
    let wrong = emulator.send(
        "POST",
        "/_emulator/faults",
        &Vec::new(),
        r#"{"fault": "hang", "actions": "sts"}"#,
    );
    assert_eq!(wrong.status, 400);
    assert!(
        wrong
            .body
            .contains("unknown field `actions`, expected one of"),
        "{wrong:?}"
    );
    assert!(
        emulator
            .control("GET", "journal", "")
            .body
            .contains("sts:GetCallerIdentity")
    );
}
