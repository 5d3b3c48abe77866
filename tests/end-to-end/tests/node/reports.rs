//! Tests of what people have reported, where another file does not have it already: lines of their own files, with the commands
//! that failed. Each is done with the real clients, through links and `exec`.

use std::fs;

use super::*;
use clients::{BUN, NPM_11, PNPM, YARN, YARN_1};

pub(crate) const PNPM_10: Client = Client {
    folder: "pnpm-10",
    ..PNPM
};
pub(crate) const PNPM_9: Client = Client {
    folder: "pnpm-9",
    ..PNPM
};

/// Every way to get a token to a command.
pub(crate) const WAYS: [&str; 4] = [
    "",
    "codeartifact-npm exec -- ",
    "codeartifact-npm exec --no-file -- ",
    "codeartifact exec --connection acme -- ",
];

const PACKAGE: &str = r#"{"name": "work", "version": "1.0.0", "private": true}"#;

pub(crate) fn fill(text: &str) -> String {
    let root = NPM.trim_end_matches('/');
    let key = root.trim_start_matches("https:");
    let host = key.trim_start_matches('/').split('/').next().unwrap();
    let text = text.replace("KEY", key).replace("HOST", host);
    let text = text
        .replace("OTHER", OTHER_DOMAIN)
        .replace("PUBLIC", PUBLIC);
    text.replace("REPO/", NPM).replace("REPO", root)
}

pub(crate) fn desk(client: Client, files: &[(&str, &str)]) -> Desk {
    let desk = Desk::with(client);
    desk.sandbox.write("home/.npmrc", "");
    desk.sandbox.write("work/package.json", PACKAGE);
    for (file, text) in files {
        desk.sandbox.write(file, &fill(text));
    }
    let _ = desk.types("codeartifact setup npm --no-test").succeeded();
    desk
}

impl Desk {
    /// In all the ways, each with nothing fetched before.
    #[track_caller]
    pub(crate) fn adds_in_all_ways(&self, package: &str) {
        for way in WAYS {
            for folder in ["work/node_modules", "home/.npm", "home/.cache", "home/.bun"] {
                let _ = fs::remove_dir_all(self.sandbox.path(folder));
            }
            let _ = fs::remove_dir_all(self.sandbox.path("home/.local/share/pnpm"));
            let (command, add) = (self.client.command, self.client.add);
            let _ = self
                .types(&format!("{way}{command} {add} {package}"))
                .succeeded();
        }
        self.refuses_nothing();
    }

    /// By the link.
    #[track_caller]
    pub(crate) fn adds(&self, package: &str) {
        let add = format!("{} {package}", self.client.add);
        let _ = self.client(&add).succeeded();
        self.refuses_nothing();
    }

    #[track_caller]
    pub(crate) fn refuses_nothing(&self) {
        let journal = self.emulator.journal();
        for it in journal
            .of("npm")
            .iter()
            .filter(|it| it.host.contains(".codeartifact."))
        {
            assert_ne!(it.status, Some(401), "{it:#?}");
        }
    }
}

/// npm's helper is the first program of ours to run, and what fails later is still kept for `status`.
#[test]
fn a_failure_is_kept_after_npms_helper_was_first() {
    let desk = Desk::with(NPM_11);
    desk.sandbox
        .write("work/.npmrc", &format!("registry={NPM}\n"));
    let stranger = "https://stranger-domain-444455556666.d.codeartifact.us-west-2.amazonaws.com/pypi/stranger/simple/";
    let fails = format!("codeartifact-keyring --mode=creds --output=json get {stranger}");
    let state = "home/.local/state/codeartifact";
    desk.sandbox.link(
        "codeartifact-keyring",
        &desk.sandbox.path("bin/keyring").canonicalize().unwrap(),
    );
    let _ = desk.types("umask 022; codeartifact-npm").succeeded();
    assert_eq!(desk.sandbox.mode(state), 0o700);
    let _ = desk.types(&format!("umask 022; {fails}")).failed();
    let status = desk.types("codeartifact status").succeeded();
    assert!(status.stdout.contains("stranger-domain"), "{status:?}");

    // As an earlier release has left it.
    fs::remove_file(desk.sandbox.path(&format!("{state}/failures.jsonl"))).unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(desk.sandbox.path(state), open).unwrap();
    let _ = desk.types(&fails).failed();
    let status = desk.types("codeartifact status").succeeded();
    assert!(status.stdout.contains("stranger-domain"), "{status:?}");
    assert_eq!(desk.sandbox.mode(state), 0o700);
}

/// pnpm's own command has written the login, or it reads another file than `~/.npmrc`.
#[test]
fn logins_of_pnpms_own_in_all_ways() {
    let registry = ("work/.npmrc", "registry=REPO/\n");
    let login = ("home/.config/pnpm/auth.ini", "KEY/:_authToken=eyJ-stale\n");
    desk(PNPM, &[registry, login]).adds_in_all_ways("my-package");
    for variable in ["PNPM_CONFIG_NPMRC_AUTH_FILE", "pnpm_config_userconfig"] {
        let mut desk = desk(
            PNPM,
            &[registry, ("home/other", "KEY/:_authToken=eyJ-stale\n")],
        );
        let file = desk.sandbox.path("home/other").display().to_string();
        desk.sandbox.set(variable, file);
        desk.adds_in_all_ways("my-package");
    }
}

/// pnpm 9 and 10 hand these to npm, and put node's folder in front of our links.
#[test]
fn commands_that_pnpm_leaves_to_npm_have_the_token() {
    for client in [PNPM_10, PNPM_9] {
        let desk = desk(client, &[("work/.npmrc", "registry=REPO/\n")]);
        desk.sandbox.client("npm", "npm");
        let _ = desk
            .types("codeartifact setup pnpm acme --no-test")
            .succeeded();
        for command in [
            "view my-package",
            "info my-package",
            "dist-tag ls my-package",
            "ping",
        ] {
            let _ = desk.client(command).succeeded();
        }
        // The repository knows neither, and says so to a request with our token.
        for command in ["whoami", "search punctuation"] {
            let _ = desk.client(command);
        }
        let journal = desk.emulator.journal();
        let is_asked = |path: &str| journal.of("npm").iter().any(|it| it.path.contains(path));
        assert!(
            is_asked("whoami") && is_asked("-/v1/search"),
            "{journal:#?}"
        );
        desk.refuses_nothing();
    }
}

/// `actions/setup-node` writes such a file, and sets its variable to a stand-in.
#[test]
fn the_file_of_setup_node() {
    for client in [NPM_11, PNPM, YARN_1, BUN] {
        for token in [Some("XXXXX-XXXXX-XXXXX-XXXXX"), None] {
            let text = "KEY/:_authToken=${NODE_AUTH_TOKEN}\nregistry=REPO/\nalways-auth=true\n";
            let mut desk = desk(client, &[("runner/.npmrc", text)]);
            let file = desk.sandbox.path("runner/.npmrc").display().to_string();
            desk.sandbox.set("NPM_CONFIG_USERCONFIG", file);
            if let Some(token) = token {
                desk.sandbox.set("NODE_AUTH_TOKEN", token);
            }
            if client.folder == "npm" {
                desk.adds_in_all_ways("my-package");
            } else {
                desk.adds("my-package");
            }
            assert_eq!(desk.sandbox.read("home/.npmrc"), "");
        }
    }
}

/// As semantic-release, nx and changesets call npm.
#[test]
fn commands_of_release_tools() {
    let package = r#"{"name": "@my-scope/a", "version": "1.0.0", "license": "MIT"}"#;
    let files = [
        (
            "work/package.json",
            r#"{"name": "work", "version": "1.0.0", "private": true, "workspaces": ["packages/*"]}"#,
        ),
        ("work/packages/a/package.json", package),
        ("tmp/npmrc", "KEY/:_authToken = ${NPM_TOKEN}\n"),
    ];
    for line in [
        "npm publish ./packages/a --userconfig ../tmp/npmrc --tag latest --registry REPO/",
        "npm view my-package --@my-scope:registry=REPO/ --registry=REPO/",
        "npm publish --prefix packages/a ./packages/a --registry=REPO/",
        "npm publish -w packages/a --registry=REPO/",
        "cd packages/a && npm publish --registry=REPO/",
        "npm exec -w packages/a --yes --registry=REPO/ -- my-package Ada",
    ] {
        let desk = desk(NPM_11, &files);
        let _ = desk.types(&fill(line)).succeeded();
        desk.refuses_nothing();
        assert_eq!(desk.emulator.journal().mints(), 1, "{line}");
    }
}

/// The settings of every client say which repositories.
#[test]
fn exec_takes_the_registries_of_every_client() {
    let rows = [
        (
            YARN,
            "work/.yarnrc.yml",
            "npmRegistryServer: REPO/\nenableGlobalCache: false\n",
        ),
        (BUN, "work/bunfig.toml", "[install]\nregistry = \"REPO/\"\n"),
        (
            PNPM,
            "work/pnpm-workspace.yaml",
            "registries:\n  default: REPO/\n",
        ),
        (PNPM_10, "work/.npmrc", "registry=REPO/\n"),
    ];
    for (client, file, text) in rows {
        let mut desk = desk(client, &[("work/yarn.lock", ""), (file, text)]);
        desk.sandbox.set("CODEARTIFACT_CONFIG", "/dev/null");
        desk.sandbox.set(
            "CODEARTIFACT_ROLE_ARN",
            "arn:aws:iam::111122223333:role/CodeArtifactDeveloper",
        );
        desk.sandbox
            .set("CODEARTIFACT_EXTERNAL_ID", "acme-7f3c2a91");
        let (command, add) = (client.command, client.add);
        let root = if file.ends_with("workspace.yaml") {
            "-w"
        } else {
            ""
        };
        let _ = desk
            .types(&format!(
                "codeartifact exec -- {command} {add} {root} my-package"
            ))
            .succeeded();
        desk.refuses_nothing();
    }
}

/// Whoever clones it hears why the install fails, and no AWS account of a stranger's hears of them.
#[test]
fn a_clone_whose_lock_file_names_a_strangers_repository() {
    let lock = r#"{"name": "work", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "work", "version": "1.0.0", "dependencies": {"my-package": "1.1.0"}}, "node_modules/my-package": {"version": "1.1.0", "resolved": "https://stranger-444455556666.d.codeartifact.us-west-2.amazonaws.com:443/npm/store/my-package/-/my-package-1.1.0.tgz"}}}"#;
    let package =
        r#"{"name": "work", "version": "1.0.0", "dependencies": {"my-package": "1.1.0"}}"#;
    let mut desk = desk(
        NPM_11,
        &[
            ("work/package.json", package),
            ("work/package-lock.json", lock),
        ],
    );
    desk.emulator.expect_other_hosts();
    let said = desk.client("ci --fetch-retries=0").failed();
    let _ = said.says(&["package-lock.json names", "no settings file names"]);
    for command in ["ls", "root -g", "completion", "prefix"] {
        let said = desk.client(command);
        assert!(!said.stderr.contains("codeartifact-npm:"), "{said:?}");
    }
    assert!(desk.emulator.journal().aws().is_empty());
}
