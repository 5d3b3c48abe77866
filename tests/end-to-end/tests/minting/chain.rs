//! The role chain as AWS sees it.

use crate::{job_with_key, timed_token, token};
use std::time::Duration;

use codeartifact_end_to_end::fixture::{EXTERNAL_ID, INTEGRATION_ROLE, NPM, READER_ROLE};

#[test]
fn each_hop_asks_for_an_hour_and_only_the_last_sends_the_external_id() {
    let (sandbox, emulator) = job_with_key();
    let _ = token(&sandbox).succeeded();
    let journal = emulator.journal();
    let hops = journal.of("sts:AssumeRole");
    let roles = [(INTEGRATION_ROLE, None), (READER_ROLE, Some(EXTERNAL_ID))];
    assert_eq!(hops.len(), roles.len(), "{journal:#?}");
    for (hop, (role, external_id)) in hops.iter().zip(roles) {
        let sent = |name: &str| hop.parameters.get(name).map(String::as_str);
        assert_eq!(sent("role_arn"), Some(role));
        assert_eq!(sent("external_id"), external_id);
        assert_eq!(sent("duration"), Some("3600"));
        assert_eq!(sent("session_name"), Some("codeartifact"));
        assert_eq!(sent("policy"), None);
    }
}

#[test]
fn a_narrow_scope_is_a_session_policy_on_the_last_hop() {
    let (mut sandbox, emulator) = job_with_key();
    for name in ["VIA", "ROLE_ARN", "EXTERNAL_ID"] {
        sandbox.unset(&format!("CODEARTIFACT_{name}"));
    }
    let config = format!(
        "[defaults]\nvia = [\"{INTEGRATION_ROLE}\"]\n[connections.acme]\naccount_id = \"111122223333\"\n\
         role_arn = \"{READER_ROLE}\"\nexternal_id = \"{EXTERNAL_ID}\"\nnpm = \"{NPM}\"\nscope = \"repositories\"\n"
    );
    sandbox.write("home/.config/codeartifact/config.toml", &config);
    let _ = token(&sandbox).succeeded();
    let journal = emulator.journal();
    let hops = journal.of("sts:AssumeRole");
    assert_eq!(hops[0].parameters.get("policy"), None);
    let policy = &hops[1].parameters["policy"];
    assert!(policy.contains("repository/my-domain/my-repo"), "{policy}");
    assert_eq!(hops[1].parameters["session_name"], "codeartifact-acme");
}

#[test]
fn domain_owner_and_duration_are_always_sent() {
    let rows = [
        (None, "43200"),
        (Some("15m"), "900"),
        (Some("session"), "0"),
    ];
    for (duration, seconds) in rows {
        let (mut sandbox, emulator) = job_with_key();
        if let Some(duration) = duration {
            sandbox.set("CODEARTIFACT_DURATION", duration);
        }
        let _ = token(&sandbox).succeeded();
        let journal = emulator.journal();
        let asked = &journal.of("codeartifact:GetAuthorizationToken")[0].parameters;
        assert_eq!(asked["domain"], "my-domain");
        assert_eq!(asked["domain_owner"], "111122223333");
        assert_eq!(asked["duration"], seconds, "{duration:?}");
    }
}

#[test]
fn the_other_accounts_trail_names_us() {
    let (sandbox, emulator) = job_with_key();
    let _ = token(&sandbox).succeeded();
    for call in emulator.journal().aws() {
        let agent = call.user_agent.as_deref().unwrap_or_default();
        assert!(
            agent.contains("app/codeartifact-credential-helpers"),
            "{call:#?}"
        );
    }
}

/// TCP and TLS count as a trip each. One after the other it would be 7: 2 + 2 to STS, 2 + 1 to CodeArtifact.
#[test]
fn two_hops_take_five_round_trips_over_one_connection_to_each_host() {
    let (sandbox, emulator) = job_with_key();
    let trip = Duration::from_millis(400);
    emulator.fault(r#"{"fault": "delay", "milliseconds": 400}"#);
    let (outcome, time) = timed_token(&sandbox);
    let _ = outcome.succeeded();
    assert!(trip * 5 <= time && time < trip * 13 / 2, "{time:?}");
    let journal = emulator.journal();
    assert_eq!(journal.of("connect").len(), 2, "{journal:#?}");
    assert_eq!(journal.aws().len(), 3, "{journal:#?}");
}

#[test]
fn a_region_comes_from_the_url_alone() {
    let (mut sandbox, emulator) = job_with_key();
    sandbox.set("AWS_REGION", "eu-central-1");
    sandbox.set("AWS_DEFAULT_REGION", "eu-central-1");
    let _ = token(&sandbox).succeeded();
    for call in emulator.journal().aws() {
        assert!(call.host.contains(".us-east-1."), "{call:#?}");
    }
}
