//! `codeartifact setup` for the Python clients: the client works right after it, with no variable and no flag; what
//! was there is kept; and undoing gives the files back to the byte.

mod pip;
mod publishers;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use codeartifact_end_to_end::Outcome;
use codeartifact_end_to_end::fixture::PYPI;

use crate::{Desk, GREETING, GREETS, RELEASES, virtual_environment};

const PIP_CONF: &str = "home/.config/pip/pip.conf";
const UV_TOML: &str = "home/.config/uv/uv.toml";
const LINK: &str = "home/.local/bin/keyring";

/// Somebody whose clients have not been told anything, and who has no `keyring`, but a folder for one on PATH.
pub(crate) fn newcomer(client: &str) -> Desk {
    let mut desk = Desk::with(client, client);
    fs::remove_file(desk.sandbox.path("bin/keyring")).unwrap();
    desk.sandbox.unset("PIP_CONFIG_FILE");
    desk.sandbox.unset("PYTHON_KEYRING_BACKEND");
    desk.sandbox.set("UV_PYTHON_DOWNLOADS", "never");
    let path = ["home/.local/bin", "bin"].map(|folder| desk.sandbox.path(folder));
    let path = std::env::join_paths(path).unwrap();
    desk.sandbox.set("PATH", path.to_str().unwrap());
    desk
}

impl Desk {
    pub(crate) fn setup(&self, arguments: &[&str]) -> Outcome {
        self.sandbox
            .run("codeartifact", &[&["setup"], arguments].concat())
    }

    /// Sets up, undoes, and compares; leaves it set up.
    #[track_caller]
    pub(crate) fn sets_up(&self, arguments: &[&str], file: &str, before: Option<&str>) -> Outcome {
        if let Some(text) = before {
            self.sandbox.write(file, text);
            let mode = Permissions::from_mode(0o640);
            fs::set_permissions(self.sandbox.path(file), mode).unwrap();
        }
        let now = || fs::read_to_string(self.sandbox.path(file)).ok();
        let with = |more: &str| self.setup(&[arguments, &[more]].concat()).succeeded();

        let shown = with("--dry-run").stdout;
        assert_eq!(now().as_deref(), before, "a dry run");
        let _ = with("--no-test");
        let after = now().unwrap();
        assert!(after.contains("# >>> codeartifact setup "), "{after}");
        for line in after
            .lines()
            .filter(|line| line.contains("https://my-domain"))
        {
            assert!(shown.contains(line.trim()), "{shown}");
        }
        assert_eq!(
            with("--no-test").stdout,
            format!("{}: nothing to change\n", arguments[0])
        );
        let _ = with("--undo");
        assert_eq!(now().as_deref(), before, "undone");
        assert!(!self.sandbox.path(LINK).exists(), "the link is gone, too");
        let outcome = self.setup(arguments).succeeded();
        assert_eq!(now().unwrap(), after);
        if before.is_some() {
            assert_eq!(self.sandbox.mode(file), 0o640);
        }
        outcome
    }

    /// A client that imports the keyring library, as pipx puts it on PATH, with the wheel beside it.
    pub(crate) fn with_library(&mut self, client: &str, main: &str) {
        let python = self.with_wheel_beside(&[client]);
        let script = format!("#!{python}\n{main}\n");
        let name = format!("work/tool/bin/{client}");
        self.sandbox.write(&name, &script);
        let script = self.sandbox.path(&name);
        fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
        self.sandbox.link(client, &script);
    }
}

#[track_caller]
pub(crate) fn was_tested(outcome: &Outcome) {
    let told = outcome.stdout.lines().last().unwrap();
    assert!(told.starts_with("seen: "), "{outcome:?}");
    assert!(told.contains(" with our token ("), "{outcome:?}");
}

#[test]
fn uv_installs_right_after_it() {
    let desk = newcomer("uv");
    let before = "# mine\noffline = false\n\n[pip]\nstrict = true\n";
    was_tested(&desk.sets_up(&["uv", "acme"], UV_TOML, Some(before)));
    let install = ["pip", "install", "--python", &desk.python, "my-package"];
    let _ = desk.sandbox.run("uv", &install).succeeded();
    desk.imports(GREETS, GREETING);
    desk.assert_tokens(1);
}

/// The project's own file, which its lock file agrees with.
#[test]
fn uv_locks_a_project_right_after_it() {
    let desk = newcomer("uv");
    let before = "[project]\nname = \"my-program\"\nversion = \"1.0.0\"\nrequires-python = \">=3.8\"\ndependencies = [\"my-package\"]\n\n[tool.uv]\npackage = false";
    let _ = desk.sets_up(
        &["uv", "acme", "--project"],
        "work/pyproject.toml",
        Some(before),
    );
    let _ = desk.sandbox.run("uv", &["lock"]).succeeded();
    let _ = desk.sandbox.run("uv", &["sync", "--locked"]).succeeded();
    let lock = desk.sandbox.read("work/uv.lock");
    assert!(lock.contains(PYPI.trim_end_matches('/')), "{lock}");
    desk.assert_tokens(1);
}

#[test]
fn the_link_stays_while_another_client_needs_it() {
    let desk = newcomer("pip");
    for client in ["pip", "uv"] {
        let _ = desk.setup(&[client, "acme", "--no-test"]).succeeded();
    }
    let _ = desk.setup(&["pip", "--undo"]).succeeded();
    assert!(desk.sandbox.path(LINK).exists());
    let _ = desk.setup(&["uv", "--undo"]).succeeded();
    assert!(!desk.sandbox.path(LINK).exists());
}

/// Somebody's own keyring is neither replaced nor hidden; nothing else is changed then.
#[test]
fn another_keyring_in_the_links_place_is_refused() {
    let desk = newcomer("pip");
    desk.sandbox.write(LINK, "#!/bin/sh\nexit 1\n");
    fs::set_permissions(desk.sandbox.path(LINK), Permissions::from_mode(0o755)).unwrap();
    let _ = desk.setup(&["pip", "acme"]).exited(3).says(&[
        "another keyring",
        "hint: `pipx inject keyring ./codeartifact_keyring-….whl`",
    ]);
    assert_eq!(desk.sandbox.read(LINK), "#!/bin/sh\nexit 1\n");
    assert!(!desk.sandbox.path(PIP_CONF).exists());
}

/// What is written is right, and AWS refuses: that is told, with the reason.
#[test]
fn a_setup_that_gets_no_token_says_so() {
    let mut desk = newcomer("pip");
    desk.sandbox.set("AWS_SECRET_ACCESS_KEY", "wrong");
    desk.sandbox
        .set("PIP_INDEX_URL", "https://example.com/simple");
    let _ = desk.setup(&["pip", "acme"]).exited(1).says(&[
        "seen: pip was not tried, because there is no token: ",
        "AWS: ",
        "\n  hint: ",
        "PIP_INDEX_URL is set in the environment, which wins",
    ]);
    assert!(desk.sandbox.path(PIP_CONF).exists());
}

/// Something to publish, in `work/wheels`, before anything is set up.
pub(crate) fn take_a_wheel(desk: &Desk) {
    let keyring = desk.sandbox.path("bin/keyring");
    desk.sandbox
        .link("keyring", &desk.sandbox.path("watch/keyring"));
    desk.take_a_wheel();
    fs::remove_file(keyring).unwrap();
}
