//! The record of a kept token, changed as time would change it. Only where the cache keeps files.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Sandbox;

/// Lets the kept token look so many seconds older.
pub fn age(sandbox: &Sandbox, seconds: u64) {
    change(sandbox, |record| {
        for moment in ["issued_at", "expires_at"] {
            record[moment] = (record[moment].as_u64().unwrap() - seconds).into();
        }
    });
}

/// Puts another token in the place of the kept one, which every service refuses.
pub fn spoil(sandbox: &Sandbox) {
    change(sandbox, |record| {
        record["token"] = "not-a-token-of-anybody".into()
    });
}

fn change(sandbox: &Sandbox, change: impl Fn(&mut Value)) {
    let path = record_below(sandbox.runtime_directory()).unwrap();
    let mut record = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut record);
    fs::write(path, record.to_string()).unwrap();
}

fn record_below(folder: &Path) -> Option<PathBuf> {
    let mut paths = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    paths.find_map(|path| match path.is_dir() {
        true => record_below(&path),
        false => path
            .extension()
            .is_some_and(|it| it == "json")
            .then_some(path),
    })
}
