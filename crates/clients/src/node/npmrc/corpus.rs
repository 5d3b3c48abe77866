//! Ninety `.npmrc` files as people have them (`tests/corpus`), each through an update; npm's own reader is the judge,
//! of these and of some hundred that chance has made.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::tests::{REGISTRY, any_file, foreign_lines, updated};
use super::*;

pub(super) const NEW: &str = "eyJ2ZXIiOjEsImlzdSI6MTgwMH0";

/// The number of files that chance makes.
const RANDOM: usize = 500;

/// The script's exit code where npm is missing.
const NO_NPM: i32 = 77;

/// Name and bytes.
fn corpus() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = files.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "npmrc")
    });
    let named = files.map(|path| {
        (
            path.file_stem().unwrap().to_str().unwrap().to_owned(),
            fs::read(path).unwrap(),
        )
    });
    named.collect()
}

#[test]
fn an_update_changes_only_our_lines() {
    let corpus = corpus();
    assert!(corpus.len() >= 60, "{} files", corpus.len());
    for (name, before) in corpus {
        let after = updated(&before, NEW);
        let [was, is] = [&before, &after].map(|bytes| foreign_lines(bytes).concat());
        // A last line without an end gets one when ours comes behind it.
        let more = is.strip_prefix(&was[..]);
        assert!(
            matches!(more, Some(b"" | b"\n" | b"\r" | b"\r\n")),
            "{name}: {}",
            is.escape_ascii()
        );
        assert_eq!(updated(&after, NEW), after, "{name}: a second update");
    }
}

/// Returns what we read in a file, for comparison: every entry, a bare key without a value.
pub(super) fn entries(bytes: &[u8]) -> serde_json::Value {
    let document = Document::parse(bytes).unwrap();
    let entries = document
        .entries()
        .map(|(_, entry)| (entry.key, entry.value.map(|value| value.text)));
    serde_json::json!(entries.collect::<Vec<_>>())
}

/// The same files on every run.
fn random_files() -> BTreeMap<String, Vec<u8>> {
    let mut runner = TestRunner::deterministic();
    let mut files = (0..RANDOM).map(|_| any_file().new_tree(&mut runner).unwrap().current());
    let texts = files.by_ref().filter(|file| Document::parse(file).is_ok());
    texts
        .enumerate()
        .map(|(at, file)| (format!("random-{at}"), file))
        .collect()
}

#[test]
fn npm_reads_it_as_meant() {
    let work = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (name, text) in corpus().into_iter().chain(random_files()) {
        let paths = ["before", "after"].map(|when| work.path().join(format!("{name}.{when}")));
        fs::write(&paths[0], &text).unwrap();
        fs::write(&paths[1], updated(&text, NEW)).unwrap();
        files.push(
            serde_json::json!({ "before": paths[0], "after": paths[1], "entries": entries(&text) }),
        );
    }
    let task = serde_json::json!({ "registry": REGISTRY, "token": NEW, "files": files });
    fs::write(work.path().join("task.json"), task.to_string()).unwrap();
    judge(&work.path().join("task.json"), files.len());
}

pub(super) fn judge(task: &Path, count: usize) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/read_with_npm.js");
    let Ok(output) = Command::new("node").arg(script).arg(task).output() else {
        return eprintln!("SKIPPED npm_reads_it_as_meant: there is no node on PATH");
    };
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    if output.status.code() == Some(NO_NPM) {
        return eprintln!("SKIPPED npm_reads_it_as_meant: {said}");
    }
    assert!(output.status.success(), "{said}");
    assert!(said.contains(&format!("{count} files read")), "{said}");
}
