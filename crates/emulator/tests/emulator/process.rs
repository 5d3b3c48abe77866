//! A running emulator, its directory and its journal; it ends with the test.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_codeartifact-emulator");

/// The documented scenario, whose packages are those of all tests here.
pub(crate) const EXAMPLE: &str = include_str!("../../scenario.toml");

/// Roles that each lack something.
pub(crate) const PERMISSIONS: &str = include_str!("permissions.toml");

pub(crate) struct Emulator {
    process: Child,
    pub(crate) directory: TempDir,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
}

impl Emulator {
    pub(crate) fn start(scenario: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = write_scenario(&directory, scenario);
        let mut process = Command::new(PROGRAM)
            .args(["serve", "--scenario"])
            .arg(file)
            .arg("--directory")
            .arg(directory.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let stdout = process.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut first).unwrap();
        let address = first.trim_end().strip_prefix("listening on http://");
        let address = address
            .unwrap_or_else(|| panic!("it said {first}"))
            .to_owned();
        Self {
            process,
            directory,
            address,
        }
    }

    pub(crate) fn ca(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// All lines so far.
    pub(crate) fn journal(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.directory.path().join("journal.jsonl")).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The latest line about an action.
    pub(crate) fn last(&self, action: &str) -> Value {
        let journal = self.journal();
        let found = journal.iter().rev().find(|entry| entry["action"] == action);
        found
            .unwrap_or_else(|| panic!("no {action} in {journal:#?}"))
            .clone()
    }

    /// Returns the true reason why the latest request of that action was refused.
    pub(crate) fn reason(&self, action: &str) -> String {
        self.last(action)["reason"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> std::process::ExitStatus {
        self.process.wait().unwrap()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A scenario's file, with `packages` beside it.
pub(crate) fn write_scenario(directory: &TempDir, scenario: &str) -> PathBuf {
    let packages = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/packages");
    let scenario = scenario.replace(
        "packages = \"packages\"",
        &format!("packages = '{packages}'"),
    );
    let file = directory.path().join("scenario.toml");
    std::fs::write(&file, scenario).unwrap();
    file
}
