//! pip and uv.

use std::os::unix::fs::symlink;

use super::*;

const PIP: [&str; 6] = [
    "pip",
    "install",
    "--no-deps",
    "--no-input",
    "--target=t",
    "my-package",
];
const INSTALL: [&str; 6] = [
    "uv",
    "pip",
    "install",
    "--no-cache",
    "--target=target",
    "my-package",
];
const PIP_CONF: &str = "home/.config/pip/pip.conf";

fn pip(folder: &str) -> Machine {
    let mut machine = Machine::with(folder, "pip");
    machine.sandbox.unset("PIP_CONFIG_FILE");
    machine.sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    machine
}

/// With settings that work, unless the test changes them.
fn uv() -> Machine {
    let mut machine = Machine::with("uv", "uv");
    machine.sandbox.set("UV_KEYRING_PROVIDER", "subprocess");
    machine.sandbox.set("UV_PYTHON_DOWNLOADS", "never");
    machine
}

/// pip learned to ask for a URL without a user name in 26.2, and to ask a keyring command in 23.1.
#[test]
fn an_older_pip_asks_nobody_for_a_url_without_a_user() {
    let mut machine = pip("pip-23");
    machine.sandbox.set("PIP_INDEX_URL", PYPI);
    let says = "asks my-repo with no credentials: asked no keyring: pip before 26.2";
    machine.fails("pip", &PIP, says, "https://aws@my-domain");
    machine.sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
    machine.works("pip", &PIP);

    let mut machine = pip("pip-21");
    machine.sandbox.unset("PIP_KEYRING_PROVIDER");
    machine.sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
    machine.fails("pip", &PIP, "a keyring command since 23.1", "--upgrade pip");
}

#[test]
fn a_newer_pip_asks_for_any() {
    let mut machine = pip("pip");
    for index in [PYPI, PYPI_OF_AWS] {
        machine.sandbox.set("PIP_INDEX_URL", index);
        machine.works("pip", &PIP);
    }
}

/// The pip of the active environment, beside the one on PATH.
#[test]
fn an_environment_has_a_pip_of_its_own() {
    let mut machine = pip("pip");
    machine.sandbox.set("PIP_INDEX_URL", PYPI);
    let _ = machine
        .sandbox
        .run("python3", &["-m", "venv", "venv"])
        .succeeded();
    let venv = machine.sandbox.path("work/venv").display().to_string();
    machine.sandbox.set("VIRTUAL_ENV", venv);
    let rows = machine.rows("pip");
    assert_eq!(rows[0]["label"], "pip 26.3");
    assert_eq!(rows[0]["state"], "ok");
    let label = rows[1]["label"].as_str().unwrap();
    assert!(label.ends_with(" (venv)"), "{rows:#?}");
    machine.is_told("pip", "asked no keyring: pip before 26.2", "https://aws@");
}

#[test]
fn a_stale_token_in_pips_file() {
    let machine = pip("pip");
    machine.write(
        PIP_CONF,
        "[global]\nindex-url = https://aws:OLD@HOST/pypi/my-repo/simple/\n",
    );
    let says = "pip.conf:2 holds a token that ran out";
    machine.fails("pip", &PIP, says, "take it out");
    machine.is_told("pip", "sends my-repo a token that ran out", "take it out");
    machine.write(
        PIP_CONF,
        "[global]\nindex-url = https://HOST/pypi/my-repo/simple/\n",
    );
    machine.works("pip", &PIP);
}

#[test]
fn a_file_that_pip_refuses() {
    let machine = pip("pip");
    let twice = "[global]\nindex-url = https://HOST/pypi/my-repo/simple/\n[global]\ntimeout = 60\n";
    machine.write(PIP_CONF, twice);
    machine.fails("pip", &PIP, "asks nobody: ", "");
}

#[test]
fn a_file_that_takes_the_place_of_the_users() {
    let mut machine = pip("pip");
    machine.write(
        PIP_CONF,
        "[global]\nindex-url = https://HOST/pypi/my-repo/simple/\n",
    );
    machine.write("work/ci.conf", "[global]\ntimeout = 60\n");
    machine.sandbox.set("PIP_CONFIG_FILE", "ci.conf");
    machine.is_told(
        "pip",
        "asks the public Python index, not my-repo: PIP_CONFIG_FILE wins over ",
        "unset PIP_CONFIG_FILE",
    );
}

/// `[install]` of any file wins over `[global]` of every other.
#[test]
fn a_section_of_a_weaker_file_that_wins() {
    let machine = pip("pip");
    machine.write(
        PIP_CONF,
        "[global]\nindex-url = https://HOST/pypi/my-repo/simple/\n",
    );
    machine.write(
        "home/.pip/pip.conf",
        "[install]\nindex-url = https://example.com/simple\n",
    );
    machine.is_told(
        "pip",
        "asks https://example.com, not my-repo",
        "codeartifact setup pip",
    );
}

/// The trial installs into its own folder, whatever the user's settings lead installs to.
#[test]
fn settings_that_lead_installs_elsewhere() {
    for folder in ["pip", "pip-23"] {
        let mut machine = pip(folder);
        machine.sandbox.set("PIP_INDEX_URL", PYPI_OF_AWS);
        let elsewhere = machine.sandbox.path("elsewhere");
        let elsewhere = elsewhere.display().to_string();
        machine.sandbox.set("PYTHONUSERBASE", elsewhere.as_str());
        for (name, value) in [
            ("PIP_USER", "1"),
            ("PIP_PREFIX", elsewhere.as_str()),
            ("PIP_ROOT", &elsewhere),
            ("PIP_TARGET", &elsewhere),
        ] {
            machine.sandbox.set(name, value);
            machine.is_content("pip");
            machine.sandbox.unset(name);
            assert!(!machine.sandbox.path("elsewhere").exists(), "{name}");
        }
    }
}

#[test]
fn uv_asks_for_an_index_with_a_user() {
    let mut machine = uv();
    machine.sandbox.set("UV_DEFAULT_INDEX", PYPI_OF_AWS);
    machine.works("uv", &INSTALL);
}

#[test]
fn a_stale_token_in_a_variable_of_uv() {
    let mut machine = uv();
    machine
        .sandbox
        .set("UV_DEFAULT_INDEX", format!("acme={PYPI}"));
    machine.sandbox.set("UV_INDEX_ACME_USERNAME", "aws");
    machine.sandbox.set("UV_INDEX_ACME_PASSWORD", OLD);
    let says = "sends my-repo a token that ran out";
    machine.fails("uv", &INSTALL, says, "unset UV_INDEX_ACME_PASSWORD");
    machine.sandbox.unset("UV_INDEX_ACME_PASSWORD");
    machine.works("uv", &INSTALL);
}

/// A project may depend on `keyring`, and its environment comes first on PATH.
#[test]
fn a_keyring_of_the_environment_in_front_of_ours() {
    let mut machine = uv();
    machine.sandbox.set("UV_DEFAULT_INDEX", PYPI_OF_AWS);
    machine.sandbox.write("work/venv/bin/python", "");
    let keyring = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../.clients/keyring/bin/keyring"
    );
    symlink(keyring, machine.sandbox.path("work/venv/bin/keyring")).unwrap();
    let path = ["work/venv/bin", "bin"].map(|folder| machine.sandbox.path(folder));
    let path = std::env::join_paths(path).unwrap();
    machine.sandbox.set("PATH", path.to_str().unwrap());
    let says = "venv/bin/keyring, which is not codeartifact-keyring";
    machine.fails("uv", &INSTALL, says, "leave that environment");
}

#[test]
fn another_user_than_codeartifacts() {
    let mut machine = uv();
    machine.sandbox.set(
        "UV_DEFAULT_INDEX",
        PYPI.replace("https://", "https://__token__@"),
    );
    machine.fails(
        "uv",
        &INSTALL,
        "for the user __token__; CodeArtifact wants aws",
        "",
    );
}

const PROJECT: &str = "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \">=3.8\"\ndependencies = [\"my-package\"]\n";

/// The commonest shape in public repositories: only the packages that name the index come from it.
#[test]
fn a_projects_own_index_that_is_not_authenticated() {
    let machine = uv();
    let index = "url = \"https://HOST/pypi/my-repo/simple/\"\n";
    let own = format!(
        "{PROJECT}[tool.uv.sources]\nmy-package = {{ index = \"private\" }}\n[[tool.uv.index]]\nname = \"private\"\n{index}explicit = true\n"
    );
    machine.write("work/pyproject.toml", &own);
    machine.fails(
        "uv",
        &["uv", "lock"],
        "for the index private",
        "authenticate = \"always\"",
    );
    machine.write(
        "work/pyproject.toml",
        &(own + "authenticate = \"always\"\n"),
    );
    // Its other dependencies are of the public index, which no test asks.
    machine.is_content("uv");
}

/// uv reads a workspace's indexes from its root, wherever it is started.
#[test]
fn a_member_of_a_workspace() {
    let machine = uv();
    let root = "[tool.uv.workspace]\nmembers = [\"work\"]\n[[tool.uv.index]]\nurl = \"https://HOST/pypi/my-repo/simple/\"\ndefault = true\n";
    machine.write("pyproject.toml", root);
    machine.write("work/pyproject.toml", PROJECT);
    machine.fails(
        "uv",
        &["uv", "lock"],
        "asks my-repo with no credentials",
        "",
    );
    machine.write(
        "pyproject.toml",
        &root.replace("https://HOST", "https://aws@HOST"),
    );
    machine.works("uv", &["uv", "lock"]);
}
