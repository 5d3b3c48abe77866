//! Proxies, certificates, a service that hangs, throttles or fails, and a wrong clock.

use std::fs;
use std::time::Duration;

use codeartifact_end_to_end::Sandbox;

use crate::{job_with_key, timed_token, token};

#[test]
fn a_hung_service_is_given_up() {
    let (sandbox, emulator) = job_with_key();
    emulator.fault(r#"{"fault": "hang", "action": "codeartifact:GetAuthorizationToken"}"#);
    let (outcome, time) = timed_token(&sandbox);
    let _ = outcome.exited(7).says(&[
        "cannot get a token for domain my-domain of account 111122223333 in us-east-1",
        "no answer in time",
        "hint: ",
    ]);
    assert!(time < Duration::from_secs(30), "{time:?}");
}

#[test]
fn a_call_that_hangs_once_is_tried_again() {
    let (sandbox, emulator) = job_with_key();
    emulator.fault(r#"{"fault": "hang", "action": "sts:AssumeRole", "times": 1}"#);
    let _ = token(&sandbox).succeeded();
}

#[test]
fn retry_after_is_kept_when_there_is_time_for_it() {
    let (sandbox, emulator) = job_with_key();
    emulator.fault(
        r#"{"fault": "throttle", "action": "codeartifact:GetAuthorizationToken", "seconds": 2, "times": 1}"#,
    );
    let (outcome, time) = timed_token(&sandbox);
    let _ = outcome.succeeded();
    assert!(time >= Duration::from_secs(2), "{time:?}");
}

#[test]
fn lasting_trouble_of_aws_is_told_in_its_words() {
    let rows = [
        (
            r#"{"fault": "throttle", "action": "codeartifact:GetAuthorizationToken", "seconds": 60}"#,
            "AWS: ThrottlingException: ",
        ),
        (
            r#"{"fault": "status", "status": 500, "action": "codeartifact:GetAuthorizationToken"}"#,
            "AWS: InternalServerException: ",
        ),
        (
            r#"{"fault": "garbage", "action": "codeartifact:GetAuthorizationToken"}"#,
            "the answer (HTTP 200) is not AWS's",
        ),
        (
            r#"{"fault": "reset", "action": "codeartifact:GetAuthorizationToken"}"#,
            "codeartifact.us-east-1.amazonaws.com cannot be reached: ",
        ),
    ];
    for (fault, says) in rows {
        let (mut sandbox, emulator) = job_with_key();
        // A throttle is waited for until the deadline.
        sandbox.set("CODEARTIFACT_TIME_LEFT", "4000");
        emulator.fault(fault);
        let _ = token(&sandbox).exited(7).says(&[says, "hint: "]);
    }
}

/// Five attempts are usual, as with the AWS CLI.
#[test]
fn more_attempts_may_be_asked_for() {
    let fault = r#"{"fault": "status", "status": 503, "action": "sts:AssumeRole", "times": 5}"#;
    let (mut sandbox, emulator) = job_with_key();
    emulator.fault(fault);
    let _ = token(&sandbox).exited(7).says(&["AWS could not answer"]);
    emulator.recover();
    emulator.fault(fault);
    sandbox.set("AWS_MAX_ATTEMPTS", "10");
    let _ = token(&sandbox).succeeded();
}

#[test]
fn passing_trouble_is_not_noticed() {
    for fault in [
        r#"{"fault": "status", "status": 503, "action": "sts:AssumeRole", "times": 2}"#,
        r#"{"fault": "reset", "action": "sts:AssumeRole", "times": 1}"#,
        r#"{"fault": "throttle", "action": "sts:AssumeRole", "times": 2}"#,
        r#"{"fault": "skew", "seconds": 3600}"#,
        r#"{"fault": "skew", "seconds": -3600}"#,
    ] {
        let (sandbox, emulator) = job_with_key();
        emulator.fault(fault);
        let _ = token(&sandbox).succeeded();
    }
}

/// The authority of the emulator, and nothing but the variable that names it.
fn authority(sandbox: &mut Sandbox, variable: &str) -> String {
    let file = sandbox.path("emulator/ca.pem").display().to_string();
    sandbox.unset("SSL_CERT_FILE");
    sandbox.unset("AWS_CA_BUNDLE");
    sandbox.unset("REQUESTS_CA_BUNDLE");
    if !variable.is_empty() {
        sandbox.set(variable, &file);
    }
    file
}

#[test]
fn each_variable_for_certificate_authorities_is_enough() {
    for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"] {
        let (mut sandbox, _emulator) = job_with_key();
        authority(&mut sandbox, variable);
        let _ = token(&sandbox).succeeded();
    }
}

#[test]
fn the_ca_bundle_of_the_profile_counts() {
    let (mut sandbox, _emulator) = job_with_key();
    let file = authority(&mut sandbox, "");
    sandbox.write(
        "home/.aws/config",
        &format!("[default]\nca_bundle = {file}\n"),
    );
    let _ = token(&sandbox).succeeded();
}

#[test]
fn an_unknown_authority_is_not_trusted_and_not_tried_again() {
    let (mut sandbox, emulator) = job_with_key();
    authority(&mut sandbox, "");
    let _ = token(&sandbox).exited(7).says(&[
        "sts.us-east-1.amazonaws.com cannot be trusted: ",
        "UnknownIssuer",
        "AWS_CA_BUNDLE",
    ]);
    let journal = emulator.journal();
    let tries = journal.of("connect");
    let to_sts = tries.iter().filter(|entry| entry.host.starts_with("sts."));
    assert_eq!(to_sts.count(), 1, "{journal:#?}");
}

#[test]
fn a_ca_bundle_that_is_none_is_named() {
    let rows = [
        (None, "cannot be read: "),
        (
            Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "holds no certificate",
        ),
        (
            Some("-----BEGIN CERTIFICATE-----\nMIIB"),
            "is damaged at certificate 1",
        ),
    ];
    for (text, says) in rows {
        let (mut sandbox, emulator) = job_with_key();
        let file = sandbox.path("home/corporate.pem");
        if let Some(text) = text {
            fs::write(&file, text).unwrap();
        }
        let file = file.display().to_string();
        sandbox.set("AWS_CA_BUNDLE", &file);
        let _ = token(&sandbox).exited(3).says(&[&file, says, "hint: "]);
        assert!(emulator.journal().0.is_empty());
    }
}

#[test]
fn a_proxy_may_stand_in_either_case_of_its_variables() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let (mut sandbox, _emulator) = job_with_key();
        let proxy = sandbox.run("sh", &["-c", "echo $HTTPS_PROXY"]).stdout;
        for other in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] {
            sandbox.unset(other);
        }
        sandbox.set(name, proxy.trim());
        let _ = token(&sandbox).succeeded();
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let (mut sandbox, _emulator) = job_with_key();
    sandbox.unset("https_proxy");
    sandbox.set("HTTPS_PROXY", "http://127.0.0.1:1");
    let _ = token(&sandbox).exited(7).says(&[
        "the proxy does not connect to sts.us-east-1.amazonaws.com",
        "hint: check the proxy in HTTPS_PROXY",
    ]);
}
