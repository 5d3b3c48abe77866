//! `codeartifact doctor` against what the real client does: where an install fails, it says so with the true cause; where
//! it works, it says that our token is sent.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod go;
mod mutations;
mod node;
mod output;
mod python;
mod secrets;
mod time;

use codeartifact_end_to_end::fixture::{GO, NPM, PYPI, PYPI_OF_AWS, two_hops};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};
use serde_json::Value;

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// A token by its looks, which ran out on 1 January 1970.
/// {"ver":1,"isu":1,"enc":"A128GCM","tag":"t","exp":43201,"alg":"A128GCMKW","iv":"i"}
const OLD: &str = "eyJ2ZXIiOjEsImlzdSI6MSwiZW5jIjoiQTEyOEdDTSIsInRhZyI6InQiLCJleHAiOjQzMjAxLCJhbGciOiJBMTI4R0NNS1ciLCJpdiI6ImkifQ\
    .a2V5.bm9uY2U.c2VjcmV0LXRva2Vu.dGFn";

/// A developer's machine with one connection.
struct Machine {
    // Before the sandbox, whose folder holds its journal: fields are dropped in this order.
    emulator: Emulator,
    sandbox: Sandbox,
}

impl Machine {
    fn new() -> Self {
        let (sandbox, emulator) = two_hops();
        Self { emulator, sandbox }
    }

    /// With a pinned client and its command, as `("npm-10", "npm")`.
    fn with(client: &str, command: &str) -> Self {
        let machine = Self::new();
        machine.sandbox.client(client, command);
        machine
    }

    fn write(&self, file: &str, text: &str) {
        let text = text.replace("HOST", HOST).replace("OLD", OLD);
        self.sandbox.write(file, &text);
    }

    fn doctor(&self, client: &str) -> Outcome {
        let outcome = self
            .sandbox
            .run("codeartifact", &["doctor", client, "--format", "json"]);
        assert!(
            !format!("{outcome:?}").contains("c2VjcmV0LXRva2Vu"),
            "{outcome:?}"
        );
        outcome
    }

    /// The lines about a client, without those about files.
    fn rows(&self, client: &str) -> Vec<Value> {
        let outcome = self.doctor(client);
        let said: Value =
            serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{outcome:?}"));
        let clients = said["clients"].as_array().unwrap().iter();
        let rows = clients.filter(|it| it["check"] != "client_leftover");
        rows.cloned().collect()
    }

    /// The client's own command fails, and this is why.
    #[track_caller]
    fn fails(&self, client: &str, command: &[&str], says: &str, hint: &str) {
        let _ = self.sandbox.run(command[0], &command[1..]).failed();
        self.is_told(client, says, hint);
    }

    #[track_caller]
    fn is_told(&self, client: &str, says: &str, hint: &str) {
        let rows = self.rows(client);
        let failed: Vec<_> = rows.iter().filter(|it| it["state"] == "failed").collect();
        assert_eq!(failed.len(), 1, "{rows:#?}");
        let text = failed[0]["text"].as_str().unwrap();
        assert!(text.contains(says), "{says}: {rows:#?}");
        let told = failed[0]["hint"].as_str().unwrap();
        assert!(told.contains(hint), "{hint}: {rows:#?}");
    }

    /// The client's own command works, and nothing is wrong.
    #[track_caller]
    fn works(&self, client: &str, command: &[&str]) {
        let _ = self.sandbox.run(command[0], &command[1..]).succeeded();
        self.is_content(client);
    }

    #[track_caller]
    fn is_content(&self, client: &str) {
        let rows = self.rows(client);
        let is_ok = |it: &Value| it["state"] == "ok";
        assert!(!rows.is_empty() && rows.iter().all(is_ok), "{rows:#?}");
        let text = rows[0]["text"].as_str().unwrap();
        assert!(text.starts_with("asks my-repo with our token"), "{rows:#?}");
    }
}

/// The token of the connection.
fn token(machine: &Machine) -> String {
    let token = machine.sandbox.run("codeartifact", &["token", NPM]);
    token.succeeded().stdout.trim().to_owned()
}

/// Nothing of a trial reaches a repository, and nothing is left of it.
#[test]
fn a_trial_asks_no_repository_and_changes_nothing() {
    let mut machine = Machine::new();
    machine.sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
    machine.sandbox.set("GOPROXY", GO);
    machine.write("work/.npmrc", &format!("registry={NPM}\n"));
    let before = files(&machine.sandbox);
    let shown = machine.sandbox.run("codeartifact", &["doctor"]);
    assert!(shown.stdout.contains("✓ pip 26.3"), "{shown:?}");
    assert!(shown.stdout.contains("✗ npm 11.21.2"), "{shown:?}");
    let journal = machine.emulator.journal();
    for format in ["npm", "pypi", "go"] {
        assert!(journal.of(format).is_empty(), "{journal:#?}");
    }
    assert_eq!(journal.mints(), 1);
    assert_eq!(files(&machine.sandbox), before);
}

fn files(sandbox: &Sandbox) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![sandbox.path("work"), sandbox.path("tmp")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The step that fails, and the clients are not tried in vain.
#[test]
fn a_connection_that_fails_is_explained() {
    let mut machine = Machine::new();
    machine.sandbox.set("PIP_INDEX_URL", PYPI);
    machine.sandbox.set("AWS_SECRET_ACCESS_KEY", "wrong");
    let shown = machine
        .sandbox
        .run("codeartifact", &["doctor", "pip"])
        .exited(4);
    assert!(shown.stdout.starts_with("✗ connection acme "), "{shown:?}");
    assert!(shown.stdout.contains("AWS: "), "{shown:?}");
    let line = "– pip 26.3                 not tried, because its repository gives no token\n";
    assert!(shown.stdout.ends_with(line), "{shown:?}");
}

#[test]
fn a_client_that_is_not_there() {
    let machine = Machine::new();
    let shown = machine
        .sandbox
        .run("codeartifact", &["doctor", "uv"])
        .succeeded();
    assert_eq!(shown.stdout, "– uv                       is not on PATH\n");
    let _ = machine
        .sandbox
        .run("codeartifact", &["doctor", "pipp"])
        .exited(2)
        .says(&["pip"]);
}
