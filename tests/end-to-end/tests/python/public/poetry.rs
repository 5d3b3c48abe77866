//! The same of poetry.

use super::*;

/// `poetry config http-basic.NAME aws TOKEN`, in a Dockerfile or a Makefile, for a source of that name: poetry sends what it
/// finds there, and asks no keyring. Both files come back.
#[test]
fn a_token_that_poetry_has_saved() {
    let desk = with_poetry();
    let auth = "home/.config/pypoetry/auth.toml";
    let saved = format!(
        "[http-basic.other]\nusername = \"me\"\npassword = \"theirs\"\n\n[http-basic.my-source]\nusername = \"aws\"\npassword = \"{STALE}\"\n"
    );
    desk.sandbox.write(auth, &saved);
    let text = format!(
        "{PROJECT}\n[tool.poetry]\npackage-mode = false\n\n[[tool.poetry.source]]\nname = \"my-source\"\nurl = \"{PYPI}\"\npriority = \"primary\"\n"
    );
    desk.completes(&["poetry", "acme", "--project"], FILE, &text);
    let now = desk.sandbox.read(auth);
    assert!(!now.contains("eyJ") && now.contains("theirs"), "{now}");
    let _ = desk.sandbox.run("poetry", &["install"]).succeeded();
    desk.greets_in("work");
    let _ = desk.setup(&["poetry", "--project", "--undo"]).succeeded();
    assert_eq!(desk.sandbox.read(auth), saved);
    assert_eq!(desk.sandbox.read(FILE), text);
}

/// The same for what is published, with the index's URL in the place of that to publish to.
#[test]
fn a_repository_of_poetrys_with_the_indexs_url() {
    let mut desk = newcomer("pip");
    crate::setup::take_a_wheel(&desk);
    crate::shapes::install_poetry(&mut desk);
    let file = "home/.config/pypoetry/config.toml";
    let text = format!("[repositories.store]\nurl = \"{RELEASES}simple/\"\n");
    let auth = "home/.config/pypoetry/auth.toml";
    let saved = format!("[http-basic.store]\nusername = \"aws\"\npassword = \"{STALE}\"\n");
    desk.sandbox.write(auth, &saved);
    desk.sandbox.write(file, &text);
    let setup = ["poetry", "--url", RELEASES];
    let done = desk.setup(&[&setup[..], &["--no-test"]].concat());
    assert!(!format!("{:?}", done.succeeded()).contains("eyJ"));
    desk.sandbox.write(
        FILE,
        "[project]\nname = \"my-package\"\nversion = \"1.0.0\"\n",
    );
    let publish = ["publish", "--no-interaction", "--dist-dir", "wheels"];
    let publish = [&publish[..], &["--repository", "store"]].concat();
    let _ = desk.sandbox.run("poetry", &publish).succeeded();
    desk.assert_published();
    let _ = desk.setup(&["poetry", "--undo"]).succeeded();
    assert_eq!(desk.sandbox.read(file), text);
    assert_eq!(desk.sandbox.read(auth), saved);
}

/// With the priorities of several years, without `/simple/` or without the last slash.
#[test]
fn sources_of_poetry() {
    let desk = with_poetry();
    let source = |url: &str, priority: &str| {
        format!(
            "{}\n[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nnumbered-01 = {{ source = \"artifact\" }}\n\n[[tool.poetry.source]]\nname = \"artifact\"\nurl = \"{url}\"\n{priority}\n",
            PROJECT.replace("my-package", "numbered-01")
        )
    };
    let bare = PYPI.trim_end_matches('/');
    for (url, priority) in [
        (bare, "priority=\"supplemental\""),
        (bare.trim_end_matches("simple"), "priority = \"primary\""),
        (PYPI, "priority = \"explicit\""),
    ] {
        let text = source(url, priority);
        desk.completes(&["poetry", "acme", "--project"], FILE, &text);
        let _ = desk.sandbox.run("poetry", &["lock"]).succeeded();
    }
    // What poetry 1 had instead, poetry 2 refuses, before us and after.
    let text = source(PYPI, "default = false\nsecondary = true");
    desk.sandbox.write(FILE, &text);
    let _ = desk.sandbox.run("poetry", &["lock"]).failed();
    let _ = desk
        .setup(&["poetry", "acme", "--project"])
        .exited(1)
        .says(&["asks nobody: ", "must not contain"]);
    assert_eq!(desk.sandbox.read(FILE), text);
}
