//! The main job: a private package is installed through a chain of two roles by each client, and AWS saw
//! exactly what it should have seen.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use codeartifact_end_to_end::fixture::{
    self, EXTERNAL_ID, INTEGRATION_ROLE, READER_ROLE, two_hops,
};
use codeartifact_end_to_end::install::{self, GREETING};
use codeartifact_end_to_end::{Entry, Journal};

#[test]
fn a_person_gets_a_token() {
    let (sandbox, emulator) = two_hops();
    let token = sandbox
        .run("codeartifact", &["token", fixture::PYPI])
        .succeeded();
    assert_eq!(token.stderr, "", "nothing to say");
    assert_eq!(token.stdout.lines().count(), 1, "{token:?}");
    assert_chain(&emulator.journal());
}

#[test]
fn pip_installs() {
    let (mut sandbox, emulator) = two_hops();
    let import = install::pip(&mut sandbox, fixture::PYPI).succeeded();
    assert_eq!(import.stdout.trim_end(), GREETING);
    assert_chain(&emulator.journal());
    assert_token_presented(&emulator.journal(), "pypi");
}

#[test]
fn npm_installs() {
    let (sandbox, emulator) = two_hops();
    let require = install::npm(&sandbox, fixture::NPM).succeeded();
    assert_eq!(require.stdout.trim_end(), GREETING);
    assert_chain(&emulator.journal());
    assert_token_presented(&emulator.journal(), "npm");
}

#[test]
fn go_builds() {
    let (mut sandbox, emulator) = two_hops();
    let program = install::go(&mut sandbox, fixture::GO).succeeded();
    assert_eq!(program.stdout.trim_end(), GREETING);
    assert_chain(&emulator.journal());
    assert_token_presented(&emulator.journal(), "go");
}

#[test]
fn no_file_but_npmrc_holds_a_secret() {
    let (mut sandbox, _emulator) = two_hops();
    let _ = install::pip(&mut sandbox, fixture::PYPI).succeeded();
    let _ = install::npm(&sandbox, fixture::NPM).succeeded();
    let _ = install::go(&mut sandbox, fixture::GO).succeeded();
    let token = sandbox
        .run("codeartifact", &["token", fixture::NPM])
        .succeeded()
        .stdout;
    let npmrc = sandbox.path("home/.npmrc");
    assert_eq!(files_with(&sandbox.path(""), token.trim_end()), [npmrc]);
    assert_eq!(sandbox.mode("home/.npmrc"), 0o600);
    let secret = fixture::SECRET_ACCESS_KEY;
    assert_eq!(files_with(&sandbox.path(""), secret), Vec::<PathBuf>::new());
    assert_eq!(
        files_with(sandbox.runtime_directory(), secret),
        Vec::<PathBuf>::new()
    );
}

/// User → integration role → reader role → token, once: each step signed by the one before, and the external id
/// told to nobody but the customer.
#[track_caller]
fn assert_chain(journal: &Journal) {
    let aws = journal.aws();
    let [first, second, token] = &aws[..] else {
        panic!("not three calls: {aws:#?}")
    };
    for call in [first, second, token] {
        assert_eq!(call.status, Some(200), "{call:#?}");
    }
    let signer = |call: &&Entry| call.signer.clone().unwrap().arn;
    let role = |call: &&Entry| call.parameters.get("role_arn").cloned();

    assert_eq!(first.action, "sts:AssumeRole");
    assert_eq!(signer(first), "arn:aws:iam::198331734661:user/ci");
    assert_eq!(role(first).as_deref(), Some(INTEGRATION_ROLE));
    assert_eq!(
        first.parameters.get("external_id"),
        None,
        "it is the customer's alone"
    );

    assert_eq!(second.action, "sts:AssumeRole");
    assert!(
        signer(second).starts_with("arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/"),
        "{second:#?}"
    );
    assert_eq!(role(second).as_deref(), Some(READER_ROLE));
    assert_eq!(
        second.parameters.get("external_id").map(String::as_str),
        Some(EXTERNAL_ID)
    );

    assert_eq!(token.action, "codeartifact:GetAuthorizationToken");
    assert!(
        signer(token).starts_with("arn:aws:sts::111122223333:assumed-role/CodeArtifactReader/"),
        "{token:#?}"
    );
}

/// The one token that was issued opened the repository, and the asset host never saw it.
#[track_caller]
fn assert_token_presented(journal: &Journal, format: &str) {
    let issued = journal.of("codeartifact:GetAuthorizationToken")[0]
        .issued
        .clone()
        .unwrap();
    let presented = |entry: &&Entry| {
        entry
            .authorization
            .as_ref()
            .map(|it| it.fingerprint.clone())
    };
    let served: Vec<_> = journal
        .of(format)
        .into_iter()
        .filter(|entry| entry.status.is_some_and(|it| it < 400))
        .collect();
    assert!(!served.is_empty(), "{journal:#?}");
    assert!(
        served
            .iter()
            .all(|entry| presented(entry).as_ref() == Some(&issued)),
        "{served:#?}"
    );
    let assets = journal.of("asset");
    assert!(
        !assets.is_empty() && assets.iter().all(|entry| entry.authorization.is_none()),
        "{assets:#?}"
    );
}

fn files_with(folder: &Path, secret: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files_with(&entry.path(), secret));
        } else if kind.is_file() && contains(&fs::read(entry.path()).unwrap(), secret.as_bytes()) {
            found.push(entry.path());
        }
    }
    found
}

fn contains(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}
