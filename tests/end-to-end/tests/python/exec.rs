//! `codeartifact exec`: a command finds what it needs in its environment, whichever package manager it is or starts;
//! what the user has set stays; and nothing is left behind.

mod environment;

use codeartifact_end_to_end::Outcome;
use codeartifact_end_to_end::fixture::PYPI;

use crate::{Desk, GREETING, GREETS};

/// A machine without any helper on PATH: all there is, is `codeartifact`.
fn bare(client: &str, command: &str) -> Desk {
    let desk = Desk::with(client, command);
    for helper in ["keyring", "codeartifact-goauth"] {
        std::fs::remove_file(desk.sandbox.path("bin").join(helper)).unwrap();
    }
    desk
}

impl Desk {
    fn exec(&self, words: &[&str]) -> Outcome {
        self.exec_with(&[], words)
    }

    fn exec_with(&self, options: &[&str], words: &[&str]) -> Outcome {
        let named = ["exec", "--connection", "acme"];
        let arguments = [&named, options, &["--"], words].concat();
        self.sandbox.run("codeartifact", &arguments)
    }
}

#[test]
fn pip_and_uv_install() {
    for client in ["pip", "pip-21", "uv"] {
        let command = if client == "uv" { "uv" } else { "pip" };
        let mut desk = bare(client, command);
        desk.sandbox.set("UV_PYTHON_DOWNLOADS", "never");
        let python = desk.python.clone();
        // pip 21 has no --python.
        let words: &[&str] = match client {
            "uv" => &["uv", "pip", "install", "--python", &python, "my-package"],
            _ => &[
                "pip",
                "--no-input",
                "install",
                "--target",
                "here",
                "my-package",
            ],
        };
        let _ = desk.exec(words).succeeded();
        let here = desk.sandbox.path("work/here").display().to_string();
        desk.sandbox.set("PYTHONPATH", here);
        desk.imports(GREETS, GREETING);
        desk.assert_tokens(1);
    }
}

#[test]
fn poetry_pdm_and_uv_install_a_project() {
    const PROJECT: &str = "[project]
name = \"my-program\"
version = \"1.0.0\"
requires-python = \">=3.9\"
dependencies = [\"my-package\"]

[tool.poetry]
package-mode = false

[tool.pdm]
distribution = false
";
    // Each in the place of the public index, as the client is told that.
    let rows = [
        ("poetry", "tool.poetry.source", "name = \"my-index\""),
        ("pdm", "tool.pdm.source", "name = \"pypi\""),
        ("uv", "tool.uv.index", "name = \"my-index\"\ndefault = true"),
    ];
    for (client, array, name) in rows {
        let mut desk = bare(client, client);
        desk.sandbox.set("POETRY_VIRTUALENVS_IN_PROJECT", "true");
        desk.sandbox.set("PDM_CHECK_UPDATE", "false");
        desk.sandbox.set("UV_PYTHON_DOWNLOADS", "never");
        let source = format!("{PROJECT}\n[[{array}]]\n{name}\nurl = \"{PYPI}\"\n");
        desk.sandbox.write("work/pyproject.toml", &source);
        let verb = if client == "uv" { "sync" } else { "install" };
        let _ = desk.exec(&[client, verb]).succeeded();
        // pdm takes the environment that is there.
        let python = match client {
            "pdm" => desk.python.clone(),
            _ => desk
                .sandbox
                .path("work/.venv/bin/python")
                .display()
                .to_string(),
        };
        let said = desk.sandbox.run(&python, &["-c", GREETS]).succeeded();
        assert_eq!(said.stdout.trim_end(), GREETING, "{client}");
    }
}

/// Each by its variables alone, to the connection's own repository.
#[test]
fn every_publisher_publishes() {
    let rows: [(&str, &[&str]); 3] = [
        ("uv", &["uv", "publish", "wheels/*"]),
        (
            "twine",
            &[
                "twine",
                "upload",
                "--non-interactive",
                "wheels/my_package-1.0.0-py3-none-any.whl",
            ],
        ),
        ("pdm", &["pdm", "publish", "--no-build"]),
    ];
    for (client, words) in rows {
        let desk = Desk::with(client, client);
        desk.take_a_wheel();
        let config = desk.sandbox.read("home/.config/codeartifact/config.toml");
        let releases = config.replace(
            "/pypi/my-repo/simple/\"\n\n[connections.own]",
            "/pypi/my-releases/simple/\"\n\n[connections.own]",
        );
        desk.sandbox
            .write("home/.config/codeartifact/config.toml", &releases);
        desk.sandbox.write(
            "work/pyproject.toml",
            "[project]\nname = \"my-package\"\nversion = \"1.0.0\"\n",
        );
        std::fs::create_dir(desk.sandbox.path("work/dist")).unwrap();
        let wheel = "my_package-1.0.0-py3-none-any.whl";
        std::fs::copy(
            desk.sandbox.path("work/wheels").join(wheel),
            desk.sandbox.path("work/dist").join(wheel),
        )
        .unwrap();
        let _ = desk.exec_with(&["--publish"], words).succeeded();
        let journal = desk.emulator.journal();
        journal.all_answered("pypi:publish", &[200]);
        assert!(
            journal.of("pypi:publish")[0]
                .path
                .starts_with("/pypi/my-releases/"),
            "{client}"
        );
    }
}

/// The exit code is the command's, its arguments arrive as they are, and the process is the very same.
#[test]
fn becomes_the_command() {
    let desk = bare("pip", "pip");
    let _ = desk.exec(&["sh", "-c", "exit 7"]).exited(7);
    let said = desk
        .exec(&["sh", "-c", "echo \"$1|$2\"", "sh", "--a b", ""])
        .succeeded();
    assert_eq!(said.stdout, "--a b|\n");
    let _ = desk
        .exec(&["no-such-program"])
        .exited(127)
        .says(&["no-such-program"]);
    let ended = desk.exec(&["sh", "-c", "kill -TERM $$"]);
    assert_eq!(ended.code, None, "a signal ends it: {ended:?}");
}

#[test]
fn a_token_that_cannot_be_had_ends_it_before_the_command() {
    let mut desk = bare("pip", "pip");
    desk.sandbox.set("AWS_SECRET_ACCESS_KEY", "wrong");
    let outcome = desk.exec(&["sh", "-c", "echo it ran"]).exited(4);
    assert_eq!(outcome.stdout, "");
}
