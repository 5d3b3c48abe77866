//! The clients of the other formats, each for real, with our helper or with what `setup` writes: it reads, it publishes,
//! and a token that is old or refused is replaced.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a test says that it is skipped")]

mod bazel;
mod cargo;
mod gradle;
mod guides;
mod maven;
mod nuget;
mod others;
mod remediation;
mod ruby;
mod sbt;

use codeartifact_end_to_end::fixture::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
use codeartifact_end_to_end::{Emulator, Journal, Sandbox};

const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// A developer with a key of her own and one connection, `acme`, which has a URL of this format.
fn developer(format: &str) -> (Sandbox, Emulator) {
    let mut sandbox = Sandbox::new();
    let emulator = Emulator::start("formats", &mut sandbox);
    sandbox.set("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID);
    sandbox.set("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    let ending = if format == "nuget" {
        "v3/index.json"
    } else {
        ""
    };
    let url = url(format) + ending;
    sandbox.write(
        "home/.config/codeartifact/config.toml",
        &format!("[connections.acme]\naccount_id = \"111122223333\"\n{format} = \"{url}\"\n"),
    );
    (sandbox, emulator)
}

/// The repository's root.
fn url(format: &str) -> String {
    format!("https://{HOST}/{format}/my-repo/")
}

/// A token as a person gets it, which is the one in the cache.
fn token(sandbox: &Sandbox, format: &str) -> String {
    let token = sandbox.run("codeartifact", &["token", &url(format)]);
    token.succeeded().stdout.trim_end().to_owned()
}

/// Everything was asked of the repository with a token in the end, and AWS was asked for one this often.
#[track_caller]
fn assert_mints(emulator: &Emulator, mints: usize) -> Journal {
    let journal = emulator.journal();
    assert_eq!(journal.mints(), mints, "{journal:#?}");
    assert!(!journal.of("asset").is_empty(), "{journal:#?}");
    for asset in journal.of("asset") {
        assert!(asset.authorization.is_none(), "{asset:#?}");
    }
    journal
}
