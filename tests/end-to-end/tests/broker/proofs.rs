//! Identity tokens that prove nothing, and where an issuer's keys come from.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use codeartifact_end_to_end::fixture::NPM;
use serde_json::json;

use super::*;

#[test]
fn what_proves_nothing_gets_nothing() {
    let cluster = Cluster::new();
    let broker = cluster.broker("one");
    let good = cluster.issuer.token(&subject("acme"));
    let with = |claims: serde_json::Value| cluster.issuer.token_with(&subject("acme"), &claims);
    let (head, signature) = good.rsplit_once('.').unwrap();
    let (_, body) = head.split_once('.').unwrap();
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let stranger = Issuer::new(ISSUER);
    let rows = [
        (good.clone(), 200, ""),
        (
            with(json!({ "aud": "sts.amazonaws.com" })),
            401,
            "for another audience",
        ),
        (
            with(json!({ "iss": "https://oidc.other.example.com" })),
            401,
            "of an unknown issuer",
        ),
        (with(json!({ "exp": -61 })), 401, "has expired"),
        (with(json!({ "nbf": 90 })), 401, "is not valid yet"),
        (format!("{none}.{body}."), 401, "is no"),
        (format!("{none}.{body}.{signature}"), 401, "is no"),
        (
            stranger.token(&subject("acme")),
            401,
            "is not signed with its issuer's key",
        ),
        (format!("{head}."), 401, "identity token"),
        ("opaque".to_owned(), 401, "no identity token"),
        (String::new(), 401, "show an identity token"),
    ];
    for (token, status, words) in rows {
        let (found, answer) = broker.ask(&token, &format!(r#"{{"url": "{NPM}"}}"#));
        assert_eq!(found, status, "{words}: {answer}");
        assert!(answer.contains(words), "{words}: {answer}");
        assert!(status == 200 || !answer.contains("eyJ"), "{answer}");
    }
    assert_eq!(cluster.emulator.journal().mints(), 1);
    // The job's helper says it in the same words.
    let expired = with(json!({ "exp": -61 }));
    let outcome = run(cluster.job_with(0, &expired, &broker.url())).failed();
    let _ = outcome.says(&[
        "does not accept this job's identity token: the identity token has expired",
        "codeartifact-broker",
    ]);
}

/// A CI system's own issuer: its configuration and keys are read over the network, once.
#[test]
fn keys_are_found_by_discovery() {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("pipeline", &mut sandbox);
    sandbox.write(
        "home/.config/codeartifact/config.toml",
        &format!("[connections.acme]\naccount_id = '111122223333'\nnpm = '{NPM}'\n"),
    );
    let config = "listen = '127.0.0.1:0'\n[[clients]]\nissuer = 'https://token.actions.githubusercontent.com'\n\
         audience = 'codeartifact-broker'\nsubject = 'repo:my-org/*'\nconnections = ['acme']\n";
    let broker = Broker::start(&sandbox, "one", config);
    let token = |subject: &str| {
        emulator.id_token(&json!({
            "issuer": "token.actions.githubusercontent.com", "audience": "codeartifact-broker", "subject": subject
        }).to_string())
    };
    let question = format!(r#"{{"url": "{NPM}"}}"#);
    for _ in 0..3 {
        let (status, _) = broker.ask(&token("repo:other/my-app:ref:refs/heads/main"), &question);
        assert_eq!(status, 403, "it is known, and may nothing");
        let (status, body) =
            broker.ask(&token("repo:my-org/my-app:ref:refs/heads/main"), &question);
        assert_eq!(
            status, 502,
            "it may, and the broker has no credentials here: {body}"
        );
    }
    let journal = emulator.journal();
    let reads = (
        journal.of("github:configuration").len(),
        journal.of("github:keys").len(),
    );
    assert_eq!(reads, (1, 1));
}
