//! Tests of where packages are: what there is to read, the hosts that serve it, and what a token may open there.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod clients;
mod hosts;
mod leftover;
mod python;
mod repositories;
mod scope;

use codeartifact_end_to_end::fixture::{
    ACCESS_KEY_ID, Connection, GO, NPM, PYPI, READER_ROLE, SECRET_ACCESS_KEY, acme,
};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

const CONFIG: &str = "home/.config/codeartifact/config.toml";

/// May read every repository of acme's account, and look around there too.
const BROWSER: &str = "arn:aws:iam::111122223333:role/CodeArtifactBrowser";

/// Somebody at the platform, whose own account has a domain as well, with the three clients.
fn developer() -> (Sandbox, Emulator) {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("places", &mut sandbox);
    for client in ["pip", "npm", "go"] {
        sandbox.client(client, client);
    }
    sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
    sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    (sandbox, emulator)
}

/// The same with a connection whose role is this one.
fn connected(role: &'static str) -> (Sandbox, Emulator) {
    let (sandbox, emulator) = developer();
    Connection { role, ..acme() }.configure(&sandbox);
    (sandbox, emulator)
}
