//! The record of a kept token, or of the session of a first role, changed as time would change it. Only where the cache keeps
//! files.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Sandbox;

/// What a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A token.
    Token,
    /// The session of a chain's first role.
    Session,
}

/// Lets the kept token look so many seconds older.
pub fn age(sandbox: &Sandbox, seconds: u64) {
    age_of(sandbox, What::Token, seconds);
}

/// The same of either.
pub fn age_of(sandbox: &Sandbox, what: What, seconds: u64) {
    change(sandbox, what, |record| {
        for moment in ["issued_at", "expires_at"] {
            record[moment] = (record[moment].as_u64().unwrap() - seconds).into();
        }
    });
}

/// Puts another token in the place of the kept one, which every service refuses.
pub fn spoil(sandbox: &Sandbox) {
    change(sandbox, What::Token, |record| {
        record["token"] = "not-a-token-of-anybody".into()
    });
}

/// Changes the kept record.
pub fn change(sandbox: &Sandbox, what: What, change: impl Fn(&mut Value)) {
    let path = records(sandbox, what).remove(0);
    let mut record = read(&path);
    change(&mut record);
    fs::write(path, record.to_string()).unwrap();
}

/// The files of all records.
pub fn records(sandbox: &Sandbox, what: What) -> Vec<PathBuf> {
    let mut found = Vec::new();
    records_below(sandbox.runtime_directory(), &mut found);
    found.retain(|path| what == kind(&read(path)));
    found
}

fn kind(record: &Value) -> What {
    match record["label"]["role"] {
        Value::Null => What::Token,
        _ => What::Session,
    }
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn records_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        match entry.unwrap().path() {
            path if path.is_dir() => records_below(&path, found),
            path if path.extension().is_some_and(|it| it == "json") => found.push(path),
            _ => {}
        }
    }
}
