//! `.npmrc` files that chance has made, each through an update; npm's own reader is the judge, in one process for all.
//! Left out: `key[]=`, which nobody writes for a token, and `true` and `null`, which npm makes into something else than text.

#[path = "../../../../../tests/fuzz.rs"]
mod search;

use std::io::Write;

use super::corpus::{NEW, judge};
use super::tests::{REGISTRY, updated};
use super::*;

/// So many go through the judge at a time: it reads them as one JSON.
const BATCH: u64 = 20_000;

const KEYS: [&str; 10] = [
    "R/:_authToken",
    "R:_authToken",
    "R/npm/:_authToken",
    "\"R/:_authToken\"",
    "'R/:_authToken'",
    "//other.example/:_authToken",
    "registry",
    "@a:registry",
    "always-auth",
    "é",
];
const BETWEEN: [&str; 6] = ["=", " = ", "= ", "\t=\t", "", " "];
const VALUES: [&str; 20] = [
    "old",
    "https://x/",
    "${TOKEN}",
    "${TOKEN",
    "\"",
    "'",
    ";",
    "#",
    " ; c",
    " # c",
    "\\",
    "\\;",
    "\\#",
    "\t",
    " ",
    "é",
    "=",
    "__proto__",
    ".",
    "R/:_authToken",
];
const OTHERS: [&str; 8] = [
    "",
    "; a comment",
    "# R/:_authToken=commented",
    "[section]",
    "[R/]",
    "   ",
    "\u{feff}",
    "=",
];
const ENDS: [&str; 4] = ["\n", "\n", "\r\n", "\r"];

fn any_line(random: &mut fastrand::Rng) -> String {
    let mut one_of = |list: &[&'static str]| list[random.usize(..list.len())];
    if one_of(&["other", "entry", "entry", "entry"]) == "other" {
        return one_of(&OTHERS).to_owned();
    }
    let mut line = format!("{}{}", one_of(&KEYS), one_of(&BETWEEN));
    while one_of(&["more", "more", "end"]) == "more" {
        line += one_of(&VALUES);
    }
    line
}

fn any_file(random: &mut fastrand::Rng) -> Vec<u8> {
    let mut text = String::new();
    for _ in 0..random.usize(0..8) {
        text += &any_line(random);
        text += ENDS[random.usize(..ENDS.len())];
    }
    if random.bool() {
        text.truncate(text.trim_end().len());
    }
    text.replace('R', REGISTRY.trim_end_matches('/'))
        .into_bytes()
}

#[test]
fn fuzz_npm_reads_every_file_as_meant() {
    let mut random = search::random();
    let mut left = search::cases();
    while left > 0 {
        let count = left.min(BATCH);
        left -= count;
        let files = (0..count).map(|_| any_file(&mut random));
        let files = files.filter(|file| Document::parse(file).is_ok());
        let files: Vec<_> = files.map(|before| judged(&before)).collect();
        let task = serde_json::json!({ "registry": REGISTRY, "token": NEW, "files": files });
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(task.to_string().as_bytes()).unwrap();
        judge(file.path(), files.len());
    }
}

fn judged(before: &[u8]) -> serde_json::Value {
    let after = updated(before, NEW);
    assert_eq!(updated(&after, NEW), after, "{}", before.escape_ascii());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    serde_json::json!({ "texts": [text(before), text(&after)], "entries": super::corpus::entries(before) })
}
