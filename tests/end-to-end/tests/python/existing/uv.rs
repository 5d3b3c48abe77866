//! The same of uv: its projects, the user's file, workspaces, and a project that it shares with poetry.

use super::*;

#[test]
fn uv_projects_complete_their_own_entry() {
    let publish = "publish-url = \"https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/\"\n";
    let shapes = [
        ("private", "explicit = true\n", publish),
        ("acme", "", ""),
        ("acme", "explicit = true\n", ""),
    ];
    let desk = newcomer("uv");
    for (name, explicit, publish) in shapes {
        for url in spellings() {
            let text = format!(
                "{}\n[tool.uv.sources]\nnumbered-01 = {{ index = \"{name}\" }}\n\n\
                 [[tool.uv.index]]\nname = \"{name}\"\nurl = \"{url}\"\n{publish}{explicit}",
                PROJECT.replace("my-package", "numbered-01")
            );
            desk.completes(&["uv", "acme", "--project"], "work/pyproject.toml", &text);
            let _ = desk.sandbox.run("uv", &["lock"]).succeeded();
            let sync = ["sync", "--frozen", "--no-cache", "--no-install-project"];
            let _ = desk.sandbox.run("uv", &sync).succeeded();
            let python = desk.sandbox.path("work/.venv/bin/python");
            let python = python.display().to_string();
            desk.runs(
                &python,
                "import numbered_01; print(numbered_01.NUMBER)",
                "01",
            );
            fs::remove_dir_all(desk.sandbox.path("work/.venv")).unwrap();
            fs::remove_file(desk.sandbox.path("work/uv.lock")).unwrap();
        }
    }
    desk.assert_tokens(1);
}

/// As a deployment tool writes it, whose own variables are gone.
#[test]
fn a_users_entry_of_uv_is_completed() {
    let desk = newcomer("uv");
    let text = format!("[[index]]\nname = \"codeartifact\"\nurl = \"{PYPI}\"\ndefault = true\n");
    desk.completes(&["uv", "acme"], "home/.config/uv/uv.toml", &text);
    let install = ["pip", "install", "--python", &desk.python, "my-package"];
    let _ = desk.sandbox.run("uv", &install).succeeded();
    desk.imports(GREETS, GREETING);
}

/// As files had it before there were tables of indexes; in `[pip]`, for `uv pip` alone.
#[test]
fn older_keys_of_uv_are_completed() {
    let desk = newcomer("uv");
    let stale = PYPI.replace("https://", &format!("https://aws:{STALE}@"));
    let install = [
        "pip",
        "install",
        "--no-cache",
        "--target=t",
        "--reinstall",
        "my-package",
    ];
    for text in [
        format!("index-url = \"{stale}\"\n"),
        format!("extra-index-url = [\"{stale}\"] # ours\noffline = false\n"),
        format!("[pip]\nindex-url = \"{stale}\"\n"),
    ] {
        desk.completes(&["uv", "acme"], "home/.config/uv/uv.toml", &text);
        let _ = desk.sandbox.run("uv", &install).succeeded();
    }
}

/// A name that another server has is not used twice: uv refuses such a file.
#[test]
fn a_name_that_is_taken() {
    let desk = newcomer("uv");
    let text = format!(
        "{PROJECT}\n[[tool.uv.index]]\nname = \"acme\"\nurl = \"{OTHER_DOMAIN}\"\nexplicit = true\n"
    );
    desk.completes(&["uv", "acme", "--project"], "work/pyproject.toml", &text);
    let _ = desk.sandbox.run("uv", &["sync"]).succeeded();
    desk.greets_in("work");
}

/// uv reads the indexes of the workspace's root alone.
#[test]
fn a_member_of_a_workspace_is_set_up_at_its_root() {
    let desk = newcomer("uv");
    let root = format!(
        "[tool.uv.workspace]\nmembers = [\"packages/*\"]\n\n[[tool.uv.index]]\nname = \"private\"\nurl = \"{PYPI}\"\ndefault = true\n"
    );
    desk.sandbox.write("work/pyproject.toml", &root);
    let member = format!("{PROJECT}\n[tool.uv]\npackage = false\n");
    desk.sandbox
        .write("work/packages/a/pyproject.toml", &member);
    let mut command = desk.sandbox.command("codeartifact");
    let folder = desk.sandbox.path("work/packages/a");
    command.args(["setup", "uv", "acme", "--project"]);
    let outcome: codeartifact_end_to_end::Outcome =
        command.current_dir(&folder).output().unwrap().into();
    was_tested(&outcome.succeeded());
    assert_eq!(desk.sandbox.read("work/packages/a/pyproject.toml"), member);
    let mut sync = desk.sandbox.command("uv");
    let outcome: codeartifact_end_to_end::Outcome = sync
        .arg("sync")
        .current_dir(&folder)
        .output()
        .unwrap()
        .into();
    let _ = outcome.succeeded();
    desk.greets_in("work");
    let _ = desk.setup(&["uv", "--project", "--undo"]).succeeded();
    assert_eq!(desk.sandbox.read("work/pyproject.toml"), root);
}

#[test]
fn a_project_that_uv_refuses_is_put_back() {
    let desk = newcomer("uv");
    let index = "[[tool.uv.index]]\nname = \"a\"\nurl = \"https://example.com/\"\n";
    let text = format!("{PROJECT}{index}{index}");
    desk.sandbox.write("work/pyproject.toml", &text);
    let _ = desk
        .setup(&["uv", "acme", "--project"])
        .exited(1)
        .says(&["pyproject.toml is as it was before"]);
    assert_eq!(desk.sandbox.read("work/pyproject.toml"), text);
}

/// Two clients, one file: each finds its own lines again.
#[test]
fn uv_and_poetry_share_a_project() {
    let desk = newcomer("uv");
    let project = format!("{PROJECT}\n[tool.poetry]\npackage-mode = false\n");
    let file = "work/pyproject.toml";
    let steps = [["uv", "poetry"], ["poetry", "uv"]];
    for order in steps {
        desk.sandbox.write(file, &project);
        for client in order {
            let _ = desk
                .setup(&[client, "acme", "--project", "--no-test"])
                .succeeded();
        }
        let both = desk.sandbox.read(file);
        assert!(both.contains("[[tool.poetry.source]]"), "{both}");
        assert!(both.contains("[[tool.uv.index]]"), "{both}");
        let _ = desk.setup(&[order[0], "--project", "--undo"]).succeeded();
        let one = desk.sandbox.read(file);
        assert_eq!(one.contains("[[tool.poetry.source]]"), order[1] == "poetry");
        assert_eq!(one.contains("[[tool.uv.index]]"), order[1] == "uv");
        let _ = desk.setup(&[order[1], "--project", "--undo"]).succeeded();
        assert_eq!(desk.sandbox.read(file), project);
    }
}

/// Shapes of public projects, each with what its comment names.
#[test]
fn public_projects_of_uv() {
    let uv = |settings: &str, index: &str| {
        format!(
            "{}\n{settings}\n[[tool.uv.index]]\nname = \"private-index\"\nurl = \"{PYPI}\"\n{index}\n[tool.uv.sources]\nnumbered-01 = {{ index = \"private-index\" }}\n",
            PROJECT.replace("my-package", "numbered-01")
        )
    };
    let rows = [
        // The provider is there, and the index is explicit and authenticated.
        uv(
            "[tool.uv]\nkeyring-provider = \"subprocess\"",
            "explicit = true\nauthenticate = \"always\"\n",
        ),
        // An empty table, and an index of every package.
        uv("# --- UV ---\n[tool.uv]\n", ""),
        // Dependency groups behind it, and line ends of Windows.
        (uv("", "explicit = true\n") + "[dependency-groups]\ndev = []\n").replace('\n', "\r\n"),
    ];
    let desk = newcomer("uv");
    for text in rows {
        desk.completes(&["uv", "acme", "--project"], "work/pyproject.toml", &text);
        let _ = desk.sandbox.run("uv", &["sync", "--no-cache"]).succeeded();
        let _ = desk.sandbox.run("uv", &["lock", "--check"]).succeeded();
    }
}
