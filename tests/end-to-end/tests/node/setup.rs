//! `codeartifact setup` for the npm family: what it shows, what it writes, what it leaves, and what happens when there
//! is no token to be had.

use super::*;
use clients::{NPM_11, PNPM, YARN, YARN_1};

const SHIMS: &str = "home/.local/share/codeartifact/shims";
const HELPERS: &str = "home/.local/share/codeartifact/token-helpers";

#[test]
fn dry_run_shows_no_token_and_changes_nothing() {
    for client in [NPM_11, PNPM, YARN] {
        let desk = Desk::with(client);
        desk.sandbox.write("work/yarn.lock", "__metadata:\n");
        let line = format!(
            "codeartifact setup {} acme --scope @my-scope --dry-run",
            client.setup
        );
        let said = desk.types(&line).succeeded();
        assert!(said.stdout.contains("would "), "{said:?}");
        assert!(!said.stdout.contains("eyJ-yesterday"), "{said:?}");
        assert_eq!(desk.sandbox.read("home/.npmrc"), USERS_NPMRC);
        for made in [SHIMS, HELPERS, "work/.yarnrc.yml", "work/.yarn"] {
            assert!(!desk.sandbox.path(made).exists(), "{made}");
        }
    }
}

/// And the default registry stays what it was.
#[test]
fn one_scope_is_led_to_a_connections_repository() {
    for client in [NPM_11, PNPM] {
        let desk = Desk::with(client);
        desk.sandbox
            .write("work/.npmrc", &format!("registry={PUBLIC}\n"));
        desk.sandbox
            .write("work/package.json", "{\"private\": true}\n");
        let setup = format!("codeartifact setup {} own --scope @globex", client.setup);
        let _ = desk.types(&setup).succeeded();
        let again = desk.types(&setup).succeeded();
        let lines: Vec<_> = again.stdout.lines().collect();
        assert_eq!(lines[0], format!("{}: nothing to change", client.setup));
        assert!(lines[1].starts_with(&format!("seen: {} ", client.setup)));
        assert!(
            lines[1].contains(" asks my-repo with our token"),
            "{again:?}"
        );
        assert_eq!(lines.len(), 2);
        let _ = desk
            .client(&format!("{} @globex/farewell punctuation", client.add))
            .succeeded();
        assert_eq!(desk.emulator.journal().mints(), 1);
        let _ = desk.types(&format!("{setup} --undo")).succeeded();
        assert!(!desk.sandbox.read("home/.npmrc").contains("@globex"));
    }
}

#[test]
fn links_are_made_for_what_is_installed_and_the_profiles_line_is_told_until_it_is_there() {
    let mut desk = Desk::with(NPM_11);
    desk.sandbox.set("SHELL", "/bin/bash");
    let shims = desk.sandbox.path(SHIMS);
    let setup = ["setup", "npm"];
    let said = desk.sandbox.run("codeartifact", &setup).exited(1);
    let line = format!("export PATH=\"{}:$PATH\"", shims.display());
    let _ = said.says(&[&line]);
    let links: Vec<_> = std::fs::read_dir(&shims)
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    assert_eq!(links, ["npm"], "no other client is on PATH");
    let said = desk.types("codeartifact setup npm").succeeded();
    assert_eq!(said.stderr, "");
    let unnamed = desk.types("codeartifact setup npm acme").exited(2);
    let _ = unnamed.says(&["--scope @my-scope"]);
}

/// pnpm asks the helper before every command, and 10 refuses all of them when it fails.
#[test]
fn pnpm_runs_what_needs_no_token_when_there_is_none() {
    for folder in ["pnpm", "pnpm-10"] {
        let mut desk = Desk::with(clients::Client { folder, ..PNPM });
        desk.sandbox.write(
            "work/package.json",
            r#"{"private": true, "scripts": {"greet": "echo good morning"}}"#,
        );
        desk.sandbox
            .write("work/.npmrc", &format!("registry={NPM}\n"));
        let _ = desk.types("codeartifact setup pnpm acme").succeeded();
        desk.sandbox
            .set("AWS_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE");
        let said = desk.client("run greet").succeeded();
        assert!(said.stdout.contains("good morning"), "{said:?}");
        let _ = desk.client("add my-package").failed();
        let status = desk.types("codeartifact status").succeeded();
        assert!(status.stdout.contains("codeartifact-npm"), "{status:?}");
    }
}

#[test]
fn yarn_shows_why_there_is_no_token() {
    let mut desk = Desk::with(YARN);
    desk.sandbox
        .write("work/.yarnrc.yml", "# ours\nnodeLinker: node-modules\n");
    desk.sandbox
        .write("work/package.json", r#"{"name": "work", "private": true}"#);
    let setup = "codeartifact setup yarn acme --scope @my-scope --default";
    let _ = desk.types(setup).succeeded();
    desk.sandbox
        .set("AWS_ACCESS_KEY_ID", "AKIAI44QH8DHBEXAMPLE");
    let said = desk.client("add my-package").failed();
    let _ = said.says(&["codeartifact-npm: cannot "]);
    std::fs::remove_file(desk.sandbox.path("bin/codeartifact-npm")).unwrap();
    let said = desk.client("add my-package").failed();
    let _ = said.says(&["codeartifact-npm is not on PATH"]);
    let _ = desk.types(&format!("{setup} --undo")).succeeded();
    assert_eq!(
        desk.sandbox.read("work/.yarnrc.yml"),
        "# ours\nnodeLinker: node-modules\n"
    );
    assert!(
        !desk
            .sandbox
            .path("work/.yarn/plugins/codeartifact.cjs")
            .exists()
    );
}

/// A line that makes room for ours is kept in a file that its owner alone reads, and in no comment of the user's file.
#[test]
fn what_a_setup_replaces_comes_back_to_the_byte() {
    const KEPT: &str = "home/.local/state/codeartifact/setups.json";
    let (npmrc, yarnrc) = (users_npmrc(), projects_yarnrc());
    let rows = [
        (NPM_11, "home/.npmrc", &npmrc),
        (PNPM, "home/.npmrc", &npmrc),
        (YARN, "work/.yarnrc.yml", &yarnrc),
        (YARN_1, "work/.npmrc", &npmrc),
    ];
    for (client, file, text) in rows {
        let desk = Desk::with(client);
        desk.sandbox
            .write("work/package.json", "{\"private\": true}\n");
        let lock = if client.folder == "yarn" {
            ""
        } else {
            "# yarn lockfile v1\n"
        };
        desk.sandbox.write("work/yarn.lock", lock);
        desk.sandbox.write(
            "work/mine.cjs",
            "module.exports = {name: 'mine', factory: () => ({})};\n",
        );
        desk.sandbox.write(file, text);
        let setup = format!(
            "codeartifact setup {} acme --scope @my-scope --default",
            client.setup
        );
        for _ in 0..2 {
            let _ = desk.types(&format!("{setup} --no-test")).succeeded();
            let now = desk.sandbox.read(file);
            assert!(!now.contains("set aside"), "{now}");
            let comments = now
                .lines()
                .filter(|line| line.trim_start().starts_with('#'));
            assert!(
                comments.into_iter().all(|line| !line.contains("eyJ")),
                "{now}"
            );
        }
        let mode = std::fs::metadata(desk.sandbox.path(KEPT))
            .unwrap()
            .permissions();
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777,
            0o600
        );
        let undo = format!("codeartifact setup {} --undo", client.setup);
        let _ = desk.types(&undo).succeeded();
        assert_eq!(&desk.sandbox.read(file), text);
        assert!(!desk.sandbox.path(KEPT).exists());
    }
}

fn users_npmrc() -> String {
    let root = NPM.trim_start_matches("https:").trim_end_matches('/');
    format!(
        "# mine\r\nregistry = {PUBLIC} ; old\r\n{root}/:_authToken=eyJ-yesterday\r\n@my-scope:registry={PUBLIC}\r\n\
         {root}:_authToken=${{MY_TOKEN}}\r\n{root}/:always-auth=false\r\n[section]\r\nregistry=x"
    )
}

fn projects_yarnrc() -> String {
    format!(
        "# mine\nnpmScopes:\n  other:\n    npmAuthToken: eyJ-other\n\nnpmRegistryServer: \"{PUBLIC}\" # old\n\
         npmAuthToken: eyJ-yesterday\nplugins:\n  - ./mine.cjs\nnpmAlwaysAuth: false"
    )
}
