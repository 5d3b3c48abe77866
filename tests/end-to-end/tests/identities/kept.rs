//! A kept token belongs to the identity that got it, and a program that gives keys ends in time.

use std::time::{Duration, Instant};

use codeartifact_end_to_end::fixture::NPM;
use codeartifact_end_to_end::{Emulator, Sandbox};

use crate::{spelled, who};

/// A home whose tokens are kept in files.
fn home() -> (Sandbox, Emulator) {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("identities", &mut sandbox);
    sandbox.set("CODEARTIFACT_CACHE", "file");
    sandbox.set("AWS_EC2_METADATA_DISABLED", "true");
    sandbox.write("home/give", crate::GIVE);
    (sandbox, emulator)
}

fn write(sandbox: &Sandbox, emulator: &Emulator, config: &str) {
    let text = spelled(config, &sandbox.path("home"), emulator);
    sandbox.write("home/.aws/config", &text);
}

/// Returns who asked AWS for a token in the next run, if anyone did.
fn asked(sandbox: &Sandbox, emulator: &Emulator) -> String {
    let seen = emulator.journal().0.len();
    let _ = sandbox.run("codeartifact", &["token", NPM]);
    let journal = emulator.journal().after(seen);
    if journal.0.is_empty() {
        "nobody".to_owned()
    } else {
        who(&journal)
    }
}

#[test]
fn a_rewritten_profile_never_gets_the_token_of_the_one_before() {
    let (sandbox, emulator) = home();
    let rows = [
        ("[default]\n$CI", "user/ci"),
        ("[default]\n$BOB", "user/bob"),
        (
            "[default]\n$ONEsource_profile = b\n[profile b]\n$CI",
            "user/ci > role/One",
        ),
        (
            "[default]\n$TWOsource_profile = b\n[profile b]\n$CI",
            "user/ci > role/Two",
        ),
        (
            "[default]\n$TWOsource_profile = b\n[profile b]\n$BOB",
            "user/bob > role/Two",
        ),
        (
            "[default]\ncredential_process = sh $MACHINE/give\n",
            "user/bob",
        ),
        (
            "[default]\ncredential_process = sh $MACHINE/give ''\n",
            "user/bob",
        ),
        ("[default]\n$SSO$LEGACY", "nobody"),
        ("# the first again\n[profile default]\n$CI", "nobody"),
        ("\n", "nobody"),
    ];

    for (config, expected) in rows {
        write(&sandbox, &emulator, config);
        assert_eq!(asked(&sandbox, &emulator), expected, "{config}");
        if expected.contains('/') {
            assert_eq!(asked(&sandbox, &emulator), "nobody", "{config} again");
        }
    }
    let _ = sandbox.run("codeartifact", &["token", NPM]).exited(4);
}

#[test]
fn what_a_container_shows_decides_too() {
    let (mut sandbox, emulator) = home();
    let uri = spelled(
        "$EMULATOR/h/169.254.170.2/v2/credentials/my-task",
        &sandbox.path("home"),
        &emulator,
    );
    sandbox.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri);
    let file = sandbox.path("home/authorization").display().to_string();
    sandbox.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file);
    for (text, expected) in [
        ("one", "role/Two"),
        ("one", "nobody"),
        ("two", "role/Two"),
        ("one", "nobody"),
    ] {
        sandbox.write("home/authorization", text);
        assert_eq!(asked(&sandbox, &emulator), expected, "{text}");
    }
}

/// It took 35 s for a touch of a key, and its children lived on.
#[test]
fn a_program_that_takes_too_long_is_stopped_with_its_children() {
    let (sandbox, emulator) = home();
    sandbox.write("home/slow", "(sleep 300; echo) &\necho $! > \"$1\"\nwait\n");
    sandbox.link("sleep", std::path::Path::new("/bin/sleep"));
    write(
        &sandbox,
        &emulator,
        "[default]\ncredential_process = sh $MACHINE/slow $MACHINE/child\n",
    );
    let begin = Instant::now();
    let _ = sandbox.run("codeartifact", &["token", NPM]).exited(7);
    assert!(
        begin.elapsed() < Duration::from_secs(30),
        "{:?}",
        begin.elapsed()
    );
    let child = sandbox.read("home/child");
    let state = std::fs::read_to_string(format!("/proc/{}/stat", child.trim()));
    assert!(
        state.is_err() || state.is_ok_and(|text| text.contains(") Z ")),
        "it lives on"
    );
}
