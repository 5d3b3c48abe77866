//! Attacks, each by a real attacker: a listener in the place of a repository, a second user of the machine, a file that a
//! hostile project brings along, an AWS that says what it should not. `.github/SECURITY.md` has what is promised.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod connections;
mod files;
mod large;
mod listener;
mod programs;
mod projects;
mod proxies;
mod tenants;
mod users;
mod variables;
mod words;

use std::time::{Duration, Instant};

use codeartifact_end_to_end::Outcome;

/// A program that only reads and refuses ends at once; on a busy machine, too.
const SOON: Duration = Duration::from_secs(20);

/// Runs what an attacker wants to hold up.
#[track_caller]
fn soon(what: &str, run: impl FnOnce() -> Outcome) -> Outcome {
    let began = Instant::now();
    let outcome = run();
    let took = began.elapsed();
    assert!(took < SOON, "{what}: {took:?}: {outcome:?}");
    outcome
}
