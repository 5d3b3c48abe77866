//! Tests of what people do all day, with each client: set up once, then it installs, publishes and runs as if no registry
//! asked for a token.

use std::fs;

use super::*;
use clients::{BUN, CLIENTS, NPM_11, YARN_1};

/// The lines of [`USERS_NPMRC`] that are not a CodeArtifact token.
fn users_other_lines() -> String {
    let lines = USERS_NPMRC.split_inclusive('\n');
    lines
        .filter(|line| !line.contains("eyJ-yesterday"))
        .collect()
}

impl Desk {
    /// A project that reads all its packages from the customer's repository.
    fn project(&self, registry: &str) {
        let (file, text) = match self.client.folder {
            "yarn" => (
                "work/.yarnrc.yml",
                format!("nodeLinker: node-modules\nnpmRegistryServer: {registry}\n"),
            ),
            _ => ("work/.npmrc", format!("registry={registry}\n")),
        };
        self.sandbox.write(file, &text);
        self.package("work", r#""dependencies": {"my-package": "^1.0.0"}"#);
    }

    /// A package in a folder, private unless it says where it is published.
    fn package(&self, folder: &str, more: &str) {
        let name = folder.rsplit('/').next().unwrap();
        let text = format!(r#"{{"name": "{name}", "version": "2.0.0", "license": "MIT", {more}}}"#);
        self.sandbox.write(&format!("{folder}/package.json"), &text);
        let lock = format!("{folder}/yarn.lock");
        if self.client.folder == "yarn" && !self.sandbox.path(&lock).exists() {
            // Without a lock file of its own, Yarn 2+ takes it for a part of the project above.
            self.sandbox.write(&lock, "");
        }
    }

    fn set_up(&self) {
        let line = format!("codeartifact setup {}", self.client.setup);
        let _ = self.types(&line).succeeded();
    }

    /// As after a checkout on a new machine: the lock file is there, no package and no cache is.
    fn forget_packages(&self) {
        for folder in [
            "work/node_modules",
            "home/.npm",
            "home/.cache",
            "home/.bun",
            "home/.yarn",
        ] {
            let _ = fs::remove_dir_all(self.sandbox.path(folder));
        }
        let _ = fs::remove_dir_all(self.sandbox.path("home/.local/share/pnpm"));
    }

    #[track_caller]
    fn greets(&self) {
        let greet = "console.log(require('my-package').greet('Ada'))";
        let said = self.sandbox.run("node", &["-e", greet]).succeeded();
        assert_eq!(said.stdout.trim_end(), GREETING);
    }

    /// Every request for a package had the token, one was enough, and the host of the files saw none.
    #[track_caller]
    fn assert_tokens(&self, minted: usize) {
        let journal = self.emulator.journal();
        for entry in journal
            .of("npm")
            .iter()
            .filter(|entry| entry.host.ends_with("amazonaws.com"))
        {
            let scheme = entry.authorization.as_ref().map(|it| it.scheme.as_str());
            assert_eq!(scheme, Some("Bearer"), "{entry:#?}");
            assert_ne!(entry.status, Some(401), "{entry:#?}");
        }
        let others = journal
            .0
            .iter()
            .filter(|entry| !entry.host.ends_with("amazonaws.com") || entry.action == "asset");
        for entry in others {
            assert!(entry.authorization.is_none(), "{entry:#?}");
        }
        assert_eq!(journal.mints(), minted, "{:#?}", journal.aws());
    }

    /// An undo takes what we have written, and what was there before stays to the byte.
    #[track_caller]
    fn undo(&self) {
        let undo = format!("codeartifact setup {} --undo", self.client.setup);
        let _ = self.types(&undo).succeeded();
        let _ = self.types("codeartifact logout").succeeded();
        assert_eq!(self.sandbox.read("home/.npmrc"), users_other_lines());
    }
}

#[test]
fn a_day_from_the_first_install_to_publishing() {
    for client in CLIENTS {
        let desk = Desk::with(client);
        desk.project(NPM);
        desk.set_up();
        let _ = desk.client("install").succeeded();
        desk.greets();
        let lock = desk.sandbox.read(&format!("work/{}", client.lock));

        desk.forget_packages();
        let _ = desk.client(client.ci).succeeded();
        desk.greets();
        assert_eq!(desk.sandbox.read(&format!("work/{}", client.lock)), lock);

        let _ = desk
            .client(&format!("{} @my-scope/my-package", client.add))
            .succeeded();
        assert!(
            desk.sandbox
                .read("work/package.json")
                .contains("@my-scope/my-package")
        );

        if !client.dlx.is_empty() {
            let said = desk
                .client(&format!("{} my-package Ada", client.dlx))
                .succeeded();
            assert!(said.stdout.contains(GREETING), "{said:?}");
        }
        if !client.audit.is_empty() {
            // The repository has no advisories to give, and says so by 404.
            let _ = desk.client(client.audit);
            desk.emulator.journal().all_answered("npm:audit", &[404]);
        }
        desk.publishes();
        desk.assert_tokens(1);
        desk.undo();
    }
}

impl Desk {
    fn publishes(&self) {
        let more = format!(r#""publishConfig": {{"registry": "{RELEASES}"}}"#);
        self.package("work/release", &more);
        let (setup, publish) = (self.client.setup, self.client.publish);
        let command = self.client.command;
        // pnpm's helper is for one registry, and this one is new.
        let line = format!("cd release; codeartifact setup {setup} && {command} {publish}");
        let _ = self.types(&line).succeeded();
        self.emulator.journal().all_answered("npm:publish", &[200]);
    }
}

#[test]
fn a_lock_file_of_before_the_repository_moved() {
    // Those of the others name no registry.
    for client in [NPM_11, YARN_1, BUN] {
        let desk = Desk::with(client);
        desk.project(OLD_NPM);
        desk.set_up();
        let _ = desk.client("install").succeeded();

        desk.project(NPM);
        desk.forget_packages();
        desk.set_up();
        let _ = desk.client(client.ci).succeeded();
        desk.greets();
        desk.assert_tokens(1);
    }
}

/// The scopes of two companies, each in its own domain, and the public registry for the rest: it sees no token.
#[test]
fn workspaces_of_two_domains_and_the_public_registry() {
    for client in CLIENTS {
        let desk = Desk::with(client);
        desk.workspaces();
        desk.set_up();
        let _ = desk.client("install").succeeded();
        let script = "for (const name of ['@my-scope/my-package', '@globex/farewell', 'punctuation']) require(name)";
        let run = format!("cd packages/app; node -e \"{script}\"");
        let _ = desk.types(&run).succeeded();
        desk.assert_tokens(2);
        desk.undo();
    }
}

impl Desk {
    fn workspaces(&self) {
        let scopes = [("my-scope", NPM), ("globex", OTHER_DOMAIN)];
        let (file, text) = match self.client.folder {
            "yarn" => {
                let entry = |(scope, url)| format!("  {scope}:\n    npmRegistryServer: {url}\n");
                let scopes: String = scopes.map(entry).concat();
                let default = format!("nodeLinker: node-modules\nnpmRegistryServer: {PUBLIC}\n");
                ("work/.yarnrc.yml", format!("{default}npmScopes:\n{scopes}"))
            }
            _ => {
                let entry = |(scope, url)| format!("@{scope}:registry={url}\n");
                (
                    "work/.npmrc",
                    format!("registry={PUBLIC}\n{}", scopes.map(entry).concat()),
                )
            }
        };
        self.sandbox.write(file, &text);
        self.sandbox
            .write("work/pnpm-workspace.yaml", "packages:\n  - packages/*\n");
        self.package("work", r#""private": true, "workspaces": ["packages/*"]"#);
        let dependencies = r#""dependencies": {"@my-scope/my-package": "^1.0.0", "@globex/farewell": "^1.0.0", "punctuation": "^1.0.0"}"#;
        let app = format!(r#"{{"name": "app", "version": "1.0.0", {dependencies}}}"#);
        self.sandbox.write("work/packages/app/package.json", &app);
    }
}

/// No connection is configured, and none is needed: the project's own `.npmrc` says which repository it reads.
#[test]
fn exec_takes_the_registries_that_the_project_names() {
    let mut desk = Desk::with(NPM_11);
    desk.sandbox.set("CODEARTIFACT_CONFIG", "/dev/null");
    let exec = "codeartifact exec -- npm root";
    let refused = desk.types(exec).exited(2);
    let _ = refused.says(&["which repositories?"]);
    desk.project(NPM);
    let _ = desk.types(exec).succeeded();
}

/// A hostile project holds nobody up: a pipe would be waited for, and `/dev/zero` read, for ever.
#[test]
fn files_without_an_end_are_passed_over() {
    let desk = Desk::with(NPM_11);
    for folder in ["home", "work"] {
        for name in ["package-lock.json", "bunfig.toml"] {
            std::os::unix::fs::symlink("/dev/zero", desk.sandbox.path(&format!("{folder}/{name}")))
                .unwrap();
        }
    }
    for name in ["package.json", ".yarnrc.yml", "pnpm-lock.yaml", "yarn.lock"] {
        let pipe = desk.sandbox.path(&format!("work/{name}"));
        assert!(
            std::process::Command::new("mkfifo")
                .arg(pipe)
                .status()
                .unwrap()
                .success()
        );
    }
    desk.sandbox
        .write("work/.npmrc", &format!("registry={NPM}\n"));
    let began = std::time::Instant::now();
    let _ = desk.types("codeartifact-npm").succeeded();
    assert!(began.elapsed() < std::time::Duration::from_secs(5));
}
