//! Configurations of public projects, each as its own scripts or files leave it, with other names: set up, the client
//! works at once, and `--undo` gives the file back. Where a variable of theirs wins, it is named.

mod poetry;

use codeartifact_end_to_end::fixture::PYPI;

use crate::existing::{PROJECT, STALE};
use crate::setup::{newcomer, was_tested};
use crate::shapes::with_poetry;
use crate::{Desk, GREETING, GREETS, RELEASES};

const PIP_CONF: &str = "home/.config/pip/pip.conf";
const FILE: &str = "work/pyproject.toml";

fn stale() -> String {
    PYPI.replace("https://", &format!("https://aws:{STALE}@"))
}

impl Desk {
    fn pip_installs(&self) {
        let install = ["--no-input", "install", "--force-reinstall", "my-package"];
        let _ = self.pip(&install).succeeded();
        self.imports(GREETS, GREETING);
    }
}

/// A Dockerfile or a build server: `pip config set` by pip itself, of which the index stays behind in the image.
#[test]
fn an_index_that_pip_has_set() {
    let desk = newcomer("pip");
    for key in ["global.index-url", "global.extra-index-url"] {
        let url = stale();
        let url = url.trim_end_matches('/');
        let _ = desk
            .sandbox
            .run("pip", &["config", "set", key, url])
            .succeeded();
        let text = desk.sandbox.read(PIP_CONF);
        assert!(text.contains("eyJ"), "{text}");
        desk.completes(&["pip", "acme"], PIP_CONF, &text);
        desk.pip_installs();
        desk.sandbox.write(PIP_CONF, "");
    }
}

/// `.venv/pip.conf` by hand, and `pip config --site set`.
#[test]
fn an_index_of_an_environment_alone() {
    let mut desk = newcomer("pip");
    let venv = desk.sandbox.path("work/venv").display().to_string();
    desk.sandbox.set("VIRTUAL_ENV", venv);
    let file = "work/venv/pip.conf";
    let text = format!("[global]\nindex-url = {}\n", stale().trim_end_matches('/'));
    desk.completes(&["pip", "acme", "--project"], file, &text);
    desk.pip_installs();
}

/// A second requirements file with the token's variable in it, written by a script: what is told about it works.
#[test]
fn a_variable_in_a_requirements_file() {
    let mut desk = newcomer("pip");
    let _ = desk.setup(&["pip", "acme"]).succeeded();
    let url = |user: &str| PYPI.replace("https://", &format!("https://{user}"));
    let index = |user: &str| format!("--index-url {}\n", url(user));
    let requirements = "-r index.txt\nmy-package\n";
    desk.sandbox.write("work/requirements.txt", requirements);
    desk.sandbox
        .write("work/index.txt", &index("aws:${CODEARTIFACT_AUTH_TOKEN}@"));
    let install = ["--no-input", "install", "-r", "requirements.txt"];
    for value in [None, Some(STALE)] {
        if let Some(value) = value {
            desk.sandbox.set("CODEARTIFACT_AUTH_TOKEN", value);
        }
        let _ = desk.pip(&install).failed();
        let told = desk.sandbox.run("codeartifact", &["doctor", "pip"]).stdout;
        let says = "index.txt:1 takes the password from CODEARTIFACT_AUTH_TOKEN";
        let hint = format!("hint: write {} there", url("aws@"));
        assert!(told.contains(says) && told.contains(&hint), "{told}");
        assert!(!told.contains("eyJ"), "{told}");
    }
    desk.sandbox.write("work/index.txt", &index("aws@"));
    let _ = desk.pip(&install).succeeded();
    desk.imports(GREETS, GREETING);
    let _ = desk
        .sandbox
        .run("codeartifact", &["doctor", "pip"])
        .succeeded();
}

/// uv reads no variable there, so the project never worked; and the older spelling of the same URL.
#[test]
fn a_variable_in_an_index_of_uv() {
    let desk = newcomer("uv");
    for (user, explicit) in [
        ("aws:$CODEARTIFACT_AUTH_TOKEN@", "explicit = true\n"),
        ("aws:${CODEARTIFACT_AUTH_TOKEN}@", ""),
    ] {
        let url = PYPI.replace("https://", &format!("https://{user}"));
        let url = url.trim_end_matches("simple/");
        let text = format!(
            "{}\n[[tool.uv.index]]\nname = \"pypi-custom\"\nurl = \"{url}\"\n{explicit}\n[tool.uv.sources]\nnumbered-01 = {{ index = \"pypi-custom\" }}\n",
            PROJECT.replace("my-package", "numbered-01")
        );
        desk.completes(&["uv", "acme", "--project"], FILE, &text);
        let _ = desk.sandbox.run("uv", &["lock", "--no-cache"]).succeeded();
        std::fs::remove_file(desk.sandbox.path("work/uv.lock")).unwrap();
    }
}

/// A `uv.toml` beside `pyproject.toml`, in which the public index is the default one. uv takes no index out of it for the
/// packages that name one: that it says, and nothing changes.
#[test]
fn a_uv_toml_of_the_project() {
    let desk = newcomer("uv");
    let file = "work/uv.toml";
    let project = PROJECT.replace("my-package", "numbered-01");
    desk.sandbox.write(FILE, &project);
    let text = |explicit: &str| {
        format!(
            "# the public index is the baseline\n[[index]]\nname = \"pypi\"\nurl = \"https://pypi.org/simple\"\ndefault = true\n\n[[index]]\nname = \"team\"\nurl = \"{PYPI}\"\n{explicit}"
        )
    };
    desk.completes(&["uv", "acme", "--project"], file, &text(""));
    let _ = desk.sandbox.run("uv", &["sync", "--no-cache"]).succeeded();
    assert_eq!(desk.sandbox.read(FILE), project);

    let sources = "[tool.uv.sources]\nnumbered-01 = { index = \"team\" }\n";
    desk.sandbox.write(FILE, &format!("{project}\n{sources}"));
    let before = text("explicit = true\n");
    desk.sandbox.write(file, &before);
    let _ = desk.setup(&["uv", "acme", "--project"]).exited(1).says(&[
        "must be defined in the project's `pyproject.toml`",
        "uv.toml is as it was before",
    ]);
    assert_eq!(desk.sandbox.read(file), before);
}

/// A shell's start-up file: one index and one place to publish to, each with the token. Without them uv has its file.
#[test]
fn variables_of_uv_in_a_shells_file() {
    let mut desk = newcomer("uv");
    let root = PYPI.trim_end_matches("/simple/");
    let variables = [
        ("UV_DEFAULT_INDEX", stale()),
        ("UV_PUBLISH_URL", root.to_owned()),
        ("UV_PUBLISH_PASSWORD", STALE.to_owned()),
    ];
    for (name, value) in &variables {
        desk.sandbox.set(name, value);
    }
    let told = desk.setup(&["uv", "acme"]).exited(1);
    assert!(!format!("{told:?}").contains("eyJ"), "{told:?}");
    for (name, _) in &variables {
        let says = format!("{name} is set in the environment, which wins");
        assert!(told.stderr.contains(&says), "{told:?}");
    }
    let _ = told.says(&[
        "sends my-repo a token that ran out",
        "unset UV_DEFAULT_INDEX",
    ]);
    for (name, _) in &variables {
        desk.sandbox.unset(name);
    }
    was_tested(&desk.setup(&["uv", "acme"]).succeeded());
    let install = ["pip", "install", "--python", &desk.python, "my-package"];
    let _ = desk.sandbox.run("uv", &install).succeeded();
    desk.imports(GREETS, GREETING);
}

/// A script that writes `~/.pypirc` for each release, with one server alone.
#[test]
fn a_pypirc_that_a_script_writes() {
    let mut desk = newcomer("pip");
    crate::setup::take_a_wheel(&desk);
    desk.with_library(
        "twine",
        "import sys\nfrom twine.__main__ import main\nsys.exit(main())",
    );
    let text = format!(
        "[distutils]\nindex-servers =\n    store\n\n[store]\nrepository = {RELEASES}\nusername = aws\npassword = {STALE}\n"
    );
    desk.completes(&["twine", "--url", RELEASES], "home/.pypirc", &text);
    let upload = ["upload", "--non-interactive", "--repository", "store"];
    let wheel = "wheels/my_package-1.0.0-py3-none-any.whl";
    let _ = desk
        .sandbox
        .run("twine", &[&upload[..], &[wheel]].concat())
        .succeeded();
    desk.assert_published();
}

/// tox's own way to name an index, whose default is ours. `[testenv]` passes what AWS's credentials are in.
#[test]
fn an_index_in_tox_ini() {
    let desk = newcomer("pip");
    desk.sandbox.client("tox", "tox");
    desk.sandbox.write("work/greet.py", GREETS);
    let ini = format!(
        "[tox]\nno_package = true\nenv_list = a\n[testenv]\nskip_install = true\ndeps = my-package\npass_env = AWS_*, CODEARTIFACT_*, XDG_*, DBUS_*, *PROXY, *CA_BUNDLE, SSL_*, PIP_CERT\nset_env =\n    PIP_INDEX_URL = {{env:PIP_INDEX_URL:{}}}\ncommands = python greet.py\n",
        PYPI.replace("https://", "https://aws@")
    );
    desk.sandbox.write("work/tox.ini", &ini);
    let done = desk.setup(&["pip", "acme"]).succeeded();
    assert!(!done.stderr.contains("tox"), "{done:?}");
    let outcome = desk.sandbox.run("tox", &["run"]).succeeded();
    assert!(outcome.stdout.contains(GREETING), "{outcome:?}");
}

/// pipenv's mirror in a variable, beside pip's own file, each with a token. Told to ask the keyring, its pip does so once
/// the token of the mirror is refused.
#[test]
fn a_mirror_of_pipenv() {
    let mut desk = newcomer("pip");
    desk.sandbox.client("pipenv", "pipenv");
    for (name, value) in [("PIPENV_VENV_IN_PROJECT", "1"), ("PIPENV_NOSPIN", "1")] {
        desk.sandbox.set(name, value);
    }
    let pipfile = "[[source]]\nname = \"pypi\"\nurl = \"https://pypi.org/simple\"\nverify_ssl = true\n[packages]\nmy-package = \"*\"\n";
    desk.sandbox.write("work/Pipfile", pipfile);
    desk.sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    desk.sandbox.set("PIPENV_PYPI_MIRROR", stale());
    let text = format!("[global]\nindex-url = {}\n", stale());
    desk.completes(&["pip", "acme"], PIP_CONF, &text);
    let _ = desk.sandbox.run("pipenv", &["install"]).succeeded();
    desk.greets_in("work");
    assert!(!desk.sandbox.read("work/Pipfile.lock").contains("eyJ"));
    let _ = desk
        .sandbox
        .run("codeartifact", &["doctor", "pip"])
        .succeeded();
}
