//! `codeartifact exec`: a command finds what it needs in its environment, whichever package manager it is or starts;
//! what the user has set stays; and nothing is left behind.

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
fn netrc_is_in_memory_and_the_users_own_stands_behind_ours() {
    let desk = bare("pip", "pip");
    let host = PYPI.split('/').nth(2).unwrap();
    desk.sandbox.write(
        "home/.netrc",
        &format!(
            "machine {host} login aws password stale\nmachine example.com login me password mine\n"
        ),
    );
    let script = "echo \"$NETRC\"; while read -r line; do echo \"$line\"; done <\"$NETRC\"; echo \"$CODEARTIFACT_AUTH_TOKEN\"; echo \"$CODEARTIFACT_CONNECTION\"";
    let option = ["--token-variable", "CODEARTIFACT_AUTH_TOKEN"];
    let said = desk
        .exec_with(&option, &["sh", "-c", script])
        .succeeded()
        .stdout;
    let lines: Vec<_> = said.lines().collect();
    assert!(lines[0].starts_with("/proc/"), "{said}");
    let token = lines[1]
        .strip_prefix(&format!("machine {host} login aws password "))
        .unwrap();
    assert!(token.len() > 100);
    assert_eq!(lines[3], "machine example.com login me password mine");
    assert_eq!(&lines[4..], [token, "acme"]);
}

#[test]
fn what_the_user_has_set_stays_and_is_told() {
    let mut desk = bare("pip", "pip");
    desk.sandbox
        .set("PIP_INDEX_URL", "https://example.com/simple");
    desk.sandbox
        .set("TWINE_REPOSITORY_URL", "https://example.com/upload");
    let outcome = desk
        .exec_with(
            &["--publish"],
            &[
                "sh",
                "-c",
                "echo \"$PIP_INDEX_URL $TWINE_REPOSITORY_URL ${TWINE_PASSWORD-no password}\"",
            ],
        )
        .succeeded();
    assert_eq!(
        outcome.stdout,
        "https://example.com/simple https://example.com/upload no password\n"
    );
    let _ = outcome.says(&[
        "PIP_INDEX_URL is set already",
        "TWINE_REPOSITORY_URL is set already",
    ]);
}

/// Two connections and none named: only the project says which, and nobody else's token is fetched.
#[test]
fn without_a_name_the_project_decides() {
    let desk = bare("pip", "pip");
    let echo = [
        "exec",
        "--",
        "sh",
        "-c",
        "echo \"$UV_INDEX_MINE_USERNAME ${PIP_INDEX_URL-unset}\"",
    ];
    let _ = desk
        .sandbox
        .run("codeartifact", &echo)
        .exited(2)
        .says(&["--connection NAME"]);
    desk.sandbox.write(
        "work/pyproject.toml",
        &format!("[[tool.uv.index]]\nname = \"mine\"\nurl = \"{PYPI}\"\n"),
    );
    let said = desk.sandbox.run("codeartifact", &echo).succeeded();
    assert_eq!(said.stdout, "aws unset\n");
    desk.assert_tokens(1);
}

#[test]
fn a_token_that_cannot_be_had_ends_it_before_the_command() {
    let mut desk = bare("pip", "pip");
    desk.sandbox.set("AWS_SECRET_ACCESS_KEY", "wrong");
    let outcome = desk.exec(&["sh", "-c", "echo it ran"]).exited(4);
    assert_eq!(outcome.stdout, "");
}

/// A project chooses the names of its sources, and may give one of them to a host of its own. Nothing that is looked up
/// by a name may hold a token.
#[test]
fn no_variable_that_a_project_can_name_holds_a_token() {
    let desk = bare("pip", "pip");
    let sources = [
        ("tool.uv.index", "evil", "http://127.0.0.1:9/simple/"),
        ("tool.uv.index", "x-y", PYPI),
        ("tool.uv.index", "Acme", "http://127.0.0.1:9/simple/"),
        ("tool.poetry.source", "acme", "http://127.0.0.1:9/simple/"),
        ("tool.pdm.source", "pypi", "http://127.0.0.1:9/simple/"),
    ];
    let tables = sources
        .map(|(table, name, url)| format!("[[{table}]]\nname = \"{name}\"\nurl = \"{url}\"\n"));
    desk.sandbox.write("work/pyproject.toml", &tables.concat());
    desk.sandbox
        .link("env", std::path::Path::new("/usr/bin/env"));
    let token = desk.sandbox.run("codeartifact", &["token", PYPI]);
    let token = token.succeeded().stdout.trim().to_owned();
    let by_name = ["UV_INDEX_", "POETRY_HTTP_BASIC_", "PDM_PYPI_"];
    for options in [&[][..], &["--publish"]] {
        let said = desk.exec_with(options, &["env"]).succeeded().stdout;
        let holders = said.lines().filter(|line| line.contains(&token));
        let names: Vec<_> = holders.filter_map(|line| line.split('=').next()).collect();
        let led_away = |name: &&str| by_name.iter().any(|prefix| name.starts_with(prefix));
        assert!(!names.iter().any(led_away), "{names:?}");
        assert_eq!(names.is_empty(), options.is_empty(), "{names:?}");
    }
}
