//! A build farm on one machine: a hundred helpers start at once on a cold cache, and AWS is asked once.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use codeartifact_end_to_end::fixture::{self, Connection, acme, two_hops};
use codeartifact_end_to_end::{Outcome, Sandbox};

const MANY: usize = 100;

#[test]
fn a_hundred_helpers_mint_once() {
    let (sandbox, emulator) = two_hops();
    // Long enough for all of them to have started before the first can have an answer.
    emulator.fault(r#"{"fault": "delay", "milliseconds": 700, "action": "sts"}"#);
    let helpers: Vec<_> = (0..MANY).map(|_| start(&sandbox)).collect();
    let answers: Vec<_> = helpers
        .into_iter()
        .map(|helper| end(helper).succeeded().stdout)
        .collect();
    assert!(answers[0].len() > 100, "a token: {answers:?}");
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(emulator.journal().mints(), 1);
    assert_eq!(emulator.journal().aws().len(), 3);
}

#[test]
fn a_killed_helper_holds_nobody_up() {
    let (sandbox, emulator) = two_hops();
    emulator
        .fault(r#"{"fault": "hang", "action": "codeartifact:GetAuthorizationToken", "times": 1}"#);
    let mut holder = start(&sandbox);
    emulator.wait_until("both roles assumed", |journal| {
        journal.of("sts:AssumeRole").len() == 2
    });
    let others: Vec<_> = (0..5).map(|_| start(&sandbox)).collect();
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(
        emulator.journal().of("sts:AssumeRole").len(),
        2,
        "they wait for the one that is minting"
    );

    holder.kill().unwrap();
    let killed = Instant::now();
    emulator.wait_until("taken over", |journal| {
        journal.of("sts:AssumeRole").len() > 2
    });
    assert!(
        killed.elapsed() < Duration::from_secs(1),
        "{:?}",
        killed.elapsed()
    );
    for helper in others {
        let _ = end(helper).succeeded();
    }
    assert_eq!(emulator.journal().mints(), 1);
    let _ = end(holder);
}

/// One after the other, each with its own failing journey, they would take minutes.
#[test]
fn a_hundred_helpers_fail_together() {
    let (sandbox, emulator) = two_hops();
    Connection {
        external_id: "acme-00000000",
        ..acme()
    }
    .configure(&sandbox);
    emulator.fault(r#"{"fault": "delay", "milliseconds": 700, "action": "sts"}"#);
    let begin = Instant::now();
    let helpers: Vec<_> = (0..MANY).map(|_| start(&sandbox)).collect();
    for helper in helpers {
        let _ = end(helper)
            .exited(1)
            .says(&["hop 2 of 2, connection acme", "hint: "]);
    }
    assert!(
        begin.elapsed() < Duration::from_secs(20),
        "{:?}",
        begin.elapsed()
    );
}

fn start(sandbox: &Sandbox) -> Child {
    sandbox
        .command("keyring")
        .args(["get", fixture::PYPI, "aws"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn end(helper: Child) -> Outcome {
    helper.wait_with_output().unwrap().into()
}
