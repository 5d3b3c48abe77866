//! `codeartifact uninstall`: a home after it is the home before the first setup.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use codeartifact_end_to_end::fixture::{self, two_hops};
use codeartifact_end_to_end::{Emulator, Sandbox, TOOLS};

const NPMRC: &str = "# mine\nfund=false\n//registry.example.com/:_authToken=theirs\n";
const PIP: &str = "[global]\ntimeout = 30\n";

/// A user who has files of their own, and has set up four clients and used them.
fn settled() -> (Sandbox, Emulator, BTreeMap<String, String>) {
    let (mut sandbox, emulator) = two_hops();
    sandbox.client("uv", "uv");
    sandbox.set("CODEARTIFACT_CACHE", "file");
    sandbox.unset("PIP_CONFIG_FILE");
    sandbox.write("home/.npmrc", NPMRC);
    sandbox.write("home/.config/pip/pip.conf", PIP);
    let before = files(&sandbox.path("home"));
    for client in ["pip", "uv", "npm", "go"] {
        let _ = sandbox.run("codeartifact", &["setup", client, "acme", "--no-test"]);
    }
    let _ = sandbox
        .run("codeartifact", &["token", fixture::PYPI])
        .succeeded();
    let _ = sandbox.run("codeartifact-npm", &["--registry", fixture::NPM]);
    assert_ne!(files(&sandbox.path("home")), before);
    (sandbox, emulator, before)
}

#[test]
fn a_home_is_as_it_was_before() {
    let (sandbox, _emulator, before) = settled();
    let shown = sandbox
        .run("codeartifact", &["uninstall", "--dry-run"])
        .succeeded();
    assert!(shown.stdout.contains("would remove "), "{shown:?}");
    assert_ne!(files(&sandbox.path("home")), before);

    let said = sandbox.run("codeartifact", &["uninstall"]).succeeded();
    assert!(said.stdout.contains("forgot 1 token"), "{said:?}");
    assert!(
        said.stdout.contains("config.toml, your connections"),
        "{said:?}"
    );
    assert_eq!(files(&sandbox.path("home")), before);

    let again = sandbox
        .run("codeartifact", &["uninstall", "--connections"])
        .succeeded();
    assert!(again.stdout.contains("removed "), "{again:?}");
    assert!(!sandbox.path("home/.config/codeartifact").exists());
}

/// Nothing was there before us, so nothing stays: not a lock, nor an empty file where a token was.
#[test]
fn a_new_home_is_empty_again() {
    let (sandbox, _emulator) = two_hops();
    fs::remove_dir_all(sandbox.path("home/.config")).unwrap();
    let before = files(&sandbox.path("home"));
    let connect = [
        "connect",
        "acme",
        "--account-id",
        "111122223333",
        "--role-arn",
        fixture::READER_ROLE,
        "--external-id",
        fixture::EXTERNAL_ID,
        "--via",
        fixture::INTEGRATION_ROLE,
        "--npm",
        fixture::NPM,
    ];
    let _ = sandbox.run("codeartifact", &connect).succeeded();
    sandbox.write("work/.npmrc", &format!("registry={}\n", fixture::NPM));
    let _ = sandbox.run("codeartifact-npm", &[]).succeeded();
    assert!(sandbox.read("home/.npmrc").contains("_authToken="));
    let _ = sandbox
        .run("codeartifact", &["uninstall", "--connections"])
        .succeeded();
    assert_eq!(files(&sandbox.path("home")), before);
}

#[test]
fn the_programs_go_when_asked_for() {
    let (sandbox, _emulator) = two_hops();
    let programs = sandbox.path("bin/codeartifact").canonicalize().unwrap();
    let own = ["codeartifact-npm", "codeartifact-keyring"];
    for name in TOOLS.into_iter().chain(own) {
        sandbox.copy_program(&programs.with_file_name(name), &format!("own/{name}"));
        sandbox.link(name, &sandbox.path("own").join(name));
    }
    let _ = sandbox
        .run("codeartifact", &["uninstall", "--programs"])
        .succeeded();
    assert_eq!(files(&sandbox.path("own")), BTreeMap::new());
}

#[test]
fn status_tells_of_a_mix_of_releases() {
    let (sandbox, _emulator) = two_hops();
    let program = sandbox.path("bin/codeartifact").canonicalize().unwrap();
    for name in TOOLS {
        sandbox.copy_program(&program.with_file_name(name), &format!("own/{name}"));
    }
    sandbox.link("codeartifact", &sandbox.path("own/codeartifact"));
    let old = "#!/bin/sh\necho 'codeartifact-npm 0.0.9 (1a2b3c4, x86_64-linux static)'\n";
    sandbox.write_program("own/codeartifact-npm", old);
    let said = sandbox.run("codeartifact", &["status"]).succeeded();
    let _ = said.says(&["codeartifact-npm is 0.0.9 (1a2b3c4, and this program is "]);
}

/// Every file below a folder, and what is in it; where a link leads. Go counts its own runs in a folder of its own, and
/// leaves an empty file where its settings were.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.display().to_string();
        if let Ok(target) = fs::read_link(&path) {
            found.insert(name, target.display().to_string());
        } else if path.is_dir() && !path.ends_with("telemetry") {
            found.append(&mut files(&path));
        } else if let Ok(text) = fs::read_to_string(&path)
            && !(path.ends_with("go/env") && text.is_empty())
        {
            found.insert(name, text);
        }
    }
    found
}
