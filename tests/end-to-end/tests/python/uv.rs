//! uv, which asks only when it knows a user or is told to ask always; and what it publishes.

use codeartifact_end_to_end::fixture::{PYPI, PYPI_OF_AWS};

use crate::setup::newcomer;
use crate::{Desk, GREETING, GREETS, OTHER_DOMAIN, RELEASES, RELEASES_INDEX};

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

/// `uv add`, `uv run --with` and a frozen sync, with nothing but the user's file.
#[test]
fn add_and_run_with() {
    let desk = newcomer("uv");
    let _ = desk.setup(&["uv", "acme"]).succeeded();
    desk.sandbox.write(
        "work/pyproject.toml",
        "[project]\nname = \"my-program\"\nversion = \"1.0.0\"\nrequires-python = \">=3.9\"\n",
    );
    let steps: [&[&str]; 4] = [
        &["add", "numbered-01"],
        &["sync", "--frozen", "--no-cache"],
        &["tree", "--frozen"],
        &[
            "run",
            "--frozen",
            "--with",
            "my-package",
            "python",
            "-c",
            GREETS,
        ],
    ];
    let outcomes = steps.map(|step| desk.sandbox.run("uv", step).succeeded());
    assert!(outcomes[2].stdout.contains("numbered-01"));
    assert_eq!(outcomes[3].stdout.trim_end(), GREETING);
    let lock = desk.sandbox.read("work/uv.lock");
    assert!(!lock.contains("aws@") && !lock.contains("eyJ"), "{lock}");
    desk.assert_tokens(1);
}

/// Two private indexes of two domains, each for its own packages alone; `--frozen` reads the lock file's URLs.
#[test]
fn two_domains_that_are_explicit() {
    let desk = newcomer("uv");
    let index = |name: &str, url: &str| {
        format!("\n[[tool.uv.index]]\nname = \"{name}\"\nurl = \"{url}\"\nexplicit = true\n")
    };
    let project = "[project]\nname = \"my-program\"\nversion = \"1.0.0\"\nrequires-python = \">=3.9\"\n\
        dependencies = [\"numbered-01\", \"numbered-02\"]\n\n[tool.uv.sources]\nnumbered-01 = { index = \"one\" }\nnumbered-02 = { index = \"two\" }\n";
    let project = project.to_owned() + &index("one", PYPI) + &index("two", OTHER_DOMAIN);
    desk.sandbox.write("work/pyproject.toml", &project);
    for name in ["acme", "own"] {
        let _ = desk.setup(&["uv", name, "--project"]).succeeded();
    }
    let both = desk.sandbox.read("work/pyproject.toml");
    assert_eq!(
        both.matches("authenticate = \"always\"").count(),
        2,
        "{both}"
    );
    for step in [&["lock"][..], &["sync", "--frozen", "--no-cache"]] {
        let _ = desk.sandbox.run("uv", step).succeeded();
    }
    let program = "import numbered_01 as a, numbered_02 as b; print(a.NUMBER + b.NUMBER)";
    let run = ["run", "--frozen", "python", "-c", program];
    let said = desk.sandbox.run("uv", &run).succeeded();
    assert_eq!(said.stdout.trim_end(), "0102");
    desk.assert_tokens(2);
    let _ = desk
        .setup(&["uv", "acme", "--project", "--undo"])
        .succeeded();
    let one = desk.sandbox.read("work/pyproject.toml");
    assert_eq!(one.matches("authenticate = \"always\"").count(), 1, "{one}");
    let _ = desk.setup(&["uv", "--project", "--undo"]).succeeded();
    assert_eq!(desk.sandbox.read("work/pyproject.toml"), project);
}

/// By the name of the index; and by a user that CodeArtifact does not know, which uv shows the reason of.
#[test]
fn publish_by_the_index() {
    let mut desk = newcomer("uv");
    let keyring = desk.sandbox.path("bin/keyring");
    desk.sandbox
        .link("keyring", &desk.sandbox.path("watch/keyring"));
    desk.take_a_wheel();
    std::fs::remove_file(keyring).unwrap();
    let _ = desk.setup(&["uv", "--url", RELEASES]).succeeded();
    let publish = ["publish", "--index", "my-releases", "wheels/*"];
    let _ = desk.sandbox.run("uv", &publish).succeeded();
    desk.emulator.journal().all_answered("pypi:publish", &[200]);

    let to = RELEASES.replace("https://", "https://__token__@");
    let publish = ["publish", "--publish-url", &to, "wheels/*"];
    let told = desk.sandbox.run("uv", &publish).failed();
    let line = "codeartifact-keyring: CodeArtifact's user is aws, not __token__";
    assert_eq!(told.stderr.matches(line).count(), 1, "{told:?}");
    desk.sandbox.set("UV_PUBLISH_TOKEN", "x");
    desk.sandbox.set("UV_INDEX_MY_RELEASES_PASSWORD", "x");
    let _ = desk
        .setup(&["uv", "--url", RELEASES, "--no-test"])
        .succeeded()
        .says(&[
            "UV_PUBLISH_TOKEN is set in the environment, which wins over a keyring",
            "UV_INDEX_MY_RELEASES_PASSWORD is set in the environment, which wins over a keyring",
        ]);
}
