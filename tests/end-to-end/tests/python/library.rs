//! The clients that ask Python's keyring library, with the wheel beside them; and pdm, which also takes the command.

use std::fs;

use codeartifact_end_to_end::fixture::PYPI;

use crate::{Desk, GREETING, GREETS, RELEASES};

/// A project that is not itself installed; each client reads its own table of indexes.
const PROJECT: &str = r#"
[project]
name = "my-program"
version = "1.0.0"
requires-python = ">=3.9"
dependencies = ["my-package"]

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "my-repo"
url = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/"

[tool.pdm]
distribution = false

[[tool.pdm.source]]
name = "pypi"
url = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/"
"#;

/// Installs the project with `PROGRAM ARGUMENTS install AT project`, and uses what it needs.
#[track_caller]
fn installs_project(desk: &mut Desk, client: &[&str], at: &str) {
    desk.sandbox.set("POETRY_VIRTUALENVS_IN_PROJECT", "true");
    desk.sandbox.set("PDM_CHECK_UPDATE", "false");
    desk.sandbox.write("work/project/pyproject.toml", PROJECT);
    let arguments = [&client[1..], &["install", at, "project"]].concat();
    let _ = desk.sandbox.run(client[0], &arguments).succeeded();
    desk.greets_in("work/project");
}

/// The first mode that pip had; the newest still has it.
#[test]
fn pip_imports() {
    for client in ["pip-21", "pip"] {
        let mut desk = Desk::with("pip", "pip");
        let python = desk.with_wheel_beside(&[client, "keyring"]);
        let install = [
            "-m",
            "pip",
            "install",
            "--target",
            "here",
            "--index-url",
            PYPI,
            "my-package",
        ];
        let _ = desk.sandbox.run(&python, &install).succeeded();
        desk.sandbox.set(
            "PYTHONPATH",
            desk.sandbox.path("work/here").display().to_string(),
        );
        desk.imports(GREETS, GREETING);
        assert_eq!(
            desk.asked(),
            Vec::<String>::new(),
            "{client}: by the library"
        );
        desk.assert_tokens(1);
    }
}

#[test]
fn poetry_installs_and_publishes() {
    let mut desk = Desk::with("pip", "pip");
    desk.take_a_wheel();
    let python = desk.with_wheel_beside(&["poetry"]);
    installs_project(&mut desk, &[&python, "-m", "poetry"], "--directory");
    desk.sandbox.write(
        "work/pyproject.toml",
        "[project]\nname = \"my-package\"\nversion = \"1.0.0\"\n",
    );
    desk.sandbox
        .set("POETRY_REPOSITORIES_MY_RELEASES_URL", RELEASES);
    let publish = [
        "-m",
        "poetry",
        "publish",
        "--no-interaction",
        "--repository",
        "my-releases",
        "--dist-dir",
        "wheels",
    ];
    let _ = desk.sandbox.run(&python, &publish).succeeded();
    assert_eq!(
        desk.asked().len(),
        1,
        "pip alone took the command: {:?}",
        desk.asked()
    );
    desk.assert_published();
}

#[test]
fn pdm_installs_by_library() {
    let mut desk = Desk::with("pip", "pip");
    let python = desk.with_wheel_beside(&["pdm", "keyring"]);
    installs_project(&mut desk, &[&python, "-m", "pdm"], "--project");
    assert_eq!(desk.asked(), Vec::<String>::new());
    desk.assert_tokens(1);
}

#[test]
fn pdm_installs_and_publishes_by_command() {
    let mut desk = Desk::with("pdm", "pdm");
    desk.take_a_wheel();
    installs_project(&mut desk, &["pdm"], "--project");
    assert_eq!(
        desk.asked().last().unwrap(),
        &format!("--mode=creds get {PYPI} ")
    );
    let wheels = desk.sandbox.path("work/wheels");
    fs::rename(wheels, desk.sandbox.path("work/project/dist")).unwrap();
    let publish = [
        "publish",
        "--no-build",
        "--project",
        "project",
        "--repository",
        RELEASES,
    ];
    let _ = desk.sandbox.run("pdm", &publish).succeeded();
    assert_eq!(
        desk.asked().last().unwrap(),
        &format!("--mode=creds get {RELEASES} ")
    );
    desk.assert_published();
}

/// twine asks for the user first, then for the password.
#[test]
fn twine_publishes() {
    let mut desk = Desk::with("pip", "pip");
    desk.take_a_wheel();
    let python = desk.with_wheel_beside(&["twine"]);
    let upload = [
        "-m",
        "twine",
        "upload",
        "--non-interactive",
        "--repository-url",
        RELEASES,
    ];
    let wheel = "wheels/my_package-1.0.0-py3-none-any.whl";
    let _ = desk
        .sandbox
        .run(&python, &[&upload[..], &[wheel]].concat())
        .succeeded();
    desk.assert_published();
}

/// Its uploads heed no proxy, so only its own look-up is run here: with a user given, it asks for the URL.
#[test]
fn hatch_finds_the_password() {
    const LOOK_UP: &str = "
import sys
from pathlib import Path
from hatch.publish.auth import AuthenticationCredentials

options = {'user': 'aws', 'no_prompt': True}
found = AuthenticationCredentials(None, Path('nowhere'), options, 'my-releases', {'url': sys.argv[1]})
print(found.password)";
    let mut desk = Desk::with("pip", "pip");
    let python = desk.with_wheel_beside(&["hatch"]);
    let found = desk
        .sandbox
        .run(&python, &["-c", LOOK_UP, RELEASES])
        .succeeded()
        .stdout;
    let kept = desk
        .sandbox
        .run("keyring", &["get", PYPI, "aws"])
        .succeeded()
        .stdout;
    assert_eq!(found, kept);
    desk.assert_tokens(1);
}
