//! Keys, tokens, labels and homes of the tests.

use std::io::{self, Write};
use std::path::Path;

use codeartifact_auth::cache::{CacheKey, Label};
use codeartifact_auth::connection::{Configuration, Connections};
use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::token::{Secret, Timestamp, Token};

pub(crate) const NOW: u64 = 1_800_000_000;

/// Returns what an ambient connection yields for a domain of that name.
pub(crate) fn key(domain: &str) -> CacheKey {
    let environment = environment(Path::new("/home/somebody"), None);
    let connections = Connections::new(Configuration::default(), &environment).unwrap();
    let host = format!("{domain}-111122223333.d.codeartifact.us-east-1.amazonaws.com");
    let endpoint = Endpoint::parse(&host, &Default::default()).unwrap();
    CacheKey::new(
        &endpoint,
        &connections.find(&endpoint, None).unwrap(),
        &environment,
    )
}

/// A token of `length` characters, recognized by its first one.
pub(crate) fn token(first: char, length: usize) -> Token {
    let secret = std::iter::once(first)
        .chain("eyJ2ZXIiOjEs.".chars().cycle())
        .take(length);
    Token {
        secret: Secret::new(secret.collect()),
        issued_at: Timestamp(NOW),
        expires_at: Timestamp(NOW + 43_200),
    }
}

pub(crate) fn label() -> Label {
    Label {
        connection: Some("acme".into()),
        domain: "my-domain".into(),
        owner: "111122223333".into(),
        region: "us-east-1".into(),
        role: None,
    }
}

/// An environment with that home, and without a session bus.
pub(crate) fn environment(home: &Path, runtime: Option<&Path>) -> Environment {
    let runtime = runtime.map_or("", |path| path.to_str().unwrap());
    Environment::fixed(
        &[("XDG_RUNTIME_DIR", runtime)],
        home.to_owned(),
        Timestamp(NOW),
    )
}

/// A directory on memory-backed storage where there is any, removed in the end.
pub(crate) fn memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// Says what is not tested. Not by a macro, whose output the test harness keeps back.
pub(crate) fn skip(test: &str, why: &str) {
    io::stderr()
        .write_all(format!("SKIPPED {test}: {why}\n").as_bytes())
        .unwrap();
}
