//! The workflows cannot run here: actionlint and shellcheck accept them, and every script that they call is run by a test.

use std::fs;
use std::process::Command;

use super::*;

#[test]
fn linters_accept_workflows_and_scripts() {
    let lint = Command::new(script("tests/lint.sh")).output().unwrap();
    let said = String::from_utf8_lossy(&lint.stdout) + String::from_utf8_lossy(&lint.stderr);
    assert!(lint.status.success(), "{said}");
    for line in said.lines().filter(|line| line.starts_with("skipped")) {
        eprintln!("{line}");
    }
}

/// A script that no test ran could break without anybody seeing it before the next release.
#[test]
fn every_script_of_a_workflow_is_run_by_a_test() {
    let run = [
        // tests/run.sh and what gates a change.
        ".ci/run",
        // The first step of tests/run.sh.
        "tests/clients/fetch.sh",
        // tests/run.sh builds the programs by it.
        "install/build.sh",
        // tests/release/pack.sh packs twice by it.
        "install/release.sh",
        "install/release/join.sh",
        "install/release/publish-npm.sh",
    ];
    for entry in fs::read_dir(script(".github/workflows")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let words = text.split_whitespace().map(|word| word.trim_matches('"'));
        let ours = words.filter(|word| word.ends_with(".sh") || *word == ".ci/run");
        for word in ours.filter(|word| fs::exists(script(word)).unwrap()) {
            assert!(run.contains(&word), "{word}");
        }
    }
}
