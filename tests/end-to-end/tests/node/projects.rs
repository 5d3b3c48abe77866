//! Projects as they are: token lines that need a variable, lock files, files in other places, machines that forbid writing.

use std::fs;
use std::time::{Duration, Instant};

use super::*;
use clients::{BUN, NPM_11, PNPM, YARN, YARN_1};

pub(super) const TOKEN_LINE: &str =
    "//my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/:_authToken";

/// The file with what setups have replaced.
const KEPT: &str = "home/.local/state/codeartifact/setups.json";

impl Desk {
    pub(super) fn npmrc(&self, more: &str) {
        let text = format!("registry={NPM}\n{more}\n");
        self.sandbox.write("work/.npmrc", &text);
        let package = r#"{"name": "work", "version": "1.0.0", "private": true}"#;
        self.sandbox.write("work/package.json", package);
    }

    pub(super) fn yarnrc(&self, text: &str) {
        self.sandbox
            .write("work/.yarnrc.yml", &text.replace("NPM", NPM));
        self.sandbox.write("work/yarn.lock", "");
        let package = r#"{"name": "work", "version": "1.0.0", "private": true}"#;
        self.sandbox.write("work/package.json", package);
    }

    pub(super) fn shims(&self) {
        let _ = self.types("codeartifact setup npm --no-test").succeeded();
    }

    /// Returns how many seconds a command of the client takes.
    pub(super) fn times(&self, command: &str) -> f64 {
        let began = Instant::now();
        let _ = self.client(command).succeeded();
        began.elapsed().as_secs_f64()
    }
}

/// The form that most projects have committed, because their CI sets the variable.
#[test]
fn a_token_line_of_the_project_gets_its_variable() {
    for client in [NPM_11, PNPM, YARN_1, BUN] {
        for line in [TOKEN_LINE.to_owned(), TOKEN_LINE.replace("/:", ":")] {
            let desk = Desk::with(client);
            let always = TOKEN_LINE.replace("_authToken", "always-auth=true");
            desk.npmrc(&format!("{line}=${{CODEARTIFACT_AUTH_TOKEN}}\n{always}"));
            let add = format!("{} {} my-package", client.command, client.add);
            desk.shims();
            for before in [
                "",
                "codeartifact-npm exec -- ",
                "codeartifact exec --connection acme -- ",
            ] {
                let _ = fs::remove_dir_all(desk.sandbox.path("work/node_modules"));
                let _ = desk.types(&format!("{before}{add}")).succeeded();
            }
            assert_eq!(desk.emulator.journal().mints(), 1);
        }
    }
}

/// It cannot be helped, so the link says it before npm fails.
#[test]
fn a_literal_token_of_the_project_is_told_with_its_line() {
    let desk = Desk::with(NPM_11);
    desk.shims();
    for value in ["eyJ-stale", ""] {
        desk.npmrc(&format!("{TOKEN_LINE}={value}"));
        let told = desk
            .client("view my-package")
            .failed()
            .says(&["work/.npmrc:2"]);
        assert_eq!(
            told.stderr.matches("codeartifact-npm:").count(),
            1,
            "{told:?}"
        );
    }
}

#[test]
fn yarn_without_the_plugin_gets_it_by_a_variable() {
    let rows = [
        "npmRegistryServer: \"NPM\"\n",
        "npmAlwaysAuth: true\nnpmRegistryServer: 'NPM'\nnpmAuthToken: ${CODEARTIFACT_AUTH_TOKEN}\n",
        "npmAlwaysAuth: true\nnpmRegistryServer: NPM\nnpmRegistries:\n  \"NPM\":\n    npmAlwaysAuth: true\n    npmAuthToken: eyJ-stale\n",
    ];
    for text in rows {
        for before in [
            "",
            "codeartifact-npm exec -- ",
            "codeartifact exec --connection acme -- ",
        ] {
            let desk = Desk::with(YARN);
            desk.yarnrc(&format!("enableGlobalCache: false\n{text}"));
            desk.shims();
            let _ = desk.types(&format!("{before}yarn --version")).succeeded();
            let _ = desk
                .types(&format!("{before}yarn add my-package"))
                .succeeded();
            assert_eq!(desk.emulator.journal().mints(), 1, "{text}");
        }
    }
}

/// `yarn config set` writes the file anew, without our marks.
#[test]
fn yarns_plugin_goes_after_the_file_was_rewritten() {
    let desk = Desk::with(YARN);
    desk.yarnrc("npmRegistryServer: \"NPM\"\nenableGlobalCache: false\n");
    let _ = desk.types("codeartifact setup yarn --no-test").succeeded();
    let _ = desk
        .types("yarn config set enableTelemetry false")
        .succeeded();
    let rewritten = desk.sandbox.read("work/.yarnrc.yml");
    assert!(
        !rewritten.contains("# >>>") && rewritten.contains("plugins:"),
        "{rewritten}"
    );
    let kept = desk.sandbox.read(KEPT);
    let plugin = desk.sandbox.path("work/.yarn/plugins/codeartifact.cjs");
    let _ = desk.types("codeartifact setup yarn --undo").succeeded();
    let undone = desk.sandbox.read("work/.yarnrc.yml");
    assert!(
        !undone.contains("plugins") && !undone.contains("npmAlwaysAuth"),
        "{undone}"
    );
    assert!(!plugin.exists() && kept.contains("npmAlwaysAuth"));
    // Where nothing is kept of it, as on another machine, what may be the user's stays.
    desk.sandbox.write("work/.yarnrc.yml", &rewritten);
    let undone = desk.types("codeartifact setup yarn --undo").succeeded();
    let _ = undone.says(&["npmAlwaysAuth and stays"]);
    assert!(!desk.sandbox.read("work/.yarnrc.yml").contains("plugins"));
}

/// `npm config set` writes the file anew, without our marks; what is kept of the setup still finds our lines. Where nothing
/// is kept, a line may be the user's as well: it stays, and is told.
#[test]
fn a_scope_without_marks_is_found_or_told() {
    let setup = "codeartifact setup npm acme --scope @my-scope --no-test";
    let desk = Desk::with(NPM_11);
    let before = format!("@my-scope:registry={PUBLIC}\n");
    for is_kept in [true, false] {
        desk.sandbox.write("home/.npmrc", &before);
        let _ = desk.types(setup).succeeded();
        let _ = desk.types("npm config set audit false").succeeded();
        let rewritten = desk.sandbox.read("home/.npmrc");
        assert!(!rewritten.contains("# >>>"), "{rewritten}");
        if !is_kept {
            fs::remove_file(desk.sandbox.path(KEPT)).unwrap();
        }
        let undo = "codeartifact setup npm --undo";
        let _ = desk.types(undo).succeeded();
        let again = desk.types(undo).succeeded();
        if is_kept {
            assert!(desk.sandbox.read("home/.npmrc").contains(&before));
        } else {
            let _ = again.says(&["names CodeArtifact and stays"]);
        }
    }
}

/// `root` is asked by editors and shells all the time; AWS that cannot be reached is asked once a minute, for 5 s.
#[test]
fn links_are_quick_while_aws_hangs() {
    let desk = Desk::with(NPM_11);
    desk.npmrc("");
    desk.shims();
    desk.emulator.fault(r#"{"fault":"hang","action":"sts"}"#);
    desk.sandbox
        .write_program("bin/npm", "#!/bin/sh\necho \"$*\"\n");
    for (command, limit) in [("view x", 7.0), ("view x", 1.0), ("ls", 1.0)] {
        let took = desk.times(command);
        assert!(took < limit, "{command}: {took}");
    }
    // The quickest of some, as the machine does other things beside.
    for command in ["root -g", "completion", "-s prefix"] {
        let times = (0..5).map(|_| desk.times(command));
        let quickest = times.fold(f64::MAX, f64::min);
        assert!(quickest < 0.1, "{command}: {quickest}");
    }
}

/// As in a container whose `.npmrc` is mounted: the file cannot be replaced. A device needs no rights to be one.
#[test]
fn a_file_that_cannot_be_written_costs_no_install() {
    let mut desk = Desk::with(NPM_11);
    desk.npmrc("");
    desk.sandbox.set("NPM_CONFIG_USERCONFIG", "/dev/null");
    desk.shims();
    let said = desk
        .client("install my-package")
        .succeeded()
        .says(&["handed over in memory"]);
    assert_eq!(
        said.stderr.matches("codeartifact-npm:").count(),
        1,
        "{said:?}"
    );
    let _ = desk
        .types("codeartifact-npm")
        .exited(3)
        .says(&["hint: ", "exec"]);
}

/// A version manager's line after ours puts its own npm first.
#[test]
fn a_link_that_is_not_first_is_told_with_the_winner() {
    let desk = Desk::with(NPM_11);
    desk.npmrc("");
    desk.shims();
    let shims = desk.sandbox.path("home/.local/share/codeartifact/shims");
    desk.sandbox.write(
        "home/.bashrc",
        &format!("export PATH=\"{}:$PATH\"\n", shims.display()),
    );
    let bin = desk.sandbox.path("bin");
    let behind = format!("PATH=\"{}:$PATH\"; ", bin.display());
    let winner = bin.join("npm").display().to_string();
    let _ = desk
        .types(&format!("{behind}codeartifact setup npm --no-test"))
        .succeeded()
        .says(&[&winner, ".bashrc:1"]);
    let _ = desk.types("codeartifact-npm").succeeded();
    let told = desk.types(&format!("{behind}codeartifact doctor npm"));
    assert!(told.stdout.contains(&winner), "{told:?}");
}

/// A lock file of a stranger's signs no call to AWS.
#[test]
fn a_lock_file_adds_no_domain() {
    let desk = Desk::with(NPM_11);
    desk.shims();
    let lock = format!(r#"{{"resolved": "{OTHER_DOMAIN}a/-/a-1.0.0.tgz"}}"#);
    desk.sandbox.write("work/package-lock.json", &lock);
    let described = format!(r#"{{"name": "p", "description": "{OTHER_DOMAIN}"}}"#);
    desk.sandbox.write("work/package.json", &described);
    let told = desk.types("codeartifact-npm").succeeded();
    let _ = told.says(&["package.json names", "no settings file names"]);
    let _ = desk.client("view my-package --fetch-retries=0 --registry=http://127.0.0.1:9/");
    assert!(desk.emulator.journal().aws().is_empty());
}

/// Of 4,000 packages with the port that CodeArtifact writes; unoptimized, and yet far from what it was (7.5 s).
#[test]
fn a_long_lock_file_is_no_matter() {
    let desk = Desk::with(NPM_11);
    desk.npmrc("");
    let root = NPM.replace("amazonaws.com", "amazonaws.com:443");
    let line = |number| format!("  resolved \"{root}p{number}/-/p-1.0.0.tgz#abc\"\n");
    let lock: String = (0..20_000).map(line).collect();
    desk.sandbox.write("work/yarn.lock", &lock);
    desk.sandbox
        .write("work/package-lock.json", &lock.replace('\n', " "));
    let _ = desk.types("codeartifact-npm").succeeded();
    let began = Instant::now();
    let _ = desk.types("codeartifact-npm --check").succeeded();
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn rush_and_a_check_that_finds_nothing() {
    let desk = Desk::with(NPM_11);
    let _ = desk
        .types("codeartifact-npm --check")
        .exited(3)
        .says(&["names a CodeArtifact registry"]);
    desk.sandbox.write("work/rush.json", "{}");
    desk.sandbox.write(
        "work/common/config/rush/.npmrc",
        &format!("registry={NPM}\n"),
    );
    desk.sandbox.write(
        "work/common/config/rush/.npmrc-publish",
        &format!("registry={RELEASES}\n"),
    );
    let _ = desk
        .types("codeartifact-npm --check")
        .exited(1)
        .says(&["my-repo", "my-releases"]);
    let _ = desk
        .types("codeartifact-npm && codeartifact-npm --check")
        .succeeded();
}

/// Corepack fetches the package manager itself, and knows a variable alone; the repository here has none of it.
#[test]
fn corepack_gets_its_token() {
    for line in ["codeartifact-npm exec -- pnpm --version", "pnpm --version"] {
        let mut desk = Desk::with(NPM_11);
        desk.sandbox.client("corepack", "pnpm");
        desk.sandbox
            .set("COREPACK_NPM_REGISTRY", NPM.trim_end_matches('/'));
        let manager = r#"{"name": "p", "packageManager": "pnpm@10.34.9"}"#;
        desk.sandbox.write("work/package.json", manager);
        desk.shims();
        let _ = desk.types(line).failed();
        let journal = desk.emulator.journal();
        let asked = journal.of("npm");
        assert!(
            !asked.is_empty() && asked.iter().all(|it| it.status == Some(404)),
            "{asked:#?}"
        );
        assert!(
            asked.iter().all(|it| it.authorization.is_some()),
            "{asked:#?}"
        );
    }
}
