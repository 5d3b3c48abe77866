//! What the command finds in its environment: no token that a project can name, and nothing in the place of the user's own.

use super::*;

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
