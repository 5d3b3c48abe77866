//! `codeartifact exec --proxy` and `codeartifact proxy`: real clients install without any credential, and nothing that a
//! build can see or ask has a token in it.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test says that it is skipped")]

mod clients;
mod isolated;
mod java;
mod kept;
mod large;
mod modules;
mod plain;
mod served;
mod walls;

use std::fs;
use std::path::Path;

use codeartifact_end_to_end::fixture::{acme, two_hops};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// Every token of the emulator begins so, and so does its Basic form.
const CANARIES: [&str; 2] = ["eyJhbGciOiJBMTI4R0NN", "YXdzOmV5SmhiR2Np"];

/// A platform's machine: it may mint, and builds strangers' code.
struct Platform {
    // Before the sandbox, whose folder holds its journal: fields are dropped in this order.
    emulator: Emulator,
    sandbox: Sandbox,
}

impl Platform {
    fn new() -> Self {
        let (sandbox, emulator) = two_hops();
        for tool in ["env", "cat", "mkdir", "cp", "sed", "dirname", "uname"] {
            sandbox.link(tool, &Path::new("/usr/bin").join(tool));
        }
        Self { emulator, sandbox }
    }

    /// The connection also has a cargo repository.
    fn with_cargo() -> Self {
        let platform = Self::new();
        let config = platform.sandbox.read(CONFIG);
        let cargo = format!(
            "{}\ncargo = \"https://{HOST}/cargo/my-repo/\"\n",
            config.trim_end()
        );
        platform.sandbox.write(CONFIG, &cargo);
        platform
    }

    fn exec(&self, options: &[&str], script: &str) -> Outcome {
        let first = ["exec", "--proxy", "--connection", acme().name];
        let arguments = [&first, options, &["--", "sh", "-c", script]].concat();
        self.sandbox.run("codeartifact", &arguments)
    }

    /// Runs a Python script of this folder behind the proxy. It prints JSON.
    fn probe(&self, options: &[&str], script: &str, arguments: &str) -> serde_json::Value {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/proxy")
            .join(script);
        let outcome = self.exec(options, &format!("python3 {} {arguments}", file.display()));
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {outcome:?}"))
    }
}

const CONFIG: &str = "home/.config/codeartifact/config.toml";

/// No file below a folder has a token in it.
#[track_caller]
fn assert_no_token_below(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            assert_no_token_below(&entry.path());
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            assert_no_token(
                &String::from_utf8_lossy(&bytes),
                &entry.path().display().to_string(),
            );
        }
    }
}

#[track_caller]
fn assert_no_token(text: &str, what: &str) {
    for canary in CANARIES {
        assert!(!text.contains(canary), "a token is in {what}");
    }
}
