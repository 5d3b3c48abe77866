//! Python's clients.

use super::*;

const PROJECT: &str = "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \">=3.9\"\ndependencies = [\"my-package\"]\n";

fn pip_conf(machine: &Machine, index: &str) {
    let text = format!("[global]\nkeyring-provider = subprocess\nindex-url = {index}\n");
    machine.write("home/.config/pip/pip.conf", &text);
}

/// Only `pip install -r requirements.txt` finds it.
#[test]
fn an_index_in_requirements_txt_alone() {
    let mut machine = machine("pip", "pip");
    machine.write(
        "work/requirements.txt",
        "--extra-index-url=https://HOST/pypi/my-repo/simple/\n--index-url https://HOST/pypi/my-repo/simple/\nmy-package\n",
    );
    machine.sandbox.set("PIP_NO_INPUT", "1");
    let install = [
        "pip",
        "install",
        "--target=t",
        "--no-deps",
        "-r",
        "requirements.txt",
    ];
    machine.fails(
        "pip",
        &install,
        "PIP_NO_INPUT switches that off",
        "PIP_KEYRING_PROVIDER=subprocess",
    );
    machine.sandbox.set("PIP_KEYRING_PROVIDER", "subprocess");
    machine.works("pip", &install);
}

/// The URL that publishes is not the one that installs.
#[test]
fn an_index_without_simple() {
    let machine = machine("pip", "pip");
    pip_conf(&machine, "https://aws@HOST/pypi/my-repo/");
    let says = "asks my-repo with our token, but there is nothing at https://";
    machine.fails("pip", &PIP, says, "/pypi/my-repo/simple/, with `simple/`");
    pip_conf(&machine, INDEX);
    machine.works("pip", &PIP);
}

/// If no command has the name, `python -m pip` is pip.
#[test]
fn a_python_with_pip_and_no_command() {
    let mut machine = machine("pip", "pip");
    let made = ["-m", "venv", "venv"];
    let _ = machine.sandbox.run("python3", &made).succeeded();
    let programs = machine.sandbox.path("work/venv/bin");
    for program in std::fs::read_dir(&programs).unwrap() {
        let path = program.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.starts_with("pip") {
            std::fs::remove_file(&path).unwrap();
        }
    }
    std::fs::remove_file(machine.sandbox.path("bin/pip")).unwrap();
    let folders = [programs.clone(), machine.sandbox.path("bin")];
    let path = std::env::join_paths(folders).unwrap();
    machine.sandbox.set("PATH", path.to_str().unwrap());
    pip_conf(&machine, "https://HOST/pypi/my-repo/simple/");
    machine.sandbox.set("PIP_NO_INPUT", "1");
    machine.is_told("pip", "pip before 26.2", "https://aws@");
    pip_conf(&machine, INDEX);
    machine.is_content("pip");
    let python = programs.join("python3").display().to_string();
    let download = ["-m", "pip", "install", "--no-deps", "my-package"];
    let _ = machine.sandbox.run(&python, &download).succeeded();
}

/// uv takes a login for the files from a variable, even where its index page has another.
#[test]
fn a_password_of_a_variable_for_files() {
    let mut machine = machine("uv", "uv");
    machine.sandbox.set("UV_KEYRING_PROVIDER", "subprocess");
    let index = format!("acme={PYPI_OF_AWS}");
    machine.sandbox.set("UV_DEFAULT_INDEX", index);
    let install = [
        "uv",
        "pip",
        "install",
        "--no-cache",
        "--target=t",
        "--reinstall",
        "my-package",
    ];
    machine.works("uv", &install);
    machine.sandbox.set("UV_INDEX_ACME_PASSWORD", OLD);
    machine.fails(
        "uv",
        &install,
        "a token that ran out",
        "unset UV_INDEX_ACME_PASSWORD",
    );
}

/// uv refuses every command then, in its own words.
#[test]
fn two_indexes_of_one_name() {
    let machine = machine("uv", "uv");
    let index =
        "[[tool.uv.index]]\nname = \"acme\"\nurl = \"https://aws@HOST/pypi/my-repo/simple/\"\n";
    machine.write("work/pyproject.toml", &format!("{PROJECT}{index}{index}"));
    machine.fails("uv", &["uv", "lock"], "asks nobody: ", "");
}

/// The index stays without a login, because a template wrote it for another tool.
#[test]
fn an_index_of_the_users_own_file() {
    let machine = machine("uv", "uv");
    let index = "[[index]]\nname = \"codeartifact\"\nurl = \"https://HOST/pypi/my-repo/simple/\"\ndefault = true\n";
    machine.write("home/.config/uv/uv.toml", index);
    let install = [
        "uv",
        "pip",
        "install",
        "--no-cache",
        "--target=t",
        "my-package",
    ];
    machine.fails(
        "uv",
        &install,
        "asks no keyring for the index codeartifact",
        "authenticate = \"always\"",
    );
    let always = format!("keyring-provider = \"subprocess\"\n{index}authenticate = \"always\"\n");
    machine.write("home/.config/uv/uv.toml", &always);
    machine.works("uv", &install);
}

#[test]
fn pdm_without_a_user_and_with_one() {
    let machine = machine("pdm", "pdm");
    let config = |url: &str| format!("[pypi]\nurl = \"{url}\"\n");
    machine.write("work/pyproject.toml", PROJECT);
    machine.write(
        "home/.config/pdm/config.toml",
        &config("https://aws:OLD@HOST/pypi/my-repo/simple/"),
    );
    machine.is_told("pdm", "a token that ran out", "");
    machine.write("home/.config/pdm/config.toml", &config(INDEX));
    machine.works("pdm", &["pdm", "lock"]);
}

/// Each project's sources are one list, and a name may be in it once.
#[test]
fn poetry_with_a_name_that_is_taken() {
    let machine = machine("poetry", "poetry");
    let source = "[[tool.poetry.source]]\nname = \"acme\"\nurl = \"https://HOST/pypi/my-repo/simple/\"\npriority = \"primary\"\n";
    machine.write("work/pyproject.toml", &format!("{PROJECT}{source}{source}"));
    machine.fails("poetry", &["poetry", "lock"], "asks nobody: ", "");
}

#[test]
fn a_stale_password_of_poetrys_variable() {
    let mut machine = machine("poetry", "poetry");
    let source = "[[tool.poetry.source]]\nname = \"acme\"\nurl = \"https://HOST/pypi/my-repo/simple/\"\npriority = \"primary\"\n";
    machine.write("work/pyproject.toml", &format!("{PROJECT}{source}"));
    machine
        .sandbox
        .set("POETRY_HTTP_BASIC_ACME_USERNAME", "aws");
    machine.sandbox.set("POETRY_HTTP_BASIC_ACME_PASSWORD", OLD);
    machine.fails(
        "poetry",
        &["poetry", "lock"],
        "a token that ran out",
        "unset POETRY_HTTP_BASIC_ACME_PASSWORD",
    );
}

/// The URL that installs is not the one that publishes.
#[test]
fn an_upload_to_the_index() {
    let mut machine = machine("twine", "twine");
    let pypirc = "[distutils]\nindex-servers = acme\n[acme]\nrepository = https://HOST/pypi/my-repo/simple/\nusername = aws\n";
    machine.write("home/.pypirc", pypirc);
    machine.sandbox.set("TWINE_PASSWORD", token(&machine));
    machine.is_told(
        "twine",
        "but there is nothing at",
        "the URL to publish to is",
    );
}

/// A client that publishes is tried as well: the stand-in takes the upload.
#[test]
fn stale_passwords_of_those_that_publish() {
    let mut machine = machine("twine", "twine");
    machine.sandbox.client("hatch", "hatch");
    let pypirc = "[distutils]\nindex-servers = acme\n[acme]\nrepository = https://HOST/pypi/my-repo/\nusername = aws\n";
    machine.write("home/.pypirc", pypirc);
    let repo = "[publish.index.repos.acme]\nurl = \"https://HOST/pypi/my-repo/\"\nuser = \"aws\"\n";
    machine.write("home/.config/hatch/config.toml", repo);
    for (client, variable) in [("twine", "TWINE_PASSWORD"), ("hatch", "HATCH_INDEX_AUTH")] {
        machine.sandbox.set(variable, OLD);
        let hint = format!("unset {variable}");
        machine.is_told(client, "a token that ran out", &hint);
        machine.sandbox.set(variable, token(&machine));
        machine.is_content(client);
        machine.sandbox.unset(variable);
        machine.is_told(client, "finds no codeartifact-keyring", "inject");
    }
}

/// Nothing at all counts as a password, and what set it is named. uv asks its keyring all the same.
#[test]
fn an_empty_password_of_a_variable() {
    let mut machine = machine("pdm", "pdm");
    machine.sandbox.client("twine", "twine");
    machine.write("work/pyproject.toml", PROJECT);
    let config = format!("[pypi]\nurl = \"{INDEX}\"\n");
    machine.write("home/.config/pdm/config.toml", &config);
    let pypirc = "[distutils]\nindex-servers = acme\n[acme]\nrepository = https://HOST/pypi/my-repo/\nusername = aws\n";
    machine.write("home/.pypirc", pypirc);
    machine.sandbox.set("PDM_PYPI_USERNAME", "aws");
    for (client, variable) in [("pdm", "PDM_PYPI_PASSWORD"), ("twine", "TWINE_PASSWORD")] {
        machine.sandbox.set(variable, "");
        let says = format!("no password: {variable} is empty");
        machine.is_told(client, &says, &format!("unset {variable}"));
    }
}

/// An environment as conda lays it out, whose own keyring comes first: pip passes over that, and uv does not.
#[test]
fn a_keyring_of_condas_environment() {
    let mut machine = machine("uv", "uv");
    let made = ["-m", "venv", "env"];
    let _ = machine.sandbox.run("python3", &made).succeeded();
    machine.write("work/env/conda-meta/history", "");
    let prefix = machine.sandbox.path("work/env");
    let keyring = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../.clients/keyring/bin/keyring"
    );
    std::os::unix::fs::symlink(keyring, prefix.join("bin/keyring")).unwrap();
    let folders = [prefix.join("bin"), machine.sandbox.path("bin")];
    let path = std::env::join_paths(folders).unwrap();
    machine.sandbox.set("PATH", path.to_str().unwrap());
    machine
        .sandbox
        .set("CONDA_PREFIX", prefix.display().to_string());
    machine.write(
        "work/env/pip.conf",
        &format!("[global]\nkeyring-provider = subprocess\nindex-url = {INDEX}\n"),
    );
    let pip = prefix.join("bin/pip").display().to_string();
    machine.works("pip", &[&pip, "install", "--no-deps", "my-package"]);
    machine.sandbox.set("UV_KEYRING_PROVIDER", "subprocess");
    machine.sandbox.set("UV_DEFAULT_INDEX", PYPI_OF_AWS);
    let install = [
        "uv",
        "pip",
        "install",
        "--no-cache",
        "--target=t",
        "my-package",
    ];
    let says = "env/bin/keyring, which is not codeartifact-keyring";
    machine.fails("uv", &install, says, "leave that environment");
}
