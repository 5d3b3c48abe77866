//! `codeartifact setup` for the Python clients: the client works right after it, with no variable and no flag; what
//! was there is kept; and undoing gives the files back to the byte.

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
fn pip_installs_right_after_it() {
    let desk = newcomer("pip");
    let before = "[install]\nprogress-bar = off\n\n[global]\n# mine\nindex-url = https://example.com/simple\ntimeout = 60\n";
    let outcome = desk.sets_up(&["pip", "acme"], PIP_CONF, Some(before));
    was_tested(&outcome);
    let _ = outcome.says(&["index-url was https://example.com/simple"]);
    let kept = desk
        .sandbox
        .run("pip", &["config", "list"])
        .succeeded()
        .stdout;
    assert!(
        kept.contains("global.timeout='60'") && kept.contains("install.progress-bar='off'"),
        "{kept}"
    );
    let _ = desk
        .pip(&["--no-input", "install", "my-package"])
        .succeeded();
    desk.imports(GREETS, GREETING);
    desk.assert_tokens(1);
}

/// A new virtual environment brings the pip of its Python. Each that can ask a keyring command does, with one request
/// more than it has packages for the name and the file.
#[test]
fn every_pip_that_can_ask_installs_right_after_it() {
    let desk = newcomer("pip");
    let _ = desk.setup(&["pip", "acme"]).succeeded();
    for pip in ["pip-23", "pip-23.2", "pip-24", "pip-25", "pip-26.1", "pip"] {
        desk.sandbox.client(pip, "pip");
        let python = virtual_environment(&desk.sandbox, pip);
        let install = ["--python", &python, "--no-input", "install", "my-package"];
        let _ = desk.sandbox.run("pip", &install).succeeded();
        desk.runs(&python, GREETS, GREETING);
    }
    desk.assert_tokens(1);
}

/// One that cannot ask is tried all the same, and told what works with it; that does.
#[test]
fn an_old_pip_is_told_what_works_with_it() {
    for pip in ["pip-21", "pip-22.0", "pip-22"] {
        let desk = newcomer("pip");
        desk.sandbox.client(pip, "pip");
        let _ = desk.setup(&["pip", "acme"]).exited(1).says(&[
            "asked no keyring: pip asks a keyring command since 23.1",
            "hint: `codeartifact exec -- pip install",
        ]);
        let python = virtual_environment(&desk.sandbox, pip);
        let copy = concat!(env!("CARGO_MANIFEST_DIR"), "/../.clients/");
        let packages = format!("{copy}{pip}/lib");
        let version = fs::read_dir(packages).unwrap().next().unwrap().unwrap();
        let packages = version.path().join("site-packages").display().to_string();
        let install = ["exec", "--connection", "acme", "--", "env"];
        let path = format!("PYTHONPATH={packages}");
        let pip = [
            &path,
            &python,
            "-m",
            "pip",
            "install",
            "--no-input",
            "my-package",
        ];
        desk.sandbox.link("env", Path::new("/usr/bin/env"));
        let _ = desk
            .sandbox
            .run("codeartifact", &[&install[..], &pip].concat())
            .succeeded();
        desk.runs(&python, GREETS, GREETING);
    }
}

/// The environment's own pip is tried beside the one on PATH.
#[test]
fn the_pip_of_the_active_environment_is_tried_too() {
    let mut desk = newcomer("pip");
    let _ = desk
        .sandbox
        .run("python3", &["-m", "venv", "own"])
        .succeeded();
    let venv = desk.sandbox.path("work/own").display().to_string();
    desk.sandbox.set("VIRTUAL_ENV", venv);
    let outcome = desk.setup(&["pip", "acme"]).succeeded();
    let told = outcome.stdout.matches("seen: pip ").count();
    assert_eq!(told, 2, "{outcome:?}");
    assert!(
        outcome
            .stdout
            .contains(" (venv) asks my-repo with our token"),
        "{outcome:?}"
    );
}

/// Also when nothing was there, and for the virtual environment alone.
#[test]
fn pip_in_a_new_file_and_in_an_environment() {
    let mut desk = newcomer("pip");
    let _ = desk.sets_up(&["pip", "acme"], PIP_CONF, None);
    let _ = desk.setup(&["pip", "--undo"]).succeeded();
    let _ = desk
        .setup(&["pip", "acme", "--project"])
        .exited(3)
        .says(&["no project"]);
    desk.sandbox.set(
        "VIRTUAL_ENV",
        desk.sandbox.path("work/venv").display().to_string(),
    );
    let _ = desk.sets_up(
        &["pip", "--project", "--url", PYPI],
        "work/venv/pip.conf",
        None,
    );
    let _ = desk
        .pip(&["--no-input", "install", "my-package"])
        .succeeded();
    desk.imports(GREETS, GREETING);
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

#[test]
fn poetry_installs_and_publishes_right_after_it() {
    let mut desk = newcomer("pip");
    take_a_wheel(&desk);
    desk.with_library(
        "poetry",
        "import sys\nfrom poetry.console.application import main\nsys.exit(main())",
    );
    desk.sandbox.set("POETRY_VIRTUALENVS_IN_PROJECT", "true");
    let project = "[project]\nname = \"my-program\"\nversion = \"1.0.0\"\nrequires-python = \">=3.9\"\ndependencies = [\"my-package\"]\n\n[tool.poetry]\npackage-mode = false\n";
    was_tested(&desk.sets_up(
        &["poetry", "acme", "--project"],
        "work/pyproject.toml",
        Some(project),
    ));
    let _ = desk.sandbox.run("poetry", &["install"]).succeeded();
    desk.greets_in("work");

    let config = "home/.config/pypoetry/config.toml";
    let before = "[virtualenvs]\nin-project = true\n";
    let _ = desk.sets_up(&["poetry", "--url", RELEASES], config, Some(before));
    desk.sandbox.write(
        "work/pyproject.toml",
        "[project]\nname = \"my-package\"\nversion = \"1.0.0\"\n",
    );
    let publish = [
        "publish",
        "--no-interaction",
        "--repository",
        "my-releases",
        "--dist-dir",
        "wheels",
    ];
    let _ = desk.sandbox.run("poetry", &publish).succeeded();
    desk.assert_published();
}

#[test]
fn pdm_installs_and_publishes_right_after_it() {
    let mut desk = newcomer("pdm");
    take_a_wheel(&desk);
    desk.sandbox.set("PDM_CHECK_UPDATE", "false");
    let config = "home/.config/pdm/config.toml";
    was_tested(&desk.sets_up(
        &["pdm", "acme"],
        config,
        Some("[pypi]\nverify_ssl = true\n"),
    ));
    let project = "[project]\nname = \"my-program\"\nversion = \"1.0.0\"\nrequires-python = \">=3.9\"\ndependencies = [\"my-package\"]\n\n[tool.pdm]\ndistribution = false\n";
    desk.sandbox.write("work/pyproject.toml", project);
    let _ = desk.sandbox.run("pdm", &["install"]).succeeded();
    let _ = desk.setup(&["pdm", "--undo"]).succeeded();
    // For the project alone, and to publish to another repository.
    let _ = desk.sets_up(
        &["pdm", "acme", "--project"],
        "work/pyproject.toml",
        Some(project),
    );
    let _ = desk.sandbox.run("pdm", &["lock"]).succeeded();
    let _ = desk.setup(&["pdm", "--url", RELEASES]).succeeded();
    fs::rename(
        desk.sandbox.path("work/wheels"),
        desk.sandbox.path("work/dist"),
    )
    .unwrap();
    let publish = ["publish", "--no-build", "--repository", "my-releases"];
    let _ = desk.sandbox.run("pdm", &publish).succeeded();
    desk.assert_published();
}

#[test]
fn twine_publishes_right_after_it() {
    let mut desk = newcomer("pip");
    take_a_wheel(&desk);
    desk.with_library(
        "twine",
        "import sys\nfrom twine.__main__ import main\nsys.exit(main())",
    );
    let before = "[distutils]\nindex-servers =\n    pypi\n    other\n\n[other]\nrepository = https://example.com/\nusername = me";
    was_tested(&desk.sets_up(&["twine", "--url", RELEASES], "home/.pypirc", Some(before)));
    let upload = ["upload", "--non-interactive", "--repository", "my-releases"];
    let wheel = "wheels/my_package-1.0.0-py3-none-any.whl";
    let _ = desk
        .sandbox
        .run("twine", &[&upload[..], &[wheel]].concat())
        .succeeded();
    desk.assert_published();
}

/// Its uploads heed no proxy, so they go to the emulator's own port, as to a host of the user's that is mapped.
#[test]
fn hatch_publishes_right_after_it() {
    let mut desk = newcomer("pip");
    take_a_wheel(&desk);
    desk.with_library(
        "hatch",
        "import sys\nfrom hatch.cli import main\nsys.exit(main())",
    );
    let port = desk
        .emulator
        .address()
        .rsplit_once(':')
        .unwrap()
        .1
        .to_owned();
    let mapped = format!("localhost:{port}");
    let config = desk.sandbox.read("home/.config/codeartifact/config.toml");
    let hosts = format!("{config}\n[hosts]\n\"{mapped}\" = \"{RELEASES}\"\n");
    desk.sandbox
        .write("home/.config/codeartifact/config.toml", &hosts);
    let config = "home/.config/hatch/config.toml";
    let url = RELEASES.replace("https://", &format!("https://{mapped}/h/"));
    let outcome = desk.sets_up(
        &["hatch", "--url", RELEASES],
        config,
        Some("mode = \"local\"\n"),
    );
    // The trial bends its connections, which nothing of its own settings does.
    let seen = outcome.stdout.lines().last().unwrap();
    assert!(seen.starts_with("seen: hatch 1"), "{outcome:?}");
    assert!(seen.contains("with our token ("), "{outcome:?}");
    let through = desk.sandbox.read(config).replace(RELEASES, &url);
    desk.sandbox.write(config, &through);
    desk.sandbox.set(
        "HATCH_INDEX_CA_CERT",
        desk.sandbox.path("emulator/ca.pem").display().to_string(),
    );
    desk.sandbox.write(
        "work/pyproject.toml",
        "[project]\nname = \"my-package\"\nversion = \"1.0.0\"\n",
    );
    let publish = ["publish", "--no-prompt", "--repo", "my-releases", "wheels"];
    let _ = desk.sandbox.run("hatch", &publish).succeeded();
    desk.emulator.journal().all_answered("pypi:publish", &[200]);
}

/// A library that lacks the back end: the command that mends it is told.
#[test]
fn twine_without_the_back_end_is_told() {
    let desk = newcomer("pip");
    desk.sandbox.link(
        "twine",
        Path::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/.clients/twine/bin/twine"
        )),
    );
    let _ = desk
        .setup(&["twine", "--url", RELEASES])
        .exited(1)
        .says(&["pipx inject twine ./codeartifact_keyring-….whl"]);
}

/// Something to publish, in `work/wheels`, before anything is set up.
pub(crate) fn take_a_wheel(desk: &Desk) {
    let keyring = desk.sandbox.path("bin/keyring");
    desk.sandbox
        .link("keyring", &desk.sandbox.path("watch/keyring"));
    desk.take_a_wheel();
    fs::remove_file(keyring).unwrap();
}
