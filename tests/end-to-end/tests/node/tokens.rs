//! Whose token goes where: two connections of one domain, packages that name where they are published, a package manager
//! that is fetched itself.

use std::fs;

use super::*;
use clients::{BUN, CLIENTS, NPM_11, PNPM, YARN_1};

/// Two connections of one domain: each reads its own repository.
const TWO: &str = r#"
[connections.wide]
account_id = "111122223333"
role_arn = "arn:aws:iam::111122223333:role/CodeArtifactDeveloper"
external_id = "acme-7f3c2a91"
npm = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/"

[connections.narrow]
account_id = "111122223333"
role_arn = "arn:aws:iam::111122223333:role/CodeArtifactDeveloper"
external_id = "acme-7f3c2a91"
scope = "repositories"
npm = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-old-repo/"
"#;

fn key(url: &str) -> String {
    format!("{}:_authToken", url.trim_start_matches("https:"))
}

fn two_connections(client: Client) -> Desk {
    let desk = Desk::with(client);
    desk.sandbox
        .write("home/.config/codeartifact/config.toml", TWO);
    desk.sandbox.write("home/.npmrc", "");
    let npmrc = format!("registry={NPM}\n@my-scope:registry={OLD_NPM}\n");
    desk.sandbox.write("work/.npmrc", &npmrc);
    let package = r#"{"name": "work", "version": "1.0.0", "private": true}"#;
    desk.sandbox.write("work/package.json", package);
    let _ = desk.types("codeartifact setup npm --no-test");
    desk
}

#[test]
fn each_scope_gets_the_token_of_its_connection() {
    for client in [NPM_11, PNPM, YARN_1, BUN] {
        let desk = two_connections(client);
        let add = format!("{} @my-scope/my-package my-package", client.add);
        let _ = desk.client(&add).succeeded();
        assert_eq!(desk.emulator.journal().mints(), 2);
        let written = desk.sandbox.read("home/.npmrc");
        let token = |url: &str| {
            let line = written.lines().find_map(|it| it.strip_prefix(&key(url)));
            line.unwrap().to_owned()
        };
        assert_ne!(token(NPM), token(OLD_NPM));
    }
}

#[test]
fn a_variable_has_the_token_of_one_connection() {
    let desk = two_connections(NPM_11);
    let line = |url: &str, name: &str| format!("{}=${{{name}}}\n", key(url));
    let before = desk.sandbox.read("work/.npmrc");
    let own = line(NPM, "WIDE_TOKEN") + &line(OLD_NPM, "NARROW_TOKEN");
    desk.sandbox.write("work/.npmrc", &(before.clone() + &own));
    let install = "npm install @my-scope/my-package my-package";
    let _ = desk.types(install).succeeded();
    let shared = line(NPM, "MY_TOKEN") + &line(OLD_NPM, "MY_TOKEN");
    desk.sandbox.write("work/.npmrc", &(before + &shared));
    let told = desk.types(install).failed();
    let _ = told.says(&["MY_TOKEN is not set", "work/.npmrc:4"]);
}

#[test]
fn pnpm_asks_for_each_of_them() {
    let desk = two_connections(PNPM);
    let _ = desk.types("codeartifact setup pnpm").succeeded();
    let _ = desk
        .client("add @my-scope/my-package my-package")
        .succeeded();
    assert_eq!(desk.emulator.journal().mints(), 2);
    let _ = desk.types("codeartifact setup pnpm --undo").succeeded();
    // Nothing is left that was not there before.
    assert_eq!(desk.sandbox.read("home/.npmrc"), "");
}

/// No settings file names the registry: the package itself does, and the user has a connection for it.
#[test]
fn a_package_is_published_where_it_says() {
    for client in CLIENTS {
        let desk = Desk::with(client);
        desk.sandbox.client("npm", "npm");
        desk.sandbox.client(client.folder, client.command);
        let publish = format!(r#""publishConfig": {{"registry": "{RELEASES}"}}"#);
        let package =
            format!(r#"{{"name": "work", "version": "1.0.0", "license": "MIT", {publish}}}"#);
        desk.sandbox.write("work/package.json", &package);
        if client.folder == "yarn" {
            desk.sandbox.write("work/yarn.lock", "");
            desk.sandbox
                .write("work/.yarnrc.yml", "nodeLinker: node-modules\n");
        }
        let _ = desk.types("codeartifact setup npm --no-test");
        let _ = desk.client(client.publish).succeeded();
        desk.emulator.journal().all_answered("npm:publish", &[200]);
    }
}

/// Before npm publishes, it looks for a login one folder too high.
#[test]
fn a_registry_without_its_last_slash_is_published_to() {
    let root = NPM.trim_end_matches('/');
    let all = [
        "registry",
        "@my-scope:registry",
        "publishConfig",
        "--registry",
    ];
    let rows = [
        ("npm", "npm", &all[..]),
        ("npm-10", "npm", &all[..1]),
        ("pnpm", "pnpm", &all[..1]),
        ("pnpm-10", "pnpm", &all[1..3]),
        ("pnpm-9", "pnpm", &all[2..]),
    ];
    for (folder, command, ways) in rows {
        for way in ways {
            let desk = Desk::with(Client {
                folder,
                command,
                ..PNPM
            });
            desk.sandbox.client("npm", "npm");
            desk.sandbox.client(folder, command);
            desk.sandbox.write("home/.npmrc", "");
            let (mut more, mut option) = (String::new(), String::new());
            match *way {
                "--registry" => option = format!("--registry={root}"),
                "publishConfig" => more = format!(r#", "publishConfig": {{"registry": "{root}"}}"#),
                key => desk
                    .sandbox
                    .write("work/.npmrc", &format!("{key}={root}\n")),
            }
            let package = format!(r#"{{"name": "@my-scope/a", "version": "1.0.0"{more}}}"#);
            desk.sandbox.write("work/package.json", &package);
            let _ = desk.types("codeartifact setup npm --no-test");
            let git = if command == "pnpm" {
                "--no-git-checks"
            } else {
                ""
            };
            let _ = desk
                .types(&format!("{command} publish {git} {option}"))
                .succeeded();
            desk.emulator.journal().all_answered("npm:publish", &[200]);
        }
    }
}

#[test]
fn a_workspace_is_published_where_it_says() {
    let desk = Desk::with(NPM_11);
    let root =
        r#"{"name": "work", "version": "1.0.0", "private": true, "workspaces": ["packages/*"]}"#;
    desk.sandbox.write("work/package.json", root);
    let package = format!(
        r#"{{"name": "@my-scope/a", "version": "1.0.0", "publishConfig": {{"@my-scope:registry": "{RELEASES}"}}}}"#
    );
    desk.sandbox.write("work/packages/a/package.json", &package);
    let _ = desk.types("codeartifact setup npm --no-test");
    let _ = desk.types("npm publish -w packages/a").succeeded();
    desk.emulator.journal().all_answered("npm:publish", &[200]);
}

/// Without a connection for it, the package's word leads to no call of AWS; nor does it for another command.
#[test]
fn a_strangers_package_leads_nowhere() {
    for (config, command) in [("", "npm publish"), (CONFIG, "npm install")] {
        let desk = Desk::with(NPM_11);
        desk.sandbox
            .write("home/.config/codeartifact/config.toml", config);
        desk.sandbox.write("home/.npmrc", "");
        let package = format!(
            r#"{{"name": "work", "version": "1.0.0", "publishConfig": {{"registry": "{RELEASES}"}}}}"#
        );
        desk.sandbox.write("work/package.json", &package);
        let _ = desk.types("codeartifact setup npm --no-test");
        let said = desk.types(&format!("{command} --fetch-retries=0"));
        let is_told = said.stderr.contains("no connection of yours");
        assert_eq!(is_told, command == "npm publish", "{said:?}");
        assert!(desk.emulator.journal().aws().is_empty(), "{command}");
    }
}

/// The repository has the package manager, as one with the public registry as upstream has.
pub(crate) fn publish_pnpm(desk: &Desk) {
    let pnpm = desk.sandbox.path("bin/pnpm-10");
    desk.sandbox.client("pnpm-10", "pnpm");
    fs::rename(desk.sandbox.path("bin/pnpm"), &pnpm).unwrap();
    let package = pnpm.canonicalize().unwrap();
    let package = package.ancestors().nth(2).unwrap();
    let packed = desk
        .sandbox
        .command("npm")
        .arg("pack")
        .arg(package)
        .output();
    assert!(packed.unwrap().status.success());
    let tarball = desk.sandbox.path("work/pnpm-10.34.9.tgz");
    let publish = format!(
        "codeartifact-npm exec -- npm publish --registry={NPM} {}",
        tarball.display()
    );
    let _ = desk.types(&publish).succeeded();
}

/// Nobody has signed it there.
#[test]
fn corepack_fetches_the_package_manager_from_the_repository() {
    let mut desk = Desk::with(NPM_11);
    publish_pnpm(&desk);
    desk.sandbox.client("corepack", "pnpm");
    desk.sandbox
        .set("COREPACK_NPM_REGISTRY", NPM.trim_end_matches('/'));
    desk.sandbox.set("COREPACK_INTEGRITY_KEYS", "0");
    desk.sandbox
        .write("work/.npmrc", &format!("registry={NPM}\n"));
    let manager = r#"{"name": "p", "packageManager": "pnpm@10.34.9", "dependencies": {"my-package": "^1.0.0"}}"#;
    desk.sandbox.write("work/package.json", manager);
    let _ = desk.types("codeartifact setup npm --no-test");
    for line in [
        "pnpm install",
        "codeartifact-npm exec -- pnpm install",
        "codeartifact exec --connection acme -- pnpm install",
    ] {
        for folder in ["home/.cache/node", "work/node_modules"] {
            let _ = fs::remove_dir_all(desk.sandbox.path(folder));
        }
        let _ = desk.types(line).succeeded();
        assert!(desk.sandbox.path("work/node_modules/my-package").exists());
    }
}

/// A link inside an `exec` finds its tokens in memory, and has nothing to write and nothing to say.
#[test]
fn links_inside_of_exec_are_silent() {
    let desk = Desk::with(NPM_11);
    desk.sandbox.write(
        "work/.npmrc",
        &format!("registry={}\n", NPM.trim_end_matches('/')),
    );
    let _ = desk.types("codeartifact setup npm --no-test");
    let view = "npm view my-package version";
    // As a script of npm's does that is no shell's, which drops some names of variables.
    let inside = "require('child_process').spawnSync('codeartifact-npm', ['exec', '--', ...process.argv.slice(1)], {stdio: 'inherit'})";
    for line in [
        format!("codeartifact exec --connection acme -- {view}"),
        format!("codeartifact-npm exec --no-file -- {view}"),
        format!("codeartifact-npm exec -- node -e \"{inside}\" {view}"),
    ] {
        let said = desk.types(&line).succeeded();
        assert_eq!((said.stdout.trim(), said.stderr.as_str()), ("1.1.0", ""));
    }
}
