//! A broker that is not there: the helper's own cache, then credentials of the job's own after a pause, then words.

use std::time::{Duration, Instant};

use codeartifact_end_to_end::fixture::{
    ACCESS_KEY_ID, EXTERNAL_ID, INTEGRATION_ROLE, READER_ROLE, SECRET_ACCESS_KEY,
};

use super::*;

/// Gives a job an AWS identity of its own.
fn with_own_credentials(job: &mut Command) {
    job.envs([
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY),
        ("CODEARTIFACT_ROLE_ARN", READER_ROLE),
        ("CODEARTIFACT_EXTERNAL_ID", EXTERNAL_ID),
        ("CODEARTIFACT_VIA", INTEGRATION_ROLE),
    ]);
}

#[test]
fn a_kept_token_needs_no_broker() {
    let cluster = Cluster::new();
    let mut broker = cluster.broker("one");
    let token = run(cluster.job(0, "acme", &broker.url()))
        .succeeded()
        .stdout;
    broker.kill();
    let again = run(cluster.job(0, "acme", &broker.url())).succeeded();
    assert_eq!(again.stdout, token);
}

#[test]
fn a_job_without_credentials_says_so_at_once() {
    let cluster = Cluster::new();
    let mut broker = cluster.broker("one");
    let url = broker.url();
    broker.kill();
    let begin = Instant::now();
    let outcome = run(cluster.job(0, "acme", &url)).failed();
    let outcome = outcome.says(&["the broker http://127.0.0.1", "gave no token", "hint: "]);
    assert!(!outcome.stderr.contains("eyJ"), "{outcome:?}");
    assert!(
        begin.elapsed() < Duration::from_secs(10),
        "it has nothing to wait for"
    );
}

#[test]
fn credentials_of_the_jobs_own_serve_after_a_pause() {
    let cluster = Cluster::new();
    let mut broker = cluster.broker("one");
    let url = broker.url();
    broker.kill();
    let begin = Instant::now();
    let jobs: Vec<_> = (0..4)
        .map(|number| {
            let mut job = cluster.job(number, "acme", &url);
            with_own_credentials(&mut job);
            job.spawn().unwrap()
        })
        .collect();
    for job in jobs {
        let outcome = end(job).succeeded();
        assert!(outcome.stdout.starts_with("eyJ"), "{outcome:?}");
    }
    assert_eq!(cluster.emulator.journal().mints(), 4);
    assert!(begin.elapsed() > Duration::from_millis(500), "all at once");
}

/// AWS gives the broker nothing: its words reach the job.
#[test]
fn what_aws_says_to_the_broker_is_passed_on() {
    let cluster = Cluster::new();
    let broker = cluster.broker("one");
    cluster
        .emulator
        .fault(r#"{"fault": "refuse", "action": "codeartifact:GetAuthorizationToken"}"#);
    let outcome = run(cluster.job(0, "acme", &broker.url())).failed();
    let _ = outcome.says(&[
        "codeartifact:GetAuthorizationToken is not allowed",
        "hint: ",
    ]);
    let audit = broker.audit();
    let line = audit.last().unwrap();
    assert_eq!(
        (&line["event"], &line["connection"]),
        (&"refused".into(), &"acme".into())
    );
}

#[test]
fn it_ends_when_it_is_told_to() {
    let cluster = Cluster::new();
    let mut broker = cluster.broker("one");
    assert!(
        broker.shown("/readyz").contains("200 OK") && broker.shown("/healthz").contains("200 OK")
    );
    cluster.emulator.fault(r#"{"fault": "delay", "action": "codeartifact:GetAuthorizationToken", "milliseconds": 1500}"#);
    let job = cluster.job(0, "acme", &broker.url()).spawn().unwrap();
    cluster
        .emulator
        .wait_until("minted", |journal| !journal.of("sts").is_empty());
    let killed = Command::new("kill")
        .arg(broker.id().to_string())
        .status()
        .unwrap();
    assert!(killed.success());
    let outcome = end(job).succeeded();
    assert!(
        outcome.stdout.starts_with("eyJ"),
        "the question that was open got its answer: {outcome:?}"
    );
    assert_eq!(broker.end(), Some(0));
}
