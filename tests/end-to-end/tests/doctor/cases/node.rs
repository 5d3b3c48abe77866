//! The npm family.

use std::path::PathBuf;

use codeartifact_end_to_end::fixture::{Connection, acme};

use super::*;

const REGISTRY: &str = "registry=https://HOST/npm/my-repo/\n";

fn project(folder: &str, command: &str) -> Machine {
    let machine = Machine::with(folder, command);
    machine.write(
        "work/package.json",
        "{\"name\": \"p\", \"private\": true}\n",
    );
    machine
}

fn shims(machine: &Machine) -> PathBuf {
    machine.sandbox.path("home/.local/share/codeartifact/shims")
}

fn set_path(machine: &mut Machine, folders: &[PathBuf]) {
    let path = std::env::join_paths(folders).unwrap();
    machine.sandbox.set("PATH", path.to_str().unwrap());
}

/// pnpm reads it instead of the user's own `.npmrc`, where our helper's token is.
#[test]
fn a_file_of_pnpms_that_takes_the_place_of_the_users() {
    let mut machine = project("pnpm", "pnpm");
    machine.write("work/.npmrc", REGISTRY);
    machine.write("home/auth.npmrc", "//HOST/npm/my-repo/:_authToken=OLD\n");
    let file = machine
        .sandbox
        .path("home/auth.npmrc")
        .display()
        .to_string();
    machine.sandbox.set("PNPM_CONFIG_NPMRC_AUTH_FILE", file);
    let view = ["pnpm", "view", "my-package"];
    machine.fails("pnpm", &view, "a token that ran out", "");
    let set_up = machine.sandbox.run("codeartifact", &["setup", "pnpm"]);
    let _ = set_up.succeeded();
    machine.works("pnpm", &view);
}

/// nvm, volta and asdf put their programs in front of what the profile has put there before.
#[test]
fn links_behind_the_client() {
    let mut machine = project("npm", "npm");
    machine.write("work/.npmrc", REGISTRY);
    let (links, bin) = (shims(&machine), machine.sandbox.path("bin"));
    let _ = machine
        .sandbox
        .run("codeartifact", &["setup", "npm", "--no-test"])
        .succeeded();
    set_path(&mut machine, &[bin.clone(), links.clone()]);
    let view = ["npm", "view", "my-package"];
    let _ = machine.sandbox.run("npm", &view[1..]).failed();
    let rows = machine.rows("npm");
    let texts: Vec<_> = rows.iter().map(|it| it["text"].as_str().unwrap()).collect();
    assert!(
        texts[0].starts_with("asks my-repo with no credentials"),
        "{rows:#?}"
    );
    let winner = texts
        .iter()
        .any(|it| it.contains("is found before our link"));
    assert!(winner, "{rows:#?}");
    // While yesterday's token is good, npm works, and the link is still passed by.
    let _ = machine.sandbox.run("codeartifact-npm", &[]).succeeded();
    let rows = machine.rows("npm");
    assert_eq!(rows[0]["state"], "ok", "{rows:#?}");
    assert_eq!(rows[1]["state"], "warning", "{rows:#?}");
    set_path(&mut machine, &[links, bin]);
    machine.is_content("npm");
}

/// Until the shell finds them, nothing can be seen, and the setup has not succeeded.
#[test]
fn a_setup_whose_links_are_not_found() {
    for (folder, command) in [("npm", "npm"), ("bun", "bun"), ("yarn-1", "yarn")] {
        let mut machine = project(folder, command);
        machine.write("work/.npmrc", REGISTRY);
        let set_up = machine
            .sandbox
            .run("codeartifact", &["setup", command])
            .failed();
        let last = set_up.stderr.lines().last().unwrap();
        assert!(last.starts_with("  hint: put this line into"), "{set_up:?}");
        let folders = [shims(&machine), machine.sandbox.path("bin")];
        set_path(&mut machine, &folders);
        let again = machine
            .sandbox
            .run("codeartifact", &["setup", command])
            .succeeded();
        assert!(again.stdout.contains("with our token"), "{again:?}");
    }
}

/// A registry that was added after the setup has no helper yet.
#[test]
fn a_scope_that_was_added_later() {
    let machine = project("pnpm", "pnpm");
    machine.write("work/.npmrc", REGISTRY);
    let _ = machine
        .sandbox
        .run("codeartifact", &["setup", "pnpm"])
        .succeeded();
    machine.works("pnpm", &["pnpm", "view", "my-package"]);
    machine.write(
        "work/.npmrc",
        &format!("{REGISTRY}@my-scope:registry=https://HOST/npm/other-repo/\n"),
    );
    machine.is_told(
        "pnpm",
        "asks other-repo with no credentials",
        "codeartifact setup pnpm",
    );
}

/// npm puts the values of variables into keys as well.
#[test]
fn a_key_with_variables_that_are_not_set() {
    let mut machine = project("npm", "npm");
    let text = "registry=https://${CA_DOMAIN}-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/\n";
    machine.write("work/.npmrc", text);
    let view = ["npm", "view", "my-package"];
    machine.sandbox.set("CA_DOMAIN", "my-domain");
    machine.fails("npm", &view, "asks my-repo with no credentials", "");
    let _ = machine.sandbox.run("codeartifact-npm", &[]).succeeded();
    machine.works("npm", &view);
}

/// The form that many projects have committed, for a client that drops the credential.
#[test]
fn bun_and_a_token_from_a_variable_that_is_not_set() {
    let machine = project("bun", "bun");
    machine.write(
        "work/.npmrc",
        &format!("{REGISTRY}//HOST/npm/my-repo/:_authToken=${{CODEARTIFACT_AUTH_TOKEN}}\n"),
    );
    let _ = machine.sandbox.run("codeartifact-npm", &[]);
    let installed = machine.sandbox.run("bun", &["add", "my-package"]);
    let rows = machine.rows("bun");
    let works = installed.code == Some(0);
    assert_eq!(rows[0]["state"] == "ok", works, "{rows:#?}\n{installed:?}");
}

/// Rush starts its own client in a folder of its own, which no trial sees: what its file needs is said.
#[test]
fn a_registry_of_rush() {
    let machine = project("pnpm", "pnpm");
    machine.write("work/rush.json", "{}\n");
    machine.write("work/common/config/rush/.npmrc", REGISTRY);
    machine.is_told(
        "pnpm",
        ".npmrc has no token for https://",
        "codeartifact-npm",
    );
    let _ = machine.sandbox.run("codeartifact-npm", &[]).succeeded();
    let rows = machine.rows("pnpm");
    assert!(rows.iter().all(|it| it["state"] != "failed"), "{rows:#?}");
}

/// pnpm from 11 on reads variables of its own name alone.
#[test]
fn a_variable_that_pnpm_does_not_read() {
    for (folder, reads) in [("pnpm", false), ("pnpm-10", true)] {
        let mut machine = project(folder, "pnpm");
        machine.sandbox.set("npm_config_registry", NPM);
        let _ = machine.sandbox.run("codeartifact-npm", &[]).succeeded();
        if reads {
            machine.works("pnpm", &["pnpm", "add", "my-package"]);
            continue;
        }
        let says = "pnpm 12 does not read npm_config_registry";
        machine.is_told("pnpm", says, "pnpm_config_registry");
        machine.sandbox.set("pnpm_config_registry", NPM);
        machine.works("pnpm", &["pnpm", "add", "my-package"]);
    }
}

/// An install works by the tokenHelper, of which npm knows nothing.
#[test]
fn commands_that_pnpm_leaves_to_npm() {
    let mut machine = project("pnpm-10", "pnpm");
    machine.sandbox.client("npm", "npm");
    machine.write("work/.npmrc", REGISTRY);
    let set_up = machine.sandbox.run("codeartifact", &["setup", "pnpm"]);
    let _ = set_up.succeeded();
    let view = ["view", "my-package"];
    let _ = machine.sandbox.run("pnpm", &view).failed();
    let rows = machine.rows("pnpm");
    assert_eq!(rows[0]["state"], "ok", "{rows:#?}");
    assert_eq!(rows[1]["state"], "warning", "{rows:#?}");
    let text = rows[1]["text"].as_str().unwrap();
    assert!(text.starts_with("pnpm 10 leaves `view`"), "{rows:#?}");
    let set_up = machine
        .sandbox
        .run("codeartifact", &["setup", "npm", "--no-test"]);
    let _ = set_up.succeeded();
    let folders = [shims(&machine), machine.sandbox.path("bin")];
    set_path(&mut machine, &folders);
    machine.works("pnpm", &["sh", "-c", "pnpm view my-package"]);
}

/// As in a container whose `.npmrc` is mounted; a device cannot be replaced either. The link hands tokens over in memory.
#[test]
fn a_file_that_cannot_be_replaced() {
    let mut machine = project("npm", "npm");
    machine.write("work/.npmrc", REGISTRY);
    machine.sandbox.set("NPM_CONFIG_USERCONFIG", "/dev/null");
    let view = ["npm", "view", "my-package"];
    machine.fails(
        "npm",
        &view,
        "/dev/null has no token for",
        "put a link to it",
    );
    let set_up = machine
        .sandbox
        .run("codeartifact", &["setup", "npm", "--no-test"]);
    let _ = set_up.succeeded();
    let folders = [shims(&machine), machine.sandbox.path("bin")];
    set_path(&mut machine, &folders);
    // By a shell, which looks on PATH.
    machine.works("npm", &["sh", "-c", "npm view my-package"]);
}

/// corepack fetches the client that a project names, before that reads any of its settings.
#[test]
fn a_client_that_corepack_fetches() {
    let mut machine = Machine::with("corepack", "pnpm");
    machine.write(
        "work/package.json",
        "{\"name\": \"p\", \"packageManager\": \"pnpm@10.34.9\"}\n",
    );
    machine.write("work/.npmrc", REGISTRY);
    let registry = NPM.trim_end_matches('/');
    machine.sandbox.set("COREPACK_NPM_REGISTRY", registry);
    machine.fails(
        "pnpm",
        &["pnpm", "--version"],
        "and COREPACK_NPM_TOKEN is not set",
        "codeartifact-npm exec",
    );
}

/// One domain has both repositories, and each scope is asked for.
#[test]
fn two_scopes_of_two_connections() {
    let machine = project("npm", "npm");
    let other = |url: &str| url.replace("my-repo", "other-repo");
    let globex = Connection {
        name: "globex",
        npm: other(NPM),
        pypi: other(PYPI),
        go: other(GO),
        ..acme()
    };
    Connection::configure_all(&[acme(), globex], &machine.sandbox);
    let scopes = "@my-scope:registry=https://HOST/npm/my-repo/\n@other-scope:registry=https://HOST/npm/other-repo/\n";
    machine.write("work/.npmrc", scopes);
    let _ = machine.sandbox.run("codeartifact-npm", &[]).succeeded();
    let rows = machine.rows("npm");
    assert_eq!(rows[0]["state"], "ok", "{rows:#?}");
    let text = rows[0]["text"].as_str().unwrap();
    assert!(
        text.contains("my-repo") && text.contains("other-repo"),
        "{rows:#?}"
    );
}
