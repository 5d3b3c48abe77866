//! cargo and `codeartifact-cargo`.

use std::path::Path;

use codeartifact_end_to_end::{Outcome, kept};

use super::*;

const CONFIG: &str = "home/.cargo/config.toml";

/// A developer with cargo, and a library that needs the private crate.
fn with_cargo() -> (Sandbox, Emulator) {
    let (sandbox, emulator) = developer("cargo");
    let toolchain = Path::new(env!("CARGO")).parent().unwrap();
    for program in ["cargo", "rustc"] {
        sandbox.link(program, &toolchain.join(program));
    }
    write_library(
        &sandbox,
        "work",
        "my-crate = { version = \"1\", registry = \"acme\" }",
    );
    (sandbox, emulator)
}

fn write_library(sandbox: &Sandbox, folder: &str, dependency: &str) {
    let manifest = format!(
        "[package]\nname = \"my-library\"\nversion = \"0.1.0\"\nedition = \"2021\"\ndescription = \"x\"\nlicense = \"MIT\"\n\n\
         [dependencies]\n{dependency}\n"
    );
    sandbox.write(&format!("{folder}/Cargo.toml"), &manifest);
    let greet = "pub fn greet() -> String { my_crate::greet(\"Ada\") }\n";
    sandbox.write(&format!("{folder}/src/lib.rs"), greet);
}

fn setup(sandbox: &Sandbox, more: &[&str]) -> Outcome {
    sandbox.run(
        "codeartifact",
        &[&["setup", "cargo", "acme"], more].concat(),
    )
}

/// Forgets the packages and what was built of them.
fn forget_packages(sandbox: &Sandbox) {
    for folder in ["home/.cargo/registry", "work/target"] {
        std::fs::remove_dir_all(sandbox.path(folder)).unwrap();
    }
}

#[test]
fn build_after_setup_of_one_registry_or_of_all() {
    for more in [&[] as &[&str], &["--global"], &["--project"]] {
        let (sandbox, emulator) = with_cargo();
        let told = setup(&sandbox, more).succeeded();
        let seen = "asks my-repo with our token";
        assert!(told.stdout.contains(seen), "{told:?}");
        let _ = sandbox.run("cargo", &["build"]).succeeded();
        assert_mints(&emulator, 1);
        let file = if more == ["--project"] {
            "work/.cargo/config.toml"
        } else {
            CONFIG
        };
        assert!(!sandbox.read(file).contains(&token(&sandbox, "cargo")));
        let _ = setup(&sandbox, &[more, &["--undo"]].concat()).succeeded();
        assert!(!sandbox.path(file).exists(), "all of it was ours");
    }
}

#[test]
fn publish_sends_the_same_token() {
    let (sandbox, emulator) = with_cargo();
    let _ = setup(&sandbox, &["--no-test"]).succeeded();
    let arguments = [
        "publish",
        "--registry",
        "acme",
        "--allow-dirty",
        "--no-verify",
    ];
    let _ = sandbox.run("cargo", &arguments).succeeded();
    let journal = emulator.journal();
    journal.all_answered("cargo:publish", &[200]);
    assert_eq!(journal.mints(), 1);
}

/// The other one is on a host that is not CodeArtifact's, and takes a token that cargo keeps itself.
#[test]
fn another_private_registry_beside_it() {
    let (mut sandbox, emulator) = with_cargo();
    let other = format!(
        "sparse+http://{}/h/{HOST}/cargo/my-repo/",
        emulator.address()
    );
    let token = token(&sandbox, "cargo");
    sandbox.write(
        "home/.cargo/credentials.toml",
        &format!("[registries.other]\ntoken = \"{token}\"\n"),
    );
    sandbox.set("CARGO_REGISTRIES_OTHER_INDEX", &other);
    let _ = setup(&sandbox, &["--global", "--no-test"]).succeeded();
    let both = "my-crate = { version = \"1\", registry = \"acme\" }\n\
        my-other-crate = { version = \"1\", registry = \"other\" }";
    write_library(&sandbox, "work", both);
    let _ = sandbox.run("cargo", &["build"]).succeeded();
    let journal = emulator.journal();
    let files: Vec<_> = journal.of("cargo:file");
    assert_eq!(files.len(), 3, "{files:#?}");
}

#[test]
fn token_that_ages_is_replaced_and_one_that_is_refused_by_login() {
    let (sandbox, emulator) = with_cargo();
    let _ = setup(&sandbox, &["--no-test"]).succeeded();
    let _ = sandbox.run("cargo", &["build"]).succeeded();
    forget_packages(&sandbox);
    kept::age(&sandbox, 12 * 3600);
    let _ = sandbox.run("cargo", &["build"]).succeeded();
    assert_mints(&emulator, 2);
    forget_packages(&sandbox);
    kept::age(&sandbox, 60);
    kept::spoil(&sandbox);
    // cargo never asks again about a token that was refused.
    let refused = sandbox.run("cargo", &["build"]).failed();
    let _ = refused.says(&["token rejected for `acme`"]);
    let _ = sandbox.run("cargo", &["login", "--registry", "acme"]);
    let _ = sandbox.run("cargo", &["build"]).succeeded();
    assert_mints(&emulator, 3);
    let _ = sandbox
        .run("cargo", &["logout", "--registry", "acme"])
        .succeeded();
    forget_packages(&sandbox);
    let _ = sandbox.run("cargo", &["build"]).succeeded();
    assert_mints(&emulator, 4);
}

#[test]
fn exec_names_the_registry_and_the_provider() {
    let (sandbox, emulator) = with_cargo();
    let _ = sandbox
        .run("codeartifact", &["exec", "--", "cargo", "build"])
        .succeeded();
    assert_mints(&emulator, 1);
}

#[test]
fn failure_is_told_by_cargo() {
    let (mut sandbox, _emulator) = with_cargo();
    let _ = setup(&sandbox, &["--no-test"]).succeeded();
    sandbox.set("AWS_SECRET_ACCESS_KEY", "another");
    let failed = sandbox.run("cargo", &["build"]).failed();
    let _ = failed.says(&[
        "codeartifact-cargo: ",
        "no token for sparse+https://",
        "hint: ",
    ]);
}
