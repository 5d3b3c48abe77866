//! Two tenants of a platform, whose connections differ only in role and external id, never meet each other's token.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use codeartifact_end_to_end::fixture::{self, Connection, acme, globex, two_hops};
use codeartifact_end_to_end::{Emulator, Sandbox};

const GLOBEX_SESSION: &str = "arn:aws:sts::111122223333:assumed-role/CodeArtifactOther/";

fn both_tenants() -> (Sandbox, Emulator) {
    let (sandbox, emulator) = two_hops();
    Connection::configure_all(&[acme(), globex()], &sandbox);
    (sandbox, emulator)
}

fn token_of(tenant: &str, sandbox: &mut Sandbox) -> String {
    sandbox.set("CODEARTIFACT_CONNECTION", tenant);
    sandbox
        .run("keyring", &["get", fixture::PYPI, "aws"])
        .succeeded()
        .stdout
}

#[test]
fn each_tenant_has_its_own_token() {
    let (mut sandbox, emulator) = both_tenants();
    let first: Vec<_> = ["acme", "globex"]
        .map(|tenant| token_of(tenant, &mut sandbox))
        .into();
    let again: Vec<_> = ["acme", "globex"]
        .map(|tenant| token_of(tenant, &mut sandbox))
        .into();
    assert_ne!(first[0], first[1]);
    assert_eq!(first, again, "each from its own entry of the cache");
    assert_eq!(emulator.journal().mints(), 2);
}

#[test]
fn a_tenant_is_offered_anothers_record_and_declines() {
    let (mut sandbox, emulator) = both_tenants();
    let acme = token_of("acme", &mut sandbox);
    let globex = token_of("globex", &mut sandbox);
    let record_of =
        |token: &str| record_with(sandbox.runtime_directory(), token.trim_end()).unwrap();
    fs::write(record_of(&globex), fs::read(record_of(&acme)).unwrap()).unwrap();

    let answer = token_of("globex", &mut sandbox);
    assert_ne!(answer, acme, "another tenant's token was served");
    let journal = emulator.journal();
    let minted = journal.of("codeartifact:GetAuthorizationToken");
    let signer = minted.last().unwrap().signer.clone().unwrap();
    assert!(signer.arn.starts_with(GLOBEX_SESSION), "{minted:#?}");
    assert_eq!(minted.len(), 3, "the foreign record counted as none");
}

#[test]
fn nobody_guesses_between_two_tenants() {
    let (sandbox, emulator) = both_tenants();
    let answer = sandbox
        .run("keyring", &["get", fixture::PYPI, "aws"])
        .exited(1);
    let answer = answer.says(&["acme", "globex", "CODEARTIFACT_CONNECTION"]);
    assert_eq!(answer.stdout, "");
    assert!(
        emulator.journal().aws().is_empty(),
        "AWS is not asked on a guess"
    );
}

fn record_with(folder: &Path, token: &str) -> Option<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find_map(|path| {
            if path.is_dir() {
                return record_with(&path, token);
            }
            String::from_utf8_lossy(&fs::read(&path).unwrap())
                .contains(token)
                .then_some(path)
        })
}
