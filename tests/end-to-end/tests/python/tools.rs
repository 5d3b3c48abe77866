//! The wheel installed as a tool, by uv and by pipx: which `keyring` command the machine has then, and whose it is.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use codeartifact_end_to_end::Outcome;
use codeartifact_end_to_end::fixture::{PYPI, PYPI_OF_AWS};

use crate::wheel::{REPOSITORY, WHEEL};
use crate::{Desk, GREETING, GREETS};

/// The library's command comes along, too.
const WITH_THE_LIBRARYS: [&str; 2] = ["--with-executables-from", "keyring"];

/// A machine without any `keyring`, whose tools go to `~/.local/bin`.
fn desk() -> Desk {
    let mut desk = Desk::with("uv", "uv");
    for (client, command) in [("pip", "pip"), ("pipx", "pipx")] {
        desk.sandbox.client(client, command);
    }
    fs::remove_file(desk.sandbox.path("bin/keyring")).unwrap();
    let folders = ["links", "home/.local/bin", "bin"].map(|it| desk.sandbox.path(it));
    let path = std::env::join_paths(folders).unwrap();
    desk.sandbox.set("PATH", path.to_str().unwrap());
    desk.sandbox.unset("PYTHON_KEYRING_BACKEND");
    desk.sandbox.set("UV_PYTHON_DOWNLOADS", "never");
    for variable in ["UV_KEYRING_PROVIDER", "PIP_KEYRING_PROVIDER"] {
        desk.sandbox.set(variable, "subprocess");
    }
    desk
}

impl Desk {
    /// Runs what installs a tool, which finds the library's wheels in a folder and asks no registry.
    fn installs(&mut self, installer: &str, arguments: &[&str]) -> Outcome {
        let wheels = format!("{REPOSITORY}/tests/.clients/wheels");
        let offline = ["PIP_NO_INDEX", "UV_OFFLINE"].map(|it| (it, "1".to_owned()));
        let found = ["PIP_FIND_LINKS", "UV_FIND_LINKS"].map(|it| (it, wheels.clone()));
        let variables = [offline, found].concat();
        for (name, value) in &variables {
            self.sandbox.set(name, value);
        }
        let outcome = self.sandbox.run(installer, arguments);
        for (name, _) in variables {
            self.sandbox.unset(name);
        }
        outcome
    }

    /// The wheel, as a tool of uv's.
    fn installs_by_uv(&mut self, more: &[&str]) -> Outcome {
        let install = ["tool", "install", &wheel()];
        self.installs("uv", &[&install, more].concat())
    }

    fn tool(&self, name: &str, arguments: &[&str]) -> Outcome {
        let tool = self.sandbox.path("home/.local/bin").join(name);
        self.sandbox.run(&tool.display().to_string(), arguments)
    }

    /// pip and uv find a `keyring` on PATH that answers, and install.
    #[track_caller]
    fn pip_and_uv_install(&self) {
        let install = ["install", "--no-input", "--index-url", PYPI];
        let _ = self
            .pip(&[&install[..], &["my-package"]].concat())
            .succeeded();
        self.imports(GREETS, GREETING);
        let _ = self.pip(&["uninstall", "--yes", "my-package"]).succeeded();
        let index = ["--no-cache", "--default-index", PYPI_OF_AWS, "my-package"];
        let install = ["pip", "install", "--python", &self.python];
        let _ = self
            .sandbox
            .run("uv", &[install, index].concat())
            .succeeded();
        self.imports(GREETS, GREETING);
        self.assert_tokens(1);
    }

    fn tools(&self) -> Vec<String> {
        let entries = fs::read_dir(self.sandbox.path("home/.local/bin")).unwrap();
        let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }
}

/// The programs that our wheel brings, in order.
const OF_THE_WHEEL: [&str; 3] = ["codeartifact", "codeartifact-aws", "codeartifact-keyring"];

/// The library's command, with our back end in it.
#[test]
fn uv_tool_brings_keyring_for_pip_and_uv() {
    let mut desk = desk();
    let _ = desk.installs_by_uv(&WITH_THE_LIBRARYS).succeeded();
    assert_eq!(desk.tools(), [&OF_THE_WHEEL[..], &["keyring"]].concat());
    desk.pip_and_uv_install();
}

/// Our own command under that name: no Python starts.
#[test]
fn link_to_the_tool_is_a_keyring_for_pip_and_uv() {
    let mut desk = desk();
    let _ = desk.installs_by_uv(&[]).succeeded();
    assert_eq!(desk.tools(), OF_THE_WHEEL);
    let tool = desk.sandbox.path("home/.local/bin/codeartifact-keyring");
    fs::create_dir(desk.sandbox.path("links")).unwrap();
    symlink(tool, desk.sandbox.path("links/keyring")).unwrap();
    desk.pip_and_uv_install();
}

/// Each comes and goes without the other, and the library's command answers for us once we are injected.
#[test]
fn pipx_keeps_the_librarys_own_command_beside_ours() {
    let mut desk = desk();
    let _ = desk.installs_by_uv(&[]).succeeded();
    let _ = desk.installs("pipx", &["install", "keyring"]).succeeded();
    assert_eq!(desk.tools(), [&OF_THE_WHEEL[..], &["keyring"]].concat());
    let _ = desk.tool("keyring", &["get", PYPI, "aws"]).failed();
    let _ = desk
        .installs("pipx", &["inject", "keyring", &wheel()])
        .succeeded();
    desk.pip_and_uv_install();
    let _ = desk
        .installs("uv", &["tool", "uninstall", "codeartifact-keyring"])
        .succeeded();
    assert_eq!(desk.tools(), ["keyring"]);
    let _ = desk.tool("keyring", &["get", PYPI, "aws"]).succeeded();
}

/// Whoever has a `keyring` already keeps it.
#[test]
fn uv_tool_takes_nobodys_keyring_away() {
    let mut desk = desk();
    let _ = desk.installs("pipx", &["install", "keyring"]).succeeded();
    let refused = desk.installs_by_uv(&WITH_THE_LIBRARYS).failed();
    assert!(refused.stderr.contains("keyring"), "{}", refused.stderr);
    let venv = Path::new("home/.local/share/pipx/venvs/keyring/bin/keyring");
    let link = fs::read_link(desk.sandbox.path("home/.local/bin/keyring")).unwrap();
    assert_eq!(link, desk.sandbox.path(venv.to_str().unwrap()));
}

fn wheel() -> String {
    WHEEL.display().to_string()
}
