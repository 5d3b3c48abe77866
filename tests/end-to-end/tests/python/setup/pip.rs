//! `setup pip`: with each pip, in the user's file and in an environment's.

use super::*;

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
