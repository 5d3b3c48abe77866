//! uv, which asks only when it knows a user or is told to ask always; and what it publishes.

use codeartifact_end_to_end::fixture::{PYPI, PYPI_OF_AWS};

use crate::{Desk, GREETING, GREETS, RELEASES, RELEASES_INDEX};

/// A project whose index has no user in its URL.
const PROJECT: &str = r#"
[project]
name = "my-program"
version = "1.0.0"
requires-python = ">=3.8"
dependencies = ["my-package"]

[[tool.uv.index]]
name = "my-repo"
url = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/simple/"
default = true
authenticate = "always"
"#;

fn desk() -> Desk {
    let mut desk = Desk::with("uv", "uv");
    desk.sandbox.set("UV_KEYRING_PROVIDER", "subprocess");
    desk.sandbox.set("UV_PYTHON_DOWNLOADS", "never");
    desk
}

#[test]
fn pip_install_with_a_user_in_the_url() {
    let mut desk = desk();
    desk.sandbox.set("UV_DEFAULT_INDEX", PYPI_OF_AWS);
    let install = ["pip", "install", "--python", &desk.python, "my-package"];
    let _ = desk.sandbox.run("uv", &install).succeeded();
    desk.imports(GREETS, GREETING);
    assert_eq!(desk.asked(), [format!("get {PYPI} aws")]);
    desk.assert_tokens(1);
}

/// Without a user, uv asks nobody: the failure that users report.
#[test]
fn pip_install_without_a_user_asks_nobody() {
    let mut desk = desk();
    desk.sandbox.set("UV_DEFAULT_INDEX", PYPI);
    let install = ["pip", "install", "--python", &desk.python, "my-package"];
    let _ = desk.sandbox.run("uv", &install).failed();
    assert_eq!(desk.asked(), Vec::<String>::new());
}

#[test]
fn lock_sync_and_run_a_project() {
    let desk = desk();
    desk.sandbox.write("work/pyproject.toml", PROJECT);
    let question = format!("get {PYPI} --mode creds");
    let steps: [&[&str]; 3] = [
        &["lock"],
        &["sync", "--locked", "--no-cache"],
        &["run", "--locked", "python", "-c", GREETS],
    ];
    let outcomes = steps.map(|step| desk.sandbox.run("uv", step).succeeded());
    assert_eq!(outcomes[2].stdout.trim_end(), GREETING);
    assert!(
        desk.asked().len() <= 2,
        "once a run, and `uv run` needs nothing: {:?}",
        desk.asked()
    );
    assert!(
        desk.asked().iter().all(|it| *it == question),
        "{:?}",
        desk.asked()
    );
    let lock = desk.sandbox.read("work/uv.lock");
    assert!(
        !lock.contains("aws") || !lock.contains('@'),
        "no user, no token: {lock}"
    );
    desk.assert_tokens(1);
}

/// The index of a lock file has lost its user; `uv sync` gets it back from the project.
#[test]
fn sync_with_a_user_in_the_projects_index() {
    let desk = desk();
    let project = PROJECT
        .replace(PYPI, PYPI_OF_AWS)
        .replace("authenticate = \"always\"\n", "");
    desk.sandbox.write("work/pyproject.toml", &project);
    for step in [&["lock"][..], &["sync", "--locked", "--no-cache"]] {
        let _ = desk.sandbox.run("uv", step).succeeded();
    }
    assert!(!desk.sandbox.read("work/uv.lock").contains("aws@"));
    assert_eq!(desk.asked(), vec![format!("get {PYPI} aws"); 2]);
    desk.assert_tokens(1);
}

#[test]
fn tool_install() {
    let desk = desk();
    desk.sandbox.write(
        "home/.config/uv/uv.toml",
        &format!("[[index]]\nurl = \"{PYPI}\"\ndefault = true\nauthenticate = \"always\"\n"),
    );
    let _ = desk
        .sandbox
        .run("uv", &["tool", "install", "my-package"])
        .succeeded();
    let tool = desk
        .sandbox
        .path("home/.local/bin/my-package")
        .display()
        .to_string();
    let said = desk.sandbox.run(&tool, &["Ada"]).succeeded();
    assert_eq!(said.stdout.trim_end(), GREETING);
    assert_eq!(desk.asked(), [format!("get {PYPI} --mode creds")]);
    desk.assert_tokens(1);
}

/// The URL to publish to is asked for as it stands; the same token opens the index.
#[test]
fn publish() {
    let mut desk = desk();
    desk.take_a_wheel();
    let to = RELEASES.replace("https://", "https://aws@");
    let _ = desk
        .sandbox
        .run("uv", &["publish", "--publish-url", &to, "wheels/*"])
        .succeeded();
    assert_eq!(desk.asked().last().unwrap(), &format!("get {RELEASES} aws"));
    desk.sandbox.set(
        "UV_DEFAULT_INDEX",
        RELEASES_INDEX.replace("https://", "https://aws@"),
    );
    let install = ["pip", "install", "--python", &desk.python, "my-package"];
    let _ = desk.sandbox.run("uv", &install).succeeded();
    desk.imports(GREETS, GREETING);
    desk.assert_tokens(1);
}

/// A domain that is not there: uv's own message, and the reason beside it.
#[test]
fn wrong_domain() {
    let mut desk = desk();
    desk.sandbox.set(
        "UV_DEFAULT_INDEX",
        PYPI_OF_AWS.replace("my-domain", "no-such-domain"),
    );
    let install = ["pip", "install", "--python", &desk.python, "my-package"];
    let _ = desk.sandbox.run("uv", &install).failed().says(&[
        "codeartifact-keyring: ",
        "no-such-domain",
        "AWS: ResourceNotFoundException",
        "hint: ",
        "401 Unauthorized",
    ]);
}
