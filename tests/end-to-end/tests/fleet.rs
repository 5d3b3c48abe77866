//! Many jobs at once, as `tests/bench/README.md` plans them: who shares a token, and what that costs AWS. A job is a
//! helper with a temporary folder of its own, run by the variables of the page's examples and no configuration file.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::process::{Child, Stdio};

use codeartifact_end_to_end::fixture::{
    EXTERNAL_ID, GO, INTEGRATION_ROLE, PYPI, READER_ROLE, two_hops,
};
use codeartifact_end_to_end::{Emulator, Outcome, Sandbox};

const PAGE: &str = include_str!("../../bench/README.md");

const JOBS: usize = 100;

/// A host whose jobs get their connection from variables.
fn host() -> (Sandbox, Emulator) {
    let (mut sandbox, emulator) = two_hops();
    fs::remove_file(sandbox.path("home/.config/codeartifact/config.toml")).unwrap();
    for (name, value) in [
        ("CODEARTIFACT_ROLE_ARN", READER_ROLE),
        ("CODEARTIFACT_EXTERNAL_ID", EXTERNAL_ID),
        ("CODEARTIFACT_VIA", INTEGRATION_ROLE),
        ("GOPROXY", GO),
    ] {
        assert!(
            PAGE.contains(name) || name == "GOPROXY",
            "{name} is in no example"
        );
        sandbox.set(name, value);
    }
    (sandbox, emulator)
}

/// Starts a job of the host, with these variables of its own.
fn start(sandbox: &Sandbox, number: usize, variables: &[(&str, String)]) -> Child {
    let helpers: [(&str, &[&str]); 3] = [
        ("codeartifact", &["token", PYPI]),
        ("keyring", &["get", PYPI, "aws"]),
        ("codeartifact-goauth", &[]),
    ];
    let (helper, arguments) = helpers[number % helpers.len()];
    let folder = sandbox.path(&format!("tmp/{number}"));
    fs::create_dir_all(&folder).unwrap();
    let mut command = sandbox.command(helper);
    command.args(arguments).env("TMPDIR", folder);
    for (name, value) in variables {
        command.env(name, value);
    }
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(Stdio::piped()).spawn().unwrap()
}

/// Returns the messages of the jobs; each has one.
fn end(jobs: Vec<Child>) -> BTreeSet<String> {
    let told = |job: Child| {
        let outcome = Outcome::from(job.wait_with_output().unwrap()).succeeded();
        assert_ne!(outcome.stdout, "");
        outcome.stdout
    };
    jobs.into_iter().map(told).collect()
}

#[test]
fn hundred_jobs_of_one_host_ask_aws_once() {
    let (sandbox, emulator) = host();
    let jobs = (0..JOBS).map(|number| start(&sandbox, number, &[]));
    let told = end(jobs.collect());
    // The token itself, and what go is told of it.
    assert_eq!(told.len(), 2, "one token");
    assert_eq!(
        (emulator.journal().mints(), emulator.journal().aws().len()),
        (1, 3)
    );
}

/// As in containers that share no folder.
#[test]
fn jobs_that_share_no_folder_ask_aws_each() {
    let (sandbox, emulator) = host();
    let jobs = (0..10).map(|number| {
        let folder = sandbox.runtime_directory().join(number.to_string());
        fs::create_dir(&folder).unwrap();
        let folder = folder.display().to_string();
        start(&sandbox, number, &[("XDG_RUNTIME_DIR", folder)])
    });
    let told = end(jobs.collect());
    assert_eq!((told.len(), emulator.journal().mints()), (10, 10));
}

/// Whoever might be somebody else gets a token of his own.
#[test]
fn what_jobs_must_have_in_common() {
    // ECS and AWS Batch give each task a path of its own; a Pod Identity's URL is the same for all.
    let rows = [
        ("TMPDIR", "/tmp/other", 1),
        ("GITHUB_RUN_ID", "2", 1),
        (
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "/var/run/other",
            1,
        ),
        ("HOME", "/nonexistent/other", 2),
        (
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "/v2/credentials/2",
            2,
        ),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/other", 2),
        ("CODEARTIFACT_DURATION", "1h", 2),
    ];
    for (name, value, mints) in rows {
        let (sandbox, emulator) = host();
        for variables in [vec![], vec![(name, value.to_owned())]] {
            let _ = end(vec![start(&sandbox, 0, &variables)]);
        }
        assert_eq!(emulator.journal().mints(), mints, "{name}");
    }
}
