//! The go command and `codeartifact-goauth`: what a build asks of CodeArtifact and of AWS, by the journal.
//! A test of what can differ between the oldest go that knows GOAUTH and the newest runs with both.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod checksums;
mod commands;
mod failures;
mod idle;
mod loaders;
mod parser;
mod proxies;
mod setup;
mod tokens;
mod tools;

use codeartifact_end_to_end::fixture::{
    self, ACCESS_KEY_ID, Connection, GO, SECRET_ACCESS_KEY, acme,
};
use codeartifact_end_to_end::{Emulator, Journal, Outcome, Sandbox};

/// The pinned clients that are called `go`: the newest, and the oldest with GOAUTH.
const GOS: [&str; 2] = ["go", "go-1.24"];

/// A repository of another domain, in another Region, that only the connection globex may read.
const ELSEWHERE: &str =
    "https://my-other-domain-111122223333.d.codeartifact.eu-west-1.amazonaws.com/go/my-repo/";

/// A module of [`ELSEWHERE`].
const FAREWELL: &str = "example.com/globex/farewell@v1.0.0";
/// A module of [`GO`] that needs another one.
const GREETING: &str = "example.com/private/greeting@v1.1.0";
/// The one it needs.
const WORDS: &str = "example.com/private/words@v1.0.0";

/// A developer with go, the helper, the settings of the README and two connections, who verifies nothing.
fn developer() -> (Sandbox, Emulator) {
    let (mut sandbox, emulator) = verifying_developer();
    sandbox.set("GOSUMDB", "off");
    (sandbox, emulator)
}

/// The same, with the checksum database of the scenario.
fn verifying_developer() -> (Sandbox, Emulator) {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("go", &mut sandbox);
    sandbox.client("go", "go");
    let cache = concat!(env!("CARGO_MANIFEST_DIR"), "/../.clients/.cache/go-build");
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY),
        ("GOAUTH", "codeartifact-goauth"),
        ("GOPROXY", GO),
        // The standard library is compiled once for all tests: the cache goes by content.
        ("GOCACHE", cache),
        // So that the sandbox can be taken away by anybody.
        ("GOFLAGS", "-modcacherw"),
    ] {
        sandbox.set(name, value);
    }
    Connection::configure_all(&[acme(), globex()], &sandbox);
    (sandbox, emulator)
}

/// Runs a test with each go, for a developer who begins anew.
fn with_each_go(test: impl Fn(Sandbox, Emulator)) {
    for client in GOS {
        let (sandbox, emulator) = developer();
        sandbox.client(client, "go");
        test(sandbox, emulator);
    }
}

fn globex() -> Connection {
    let of = |format: &str| ELSEWHERE.replace("/go/", &format!("/{format}/"));
    Connection {
        npm: of("npm"),
        pypi: of("pypi") + "simple/",
        go: of("go"),
        ..fixture::globex()
    }
}

/// `go mod download MODULE@VERSION…`, which needs no program around it.
fn download(sandbox: &Sandbox, modules: &[&str]) -> Outcome {
    sandbox.run("go", &[&["mod", "download"], modules].concat())
}

/// Lets go load everything again, into a module cache of its own.
fn empty_module_cache(sandbox: &mut Sandbox) {
    let folders = (1..).map(|number| sandbox.path(&format!("home/modules-{number}")));
    let unused = folders.into_iter().find(|folder| !folder.exists()).unwrap();
    std::fs::create_dir(&unused).unwrap();
    sandbox.set("GOMODCACHE", unused.display().to_string());
}

/// The many modules, for downloads in parallel.
fn numbered() -> Vec<String> {
    (1..=20)
        .map(|number| format!("example.com/private/numbered-{number:02}@v1.0.0"))
        .collect()
}

/// `go mod download` of the many modules, which go fetches in parallel.
fn download_many(sandbox: &Sandbox) -> Outcome {
    let modules = numbered();
    download(
        sandbox,
        &modules.iter().map(String::as_str).collect::<Vec<_>>(),
    )
}

/// A module of the developer's own that greets through the private one.
fn write_program(sandbox: &Sandbox, folder: &str) {
    let main = include_str!("../../../../install/demo/main.go");
    let name = folder.rsplit('/').next().unwrap();
    sandbox.write(&format!("{folder}/main.go"), main);
    sandbox.write(
        &format!("{folder}/go.mod"),
        &format!("module example.com/{name}\n\ngo 1.24\n"),
    );
}

/// A token as a person gets it, which is the one in the cache.
fn token(sandbox: &Sandbox, url: &str) -> String {
    let token = sandbox.run("codeartifact", &["token", url]).succeeded();
    token.stdout.trim_end().to_owned()
}

/// No request for a module was made without a token, nor with more than these many.
#[track_caller]
fn assert_tokens_presented(journal: &Journal, number: usize) {
    let requests = journal.of("go");
    assert!(!requests.is_empty(), "{journal:#?}");
    let mut tokens: Vec<_> = requests
        .iter()
        .map(|entry| match &entry.authorization {
            Some(presented) => presented.fingerprint.clone(),
            None => panic!("without a token: {entry:#?}"),
        })
        .collect();
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), number, "{requests:#?}");
}
