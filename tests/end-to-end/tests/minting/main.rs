//! Tests of how AWS is asked for a token: the role chain on the wire, where the first credentials come from, and what happens
//! when the network, the clock or AWS itself is not well. Most tests close a trap of the AWS SDK.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chain;
mod first_role;
mod network;
mod profiles;
mod sources;

use std::time::{Duration, Instant};

use codeartifact_end_to_end::fixture::{
    ACCESS_KEY_ID, EXTERNAL_ID, INTEGRATION_ROLE, NPM, READER_ROLE, SECRET_ACCESS_KEY,
};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

/// A job of the platform, whose connection comes from variables alone. Nothing is cached, so every call mints.
fn job(scenario: &str) -> (Sandbox, Emulator) {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start(scenario, &mut sandbox);
    for (name, value) in [
        ("CODEARTIFACT_VIA", INTEGRATION_ROLE),
        ("CODEARTIFACT_ROLE_ARN", READER_ROLE),
        ("CODEARTIFACT_EXTERNAL_ID", EXTERNAL_ID),
        ("CODEARTIFACT_CACHE", "off"),
    ] {
        sandbox.set(name, value);
    }
    (sandbox, emulator)
}

/// The same, with the key of the platform's user in the environment.
fn job_with_key() -> (Sandbox, Emulator) {
    let (mut sandbox, emulator) = job("two-hops");
    sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
    sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    (sandbox, emulator)
}

fn token(sandbox: &Sandbox) -> Outcome {
    sandbox.run("codeartifact", &["token", NPM])
}

/// The same, and how long it took.
fn timed_token(sandbox: &Sandbox) -> (Outcome, Duration) {
    let begin = Instant::now();
    (token(sandbox), begin.elapsed())
}
