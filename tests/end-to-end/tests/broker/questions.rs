//! Tests of what a job gets, what it does not get, and what is written down of both.

use codeartifact_end_to_end::certify;
use codeartifact_end_to_end::fixture::{NPM, PYPI};

use super::*;

#[test]
fn a_job_without_an_aws_identity_gets_its_tenants_token() {
    let cluster = Cluster::new();
    let broker = cluster.broker("one");
    for (number, tenant) in TENANTS.into_iter().enumerate() {
        let token = run(cluster.job(number, tenant, &broker.url()))
            .succeeded()
            .stdout;
        assert_eq!(cluster.minted_for(&token).as_deref(), Some(tenant));
        // The second ask is the helper's own cache's; another host's is the broker's memory's.
        let again = run(cluster.job(number, tenant, &broker.url())).succeeded();
        let beside = run(cluster.job(number + 10, tenant, &broker.url())).succeeded();
        assert_eq!((&again.stdout, &beside.stdout), (&token, &token));
    }
    assert_eq!(cluster.emulator.journal().mints(), 3);
    let audit = broker.audit();
    assert_eq!(audit.len(), 6, "{audit:#?}");
    let line = &audit[0];
    assert_eq!(line["event"], "issued");
    assert_eq!(line["connection"], "acme");
    assert_eq!(line["subject"], subject("acme"));
    assert!(line["fingerprint"].as_str().unwrap().len() == 16 && line["expires_at"].is_string());
    let metrics = broker.shown("/metrics");
    for line in [
        r#"codeartifact_broker_mints_total{connection="acme",outcome="granted"} 1"#,
        r#"codeartifact_broker_requests_total{connection="acme",outcome="kept"} 1"#,
        r#"codeartifact_broker_requests_total{connection="acme",outcome="awaited"} 1"#,
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    assert!(!broker.log().contains("eyJ"), "a token is in the log");
}

/// The connection is never taken from the request alone.
#[test]
fn nobody_gets_what_is_anothers() {
    let cluster = Cluster::new();
    let broker = cluster.broker("one");
    let acme = cluster.issuer.token(&subject("acme"));
    for (question, status, words) in questions() {
        let (found, body) = broker.ask(&acme, &question);
        assert_eq!(found, status, "{question:.100}: {body}");
        assert!(body.contains(words), "{question:.100}: {body}");
    }
    // A namespace that begins like another one is another one.
    for subject in [
        "system:serviceaccount:builds-acme2:job",
        "x",
        "system:serviceaccount:builds-acme",
    ] {
        let (status, body) = broker.ask(
            &cluster.issuer.token(subject),
            &format!(r#"{{"url": "{PYPI}"}}"#),
        );
        assert_eq!(status, 403, "{subject}: {body}");
    }
    assert_eq!(cluster.emulator.journal().mints(), 1);
    let denied: Vec<_> = broker
        .audit()
        .into_iter()
        .filter(|line| line["event"] == "refused")
        .collect();
    assert_eq!(denied.len(), 10, "{denied:#?}");
    assert!(denied.iter().all(|line| line["fingerprint"].is_null()));
}

fn questions() -> [(String, u16, &'static str); 9] {
    let other = "https://other-444455556666.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
    let same_account =
        "https://other-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";
    [
        (format!(r#"{{"url": "{NPM}"}}"#), 200, "acme"),
        (
            format!(r#"{{"url": "{NPM}", "connection": "acme"}}"#),
            200,
            "acme",
        ),
        (
            format!(r#"{{"url": "{NPM}", "connection": "globex"}}"#),
            403,
            "no connection of this caller",
        ),
        (
            format!(r#"{{"url": "{other}"}}"#),
            403,
            "no connection of this caller",
        ),
        (
            format!(r#"{{"url": "{same_account}"}}"#),
            403,
            "no connection of this caller",
        ),
        (
            r#"{"url": "https://example.com/"}"#.into(),
            400,
            "is not a CodeArtifact URL",
        ),
        (
            format!(r#"{{"url": "{NPM}", "role_arn": "x"}}"#),
            400,
            "ask with",
        ),
        ("[]".into(), 400, "ask with"),
        ("x".repeat(20_000), 400, "did not come whole"),
    ]
}

#[test]
fn a_helper_says_the_brokers_words_and_asks_nobody_else() {
    let cluster = Cluster::new();
    let broker = cluster.broker("one");
    let mut job = cluster.job(0, "unknown", &broker.url());
    // Its own credentials would do.
    job.envs([
        (
            "AWS_ACCESS_KEY_ID",
            codeartifact_end_to_end::fixture::ACCESS_KEY_ID,
        ),
        (
            "AWS_SECRET_ACCESS_KEY",
            codeartifact_end_to_end::fixture::SECRET_ACCESS_KEY,
        ),
    ]);
    let outcome = run(job).failed();
    let _ = outcome.says(&[
        "the broker http://127.0.0.1",
        "refused: no connection of this caller is for",
    ]);
    assert!(cluster.emulator.journal().aws().is_empty());
}

/// A project's configuration of the broker's own would make it ask itself.
#[test]
fn a_broker_that_is_told_of_a_broker_asks_aws() {
    let mut cluster = Cluster::new();
    cluster
        .sandbox
        .set("CODEARTIFACT_BROKER", "http://127.0.0.1:9");
    cluster
        .sandbox
        .set("CODEARTIFACT_BROKER_SOURCE", "env:NOTHING");
    let broker = cluster.broker("one");
    let _ = run(cluster.job(0, "acme", &broker.url())).succeeded();
    assert_eq!(cluster.emulator.journal().mints(), 1);
}

#[test]
fn test_asks_the_broker_as_clients_do() {
    let mut cluster = Cluster::new();
    let broker = cluster.broker("one");
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        cluster.sandbox.unset(name);
    }
    cluster.sandbox.set("CODEARTIFACT_BROKER", broker.url());
    cluster
        .sandbox
        .set("CODEARTIFACT_BROKER_SOURCE", "env:JOB_TOKEN");
    for (tenant, code, said) in [
        ("acme", 0, "gives a token for my-domain"),
        ("globex", 5, "refused: no connection"),
    ] {
        let token = cluster.issuer.token(&subject(tenant));
        cluster.sandbox.set("JOB_TOKEN", token);
        let outcome = cluster
            .sandbox
            .run("codeartifact", &["test", "acme"])
            .exited(code);
        assert!(outcome.stdout.contains(said), "{outcome:?}");
    }
}

/// The page's file, with ports and paths of this machine.
#[test]
fn the_pages_file_is_accepted() {
    const PAGE: &str = include_str!("../../../../crates/proxy/README.md");
    let cluster = Cluster::new();
    let (_, file) = PAGE.split_once("```toml\n").unwrap();
    let (file, _) = file.split_once("```").unwrap();
    let _ = certify(&cluster.sandbox, "tls", "127.0.0.1");
    let here = cluster.sandbox.path("tls");
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    cluster.sandbox.write("tls/proxy/ca.key", &key);
    let file = file
        .replace(
            "/etc/codeartifact/proxy",
            &here.join("proxy").display().to_string(),
        )
        .replace("0.0.0.0:8080", "127.0.0.1:0")
        .replace("0.0.0.0:8443", "127.0.0.1:0")
        .replace("0.0.0.0:9090", "127.0.0.1:0")
        .replace("/etc/codeartifact/tls", &here.display().to_string());
    let broker = Broker::start(&cluster.sandbox, "page", &file);
    assert!(broker.shown("/readyz").contains("ready"));
    for name in ["codeartifact_broker_requests", "codeartifact_broker_mints"] {
        assert!(
            PAGE.contains(name) && broker.shown("/metrics").contains(name),
            "{name}"
        );
    }
}

/// A caller that is refused for ever does not fill a disk, and each refusal is counted all the same.
#[test]
fn the_refusals_of_a_crowd_are_counted_and_few_are_lines() {
    const ASKED: usize = 400;
    let cluster = Cluster::new();
    let mut broker = cluster.broker("one");
    let stranger = cluster.issuer.token("x");
    for number in 0..ASKED {
        let token = if number % 2 == 0 { &stranger } else { "opaque" };
        let (status, _) = broker.ask(token, &format!(r#"{{"url": "{PYPI}"}}"#));
        assert_eq!(status, if number % 2 == 0 { 403 } else { 401 });
    }
    let ended = Command::new("kill").arg(broker.id().to_string()).status();
    assert!(ended.unwrap().success());
    assert_eq!(broker.end(), Some(0));
    let audit = broker.audit();
    for subject in [serde_json::Value::Null, "x".into()] {
        let of_them = audit.iter().filter(|line| line["subject"] == subject);
        let (sums, lines): (Vec<_>, Vec<_>) = of_them.partition(|line| line["left_out"].is_u64());
        let left_out = sums.iter().map(|line| line["left_out"].as_u64().unwrap());
        let counted = left_out.sum::<u64>() + lines.len() as u64;
        assert_eq!(counted, ASKED as u64 / 2, "{subject}: {audit:#?}");
        assert!(lines.len() < ASKED / 4, "{subject}: {}", lines.len());
    }
}
