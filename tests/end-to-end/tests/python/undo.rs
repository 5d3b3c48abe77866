//! `--undo` and `uninstall` after somebody else has written the file: the client itself, which drops comments, or a
//! person. What is ours is known by what it is; what is not as we wrote it is told, and stays.

use std::fs;

use crate::existing::PROJECT;
use crate::setup::newcomer;
use crate::{Desk, RELEASES};

const PIP_CONF: &str = "home/.config/pip/pip.conf";

/// pip drops comments, our marks among them, when it writes its file.
#[test]
fn pip_has_rewritten_its_file() {
    let rows = [
        (None, "[global]\ntimeout = 60\n\n"),
        (
            Some("# mine\n[global]\nindex-url = https://aws:s3cret@example.com/simple\n"),
            "[global]\nindex-url = https://aws:s3cret@example.com/simple\ntimeout = 60\n\n",
        ),
        (
            Some("[install]\nno-deps = true\n"),
            "[install]\nno-deps = true\n\n[global]\ntimeout = 60\n\n",
        ),
    ];
    for (before, expected) in rows {
        let desk = newcomer("pip");
        if let Some(before) = before {
            desk.sandbox.write(PIP_CONF, before);
        }
        let _ = desk.setup(&["pip", "acme", "--no-test"]).succeeded();
        let set = ["config", "set", "global.timeout", "60"];
        let _ = desk.sandbox.run("pip", &set).succeeded();
        assert!(!desk.sandbox.read(PIP_CONF).contains('#'));
        let undone = desk.setup(&["pip", "--undo"]).succeeded();
        assert_eq!(desk.sandbox.read(PIP_CONF), expected);
        assert!(!format!("{undone:?}").contains("s3cret"), "{undone:?}");
    }
}

/// And has nothing else in it any more.
#[test]
fn a_file_that_setup_made_goes_though_pip_rewrote_it() {
    let desk = newcomer("pip");
    let _ = desk.setup(&["pip", "acme", "--no-test"]).succeeded();
    for arguments in [
        &["set", "global.timeout", "60"][..],
        &["unset", "global.timeout"],
    ] {
        let _ = desk
            .sandbox
            .run("pip", &[&["config"], arguments].concat())
            .succeeded();
    }
    let _ = desk.setup(&["pip", "--undo"]).succeeded();
    assert!(
        !desk.sandbox.path(PIP_CONF).exists(),
        "{}",
        desk.sandbox.read(PIP_CONF)
    );
}

/// A person has changed one of our lines and removed our marks: what cannot be known is told.
#[test]
fn a_person_has_changed_our_lines() {
    let desk = newcomer("pip");
    let _ = desk.setup(&["pip", "acme", "--no-test"]).succeeded();
    let text = desk.sandbox.read(PIP_CONF);
    let text: String = text
        .lines()
        .filter(|it| !it.starts_with('#'))
        .map(|it| format!("{it}\n"))
        .collect();
    let changed = text.replace("keyring-provider = subprocess", "keyring-provider = auto");
    desk.sandbox.write(PIP_CONF, &changed);
    let _ = desk.setup(&["pip", "--undo"]).succeeded().says(&[
        "pip.conf:3 names https://my-domain",
        "delete it if you do not want it",
    ]);
    assert_eq!(desk.sandbox.read(PIP_CONF), changed);
}

/// Lines that name CodeArtifact and are the user's own: an undo takes none of them, and asks for none to be deleted.
#[test]
fn there_was_no_setup() {
    let desk = newcomer("uv");
    let index = format!("[[tool.uv.index]]\nname = \"mine\"\nurl = \"{RELEASES}simple/\"\n");
    let text = format!("{PROJECT}\n{index}");
    desk.sandbox.write("work/pyproject.toml", &text);
    let undone = desk.setup(&["uv", "--project", "--undo"]).succeeded();
    let _ = undone.says(&["and stays: no setup known here wrote it"]);
    let undone = desk.setup(&["uv", "--project", "--undo"]);
    assert!(!undone.stderr.contains("delete"), "{undone:?}");
    assert_eq!(desk.sandbox.read("work/pyproject.toml"), text);
}

/// uv and poetry write around our lines, and keep comments.
#[test]
fn uv_has_added_a_dependency() {
    let desk = newcomer("uv");
    let project = format!(
        "{}\n[tool.uv]\npackage = false\n",
        PROJECT.replace("\"my-package\"", "")
    );
    desk.sandbox.write("work/pyproject.toml", &project);
    let _ = desk.setup(&["uv", "acme", "--project"]).succeeded();
    let _ = desk.sandbox.run("uv", &["add", "my-package"]).succeeded();
    desk.greets_in("work");
    let _ = desk.setup(&["uv", "--project", "--undo"]).succeeded();
    let after = desk.sandbox.read("work/pyproject.toml");
    let added = after
        .lines()
        .find(|line| line.contains("my-package"))
        .unwrap();
    assert!(project != after && !after.contains("my-domain"), "{after}");
    assert!(
        after.ends_with("\n[tool.uv]\npackage = false\n") && !added.is_empty(),
        "{after}"
    );
}

#[test]
fn poetry_has_configured_something() {
    let mut desk = newcomer("pip");
    desk.with_library(
        "poetry",
        "import sys\nfrom poetry.console.application import main\nsys.exit(main())",
    );
    let file = "home/.config/pypoetry/config.toml";
    desk.sandbox
        .write(file, "[virtualenvs]\nin-project = true\n");
    let _ = desk
        .setup(&["poetry", "--url", RELEASES, "--no-test"])
        .succeeded();
    for arguments in [
        ["virtualenvs.create", "false"],
        ["repositories.other", "https://example.com/"],
    ] {
        let _ = desk
            .sandbox
            .run("poetry", &[&["config"], &arguments[..]].concat())
            .succeeded();
    }
    let _ = desk.setup(&["poetry", "--undo"]).succeeded();
    let after = desk.sandbox.read(file);
    assert!(
        !after.contains("my-releases") && !after.contains('#'),
        "{after}"
    );
    for kept in [
        "in-project = true",
        "create = false",
        "https://example.com/",
    ] {
        assert!(after.contains(kept), "{after}");
    }
}

/// The projects that were set up are found again, wherever they are, and the file of what was replaced goes at last.
#[test]
fn uninstall_gives_projects_back_too() {
    let desk = newcomer("uv");
    desk.sandbox.write("work/pyproject.toml", PROJECT);
    desk.sandbox.write(
        PIP_CONF,
        "[global]\nindex-url = https://example.com/simple\n",
    );
    for arguments in [
        &["uv", "acme", "--project"][..],
        &["pip", "acme"],
        &["uv", "acme"],
    ] {
        let _ = desk
            .setup(&[arguments, &["--no-test"]].concat())
            .succeeded();
    }
    let state = desk.sandbox.path("home/.local/state/codeartifact");
    assert!(state.join("setups.json").exists());
    assert_eq!(
        desk.sandbox
            .mode("home/.local/state/codeartifact/setups.json"),
        0o600
    );
    let shown = desk
        .sandbox
        .run("codeartifact", &["uninstall", "--dry-run"])
        .succeeded();
    assert_eq!(
        shown.stdout.matches("pyproject.toml").count(),
        1,
        "{shown:?}"
    );
    assert!(in_another_folder(&desk, &["uninstall"]).code == Some(0));
    assert_eq!(desk.sandbox.read("work/pyproject.toml"), PROJECT);
    assert_eq!(
        desk.sandbox.read(PIP_CONF),
        "[global]\nindex-url = https://example.com/simple\n"
    );
    assert!(!state.exists());
}

fn in_another_folder(desk: &Desk, arguments: &[&str]) -> codeartifact_end_to_end::Outcome {
    fs::create_dir_all(desk.sandbox.path("home/elsewhere")).unwrap();
    let mut command = desk.sandbox.command("codeartifact");
    command
        .args(arguments)
        .current_dir(desk.sandbox.path("home/elsewhere"));
    command.output().unwrap().into()
}
