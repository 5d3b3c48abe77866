//! Tools that run pip in environments of their own making: each works after `setup pip` alone, or is told what it needs
//! in a line, and works with that.

use std::path::Path;

use codeartifact_end_to_end::Outcome;
use codeartifact_end_to_end::fixture::PYPI;

use crate::setup::newcomer;
use crate::{Desk, GREETING, GREETS};

/// A machine on which nothing but `setup pip` was run, with some more commands of the system's.
fn set_up(tools: &[(&str, &str)]) -> Desk {
    let desk = newcomer("pip");
    for (client, command) in tools {
        desk.sandbox.client(client, command);
    }
    for command in ["realpath", "dirname", "env", "git"] {
        let program = Path::new("/usr/bin").join(command);
        if program.exists() {
            desk.sandbox.link(command, &program);
        }
    }
    let _ = desk.setup(&["pip", "acme"]).succeeded();
    desk
}

/// A project whose wheel is built by the private package.
pub(crate) fn needs_the_package_to_build(desk: &Desk) {
    desk.sandbox.write(
        "work/pyproject.toml",
        "[build-system]\nrequires = [\"my-package\"]\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n\
         [project]\nname = \"q\"\nversion = \"1\"\n",
    );
    let backend = include_str!("backend_of_wheel.py");
    desk.sandbox.write("work/backend.py", backend);
}

#[test]
fn build() {
    let desk = set_up(&[("build", "pyproject-build")]);
    needs_the_package_to_build(&desk);
    let outcome = desk
        .sandbox
        .run("pyproject-build", &["--wheel"])
        .succeeded();
    assert!(outcome.stdout.contains(GREETING), "{outcome:?}");
    desk.assert_tokens(1);
}

#[test]
fn nox() {
    let desk = set_up(&[("nox", "nox")]);
    let file = format!(
        "import nox\n@nox.session\ndef a(session):\n    session.install('my-package')\n    session.run('python', '-c', \"\"\"{GREETS}\"\"\")\n"
    );
    desk.sandbox.write("work/noxfile.py", &file);
    let outcome = desk.sandbox.run("nox", &[]).succeeded();
    assert!(format!("{outcome:?}").contains(GREETING), "{outcome:?}");
}

/// tox keeps what AWS's credentials are in from pip. With a profile or a sign-in on disk nothing is missing; with keys in
/// variables it is told before, and by the reason that pip does not show.
#[test]
fn tox() {
    let desk = set_up(&[("tox", "tox")]);
    let file = "[tox]\nno_package = true\nenv_list = a\n[testenv]\nskip_install = true\ndeps = my-package\nallowlist_externals = *\ncommands = python greet.py\n";
    desk.sandbox.write("work/greet.py", GREETS);
    desk.sandbox.write("work/tox.ini", file);
    let _ = desk
        .setup(&["pip", "acme"])
        .succeeded()
        .says(&["pass_env = AWS_*"]);
    let _ = desk.sandbox.run("tox", &["run"]).failed();
    let status = desk.sandbox.run("codeartifact", &["status"]);
    let told = format!("{status:?}");
    assert!(
        told.contains("no AWS_ variable is set here") && told.contains("tox (pass_env = AWS_*)"),
        "{told}"
    );

    let proxied = [
        "SSL_CERT_FILE",
        "HTTPS_PROXY",
        "REQUESTS_CA_BUNDLE",
        "PIP_CERT",
    ]
    .join(", ");
    let with = format!("{file}pass_env = AWS_*, CODEARTIFACT_*, XDG_*, DBUS_*, {proxied}\n");
    desk.sandbox.write("work/tox.ini", &with);
    let outcome = desk.sandbox.run("tox", &["run", "--recreate"]).succeeded();
    assert!(outcome.stdout.contains(GREETING), "{outcome:?}");
    let again = desk.setup(&["pip", "acme"]).succeeded();
    assert!(!again.stderr.contains("tox"), "{again:?}");
}

/// The hook's own package is built first, for which a repository has setuptools from the public index.
#[test]
fn pre_commit() {
    let mut desk = set_up(&[("pre-commit", "pre-commit")]);
    let wheels = concat!(env!("CARGO_MANIFEST_DIR"), "/../.clients/setuptools");
    desk.sandbox.set("PIP_FIND_LINKS", wheels);
    desk.sandbox.set("GIT_CONFIG_GLOBAL", "/dev/null");
    // Which looks for newer seeds on the public index.
    desk.sandbox.set("VIRTUALENV_NO_PERIODIC_UPDATE", "1");
    let hook = "repos:\n- repo: local\n  hooks:\n  - id: greet\n    name: greet\n    language: python\n    additional_dependencies: [my-package]\n    entry: python greet.py\n    always_run: true\n    pass_filenames: false\n    verbose: true\n";
    desk.sandbox.write("work/.pre-commit-config.yaml", hook);
    desk.sandbox.write("work/greet.py", GREETS);
    for arguments in [&["init", "--quiet"][..], &["add", "greet.py"]] {
        let _ = desk.sandbox.run("git", arguments).succeeded();
    }
    let outcome = desk
        .sandbox
        .run("pre-commit", &["run", "--all-files"])
        .succeeded();
    assert!(outcome.stdout.contains(GREETING), "{outcome:?}");
}

/// It puts a pip.conf of its own in the place of the user's. A variable for the token in the URL, as public projects have it,
/// is no obstacle where it is not set.
#[test]
fn pipenv() {
    let mut desk = set_up(&[("pipenv", "pipenv")]);
    let file = |source: &str| {
        format!(
            "[[source]]\nname = \"acme\"\nurl = \"{source}\"\nverify_ssl = true\n[packages]\nmy-package = \"*\"\n"
        )
    };
    desk.sandbox.write("work/Pipfile", &file(PYPI));
    for (name, value) in [("PIPENV_VENV_IN_PROJECT", "1"), ("PIPENV_NOSPIN", "1")] {
        desk.sandbox.set(name, value);
    }
    let _ = desk
        .setup(&["pip", "acme"])
        .succeeded()
        .says(&["set PIP_KEYRING_PROVIDER=subprocess"]);
    desk.sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    let _ = desk.sandbox.run("pipenv", &["install"]).succeeded();
    desk.greets_in("work");
    assert!(!desk.sandbox.read("work/Pipfile.lock").contains("eyJ"));

    let variable = "https://aws:${CODEARTIFACT_AUTH_TOKEN}@";
    let source = PYPI.replace("https://", variable);
    desk.sandbox.write("work/Pipfile", &file(&source));
    let _ = desk.sandbox.run("pipenv", &["lock"]).succeeded();
    let lock = desk.sandbox.read("work/Pipfile.lock");
    assert!(lock.contains(variable) && !lock.contains("eyJ"), "{lock}");
}

/// It installs by uv where uv is on PATH.
#[test]
fn pipx() {
    let desk = set_up(&[("pipx", "pipx"), ("uv", "uv")]);
    let _ = desk
        .setup(&["pip", "acme"])
        .succeeded()
        .says(&["run `codeartifact setup uv` as well"]);
    let _ = desk.setup(&["uv", "acme"]).succeeded();
    let _ = desk
        .sandbox
        .run("pipx", &["install", "my-package"])
        .succeeded();
    let tool = desk.sandbox.path("home/.local/bin/my-package");
    let said = desk
        .sandbox
        .run(&tool.display().to_string(), &["Ada"])
        .succeeded();
    assert_eq!(said.stdout.trim_end(), GREETING);
}

/// What both put into an environment of theirs first.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../.clients/seeds");

/// By its other way, which needs no setup of uv.
#[test]
fn pipx_by_pip() {
    let mut desk = set_up(&[("pipx", "pipx"), ("uv", "uv")]);
    desk.sandbox.set("PIP_FIND_LINKS", SEEDS);
    let install = ["install", "--backend", "pip", "my-package"];
    let _ = desk.sandbox.run("pipx", &install).succeeded();
    let tool = desk.sandbox.path("home/.local/bin/my-package");
    let tool = tool.display().to_string();
    let said = desk.sandbox.run(&tool, &["Ada"]).succeeded();
    assert_eq!(said.stdout.trim_end(), GREETING);
}

/// It resolves in an environment of its own; what it then asks about each package is of the public index.
#[test]
fn pip_audit() {
    let mut desk = set_up(&[("pip-audit", "pip-audit")]);
    desk.sandbox.set("PIP_FIND_LINKS", SEEDS);
    desk.sandbox.write("work/requirements.txt", "my-package\n");
    let audit = ["--requirement", "requirements.txt", "--dry-run"];
    // Of all clients it takes the longest: it makes an environment, and then replaces the pip in that.
    let mut command = desk.sandbox.command("pip-audit");
    let outcome = Outcome::from(command.args(audit).output().unwrap());
    let _ = outcome.succeeded().says(&["would have audited 2 packages"]);
    desk.assert_tokens(1);
}

/// A notebook's magic runs the pip of its own environment.
#[test]
fn percent_pip() {
    let mut desk = set_up(&[("ipython", "ipython")]);
    let clients = concat!(env!("CARGO_MANIFEST_DIR"), "/../.clients");
    let pip = std::fs::read_dir(format!("{clients}/pip/lib")).unwrap();
    let pip = pip.map(|it| it.unwrap().path()).next().unwrap();
    let path = pip.join("site-packages").display().to_string();
    desk.sandbox.set("PYTHONPATH", path);
    let cell = format!(
        "%pip install --quiet --target here my-package\nimport sys; sys.path.insert(0, 'here')\n{GREETS}"
    );
    let outcome = desk
        .sandbox
        .run("ipython", &["--no-banner", "-c", &cell])
        .succeeded();
    assert!(outcome.stdout.contains(GREETING), "{outcome:?}");
}

/// An isolated build within pip, by a seed of virtualenv's: the inner pip reads the same file.
#[test]
fn a_source_package_is_built() {
    let desk = set_up(&[]);
    for pip in ["pip", "pip-23.2"] {
        desk.sandbox.client(pip, "pip");
        let install = [
            "install",
            "--no-input",
            "--force-reinstall",
            "my-source-package",
        ];
        let _ = desk.pip(&install).succeeded();
        desk.imports(
            "import my_source_package as it; print(it.built())",
            "Built from source",
        );
    }
    desk.assert_tokens(1);
}
