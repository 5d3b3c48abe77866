//! The troubleshooting table is true: each of its rows is produced, and `codeartifact test` tells it from all others,
//! in the words of the table and with its exit code. The rows themselves are in the files below, by what is wrong.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod brokers;
mod clients;
mod configuration;
mod credentials;
mod id_tokens;
mod incomplete;
mod job;
mod network;
mod repositories;
mod roles;
mod sources;
mod table;
mod tokens;

use std::collections::BTreeSet;

use codeartifact_end_to_end::Outcome;
use codeartifact_end_to_end::fixture::SECRET_ACCESS_KEY;
use serde_json::Value;

use job::{CONFIG, DEVELOPER, FILE, Job};

/// A row's name, and how it comes about.
type Case = (&'static str, fn(&mut Job));

/// The same, and how one follows the hint, after which all is well.
type Trouble = (&'static str, fn(&mut Job), fn(&mut Job, &str));

/// The words about a fault.
struct Told {
    fault: Option<String>,
    text: String,
    hint: String,
}

fn all_cases() -> Vec<Case> {
    let led_out = LED_OUT.iter().copied().flatten();
    let led_out: Vec<Case> = led_out.map(|(key, breaks, _)| (*key, *breaks)).collect();
    [
        led_out.as_slice(),
        configuration::CASES,
        tokens::CASES,
        repositories::CASES,
        network::CASES,
        network::SLOW,
        clients::CASES,
        brokers::CASES,
    ]
    .concat()
}

/// The failures whose hints are followed.
const LED_OUT: &[&[Trouble]] = &[
    credentials::CASES,
    sources::CASES,
    incomplete::CASES,
    id_tokens::CASES,
    roles::CASES,
];

/// Breaks what works, and holds what is said to the table.
#[track_caller]
fn are_told(cases: &[Case]) {
    for (key, breaks) in cases {
        let mut job = Job::new();
        breaks(&mut job);
        let _ = is_told(&job, key);
    }
}

/// The same, and then does what the hint says: with that all must be well. All that is not is told at once.
#[track_caller]
fn lead_out(cases: &[Trouble]) {
    let failed = cases
        .iter()
        .enumerate()
        .filter(|(_, (key, breaks, follows))| {
            let led_out = std::panic::catch_unwind(|| {
                let mut job = Job::new();
                breaks(&mut job);
                let told = is_told(&job, key);
                follows(&mut job, &told.hint);
                job.works(key);
            });
            led_out.is_err()
        });
    let failed: Vec<_> = failed.map(|(number, (key, ..))| (number, *key)).collect();
    assert!(failed.is_empty(), "not led out of: {failed:?}");
}

#[track_caller]
fn is_told(job: &Job, key: &str) -> Told {
    let outcome = job.run();
    let row = table::row(key);
    assert_eq!(outcome.code, Some(row.exit), "{key}: {outcome:?}");
    let told = match job.command {
        ["test", ..] => first_trouble(&outcome),
        _ => error(job.program, &outcome),
    };
    let fault = told.fault.as_deref();
    assert!(fault.is_none_or(|fault| fault == key), "{key}: {outcome:?}");
    let first_line = told.text.lines().next().unwrap();
    assert!(
        table::fits(&row.says, first_line),
        "{key}: {first_line:?} is not {:?}",
        row.says
    );
    assert!(
        table::fits(&row.hint, &told.hint),
        "{key}: {:?} is not {:?}",
        told.hint,
        row.hint
    );
    let said = format!("{}{}", told.text, told.hint);
    assert!(!said.contains(['{', '<']), "{key}: a hole is left: {said}");
    // A helper's answer on stdout is a token.
    let shown = match job.program {
        "keyring" => outcome.stderr.clone(),
        _ => format!("{outcome:?}"),
    };
    for secret in [SECRET_ACCESS_KEY, DEVELOPER[1], "acme-7f3c2a91", "eyJ"] {
        assert!(!shown.contains(secret), "{key}: {secret} in {shown}");
    }
    told
}

/// Returns the first finding that is not well.
fn first_trouble(outcome: &Outcome) -> Told {
    let report: Value = serde_json::from_str(&outcome.stdout)
        .unwrap_or_else(|error| panic!("{error}: {outcome:?}"));
    let findings = report["connections"][0]["findings"].as_array().unwrap();
    let trouble = findings
        .iter()
        .find(|finding| finding["state"] == "failed" || finding["state"] == "warning");
    let trouble = trouble.unwrap_or_else(|| panic!("all is well: {outcome:?}"));
    let text = |key: &str| trouble[key].as_str().unwrap_or_default().to_owned();
    Told {
        fault: Some(text("fault")),
        text: text("text"),
        hint: text("hint"),
    }
}

/// Returns the last message of a program.
fn error(program: &str, outcome: &Outcome) -> Told {
    let (_, text) = outcome.stderr.rsplit_once(&format!("{program}: ")).unwrap();
    let (text, hint) = text.split_once("\n  hint: ").unwrap();
    Told {
        fault: None,
        text: text.to_owned(),
        hint: hint.trim_end().to_owned(),
    }
}

#[test]
fn every_row_of_the_table_is_produced() {
    let produced: BTreeSet<_> = all_cases()
        .iter()
        .map(|(key, _)| (*key).to_owned())
        .collect();
    assert_eq!(produced, table::keys());
    assert!(produced.len() >= 30, "{}", produced.len());
}

#[test]
fn nothing_is_wrong_before_it_is_broken() {
    let job = Job::new();
    let outcome = job.run().succeeded();
    assert!(!outcome.stdout.contains("\"warning\""), "{outcome:?}");
}

#[test]
fn a_wrong_configuration() {
    are_told(configuration::CASES);
}

#[test]
fn wrong_credentials() {
    lead_out(credentials::CASES);
}

#[test]
fn sources_of_credentials_that_fail() {
    lead_out(sources::CASES);
}

#[test]
fn credentials_that_are_half_set_up() {
    lead_out(incomplete::CASES);
}

#[test]
fn identity_tokens_that_open_nothing() {
    lead_out(id_tokens::CASES);
}

#[test]
fn roles_that_refuse() {
    lead_out(roles::CASES);
}

/// No hint about credentials is there whose way out was not gone.
#[test]
fn every_hint_about_credentials_is_followed() {
    let followed = LED_OUT.iter().copied().flatten();
    let followed: BTreeSet<_> = followed.map(|(key, ..)| (*key).to_owned()).collect();
    let about: BTreeSet<_> = ["First credentials", "Roles"]
        .into_iter()
        .flat_map(table::keys_of)
        .collect();
    assert_eq!(
        about.difference(&followed).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

#[test]
fn brokers_that_give_nothing() {
    are_told(brokers::CASES);
}

#[test]
fn tokens_that_are_not_given() {
    are_told(tokens::CASES);
}

#[test]
fn repositories_and_packages_that_are_not_there() {
    are_told(repositories::CASES);
}

#[test]
fn requests_that_no_token_helps() {
    are_told(clients::CASES);
}

#[test]
fn a_value_that_is_wrong_is_corrected() {
    let job = Job::new();
    job.edit("external_id", "duration = \"20h\"\nexternal_id");
    let told = first_trouble(&job.run());
    assert_eq!(told.hint, "write 15m, 1h, 12h, or session");
}

#[test]
fn a_network_that_fails() {
    are_told(network::CASES);
}

#[test]
fn a_service_that_does_not_answer() {
    are_told(network::SLOW);
}
