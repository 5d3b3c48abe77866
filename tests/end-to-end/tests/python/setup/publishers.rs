//! `setup` of poetry, pdm, twine and hatch, which publish: each by the wheel beside it.

use super::*;

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
