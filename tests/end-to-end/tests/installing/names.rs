//! No document, hint or script installs a package by a name that is not registered: anyone could register it.

use std::path::PathBuf;

use super::*;

/// The names that a release will register. One that is ours goes from this list.
const NOT_OURS_YET: [&str; 7] = [
    "codeartifact-keyring",
    "codeartifact_keyring",
    "codeartifact-npm",
    "@codeartifact-npm/",
    "codeartifact-cli",
    "codeartifact-proxy",
    "codeartifact-emulator",
];

/// Commands that fetch the package that follows. `npx` runs what is installed, too, but fetches what is not.
const FETCHING: [&str; 6] = ["install ", "inject ", "--with ", "npx ", "dlx ", "add "];

/// A file of the work tree that people read or run.
fn pages() -> Vec<PathBuf> {
    let mut todo: Vec<_> = ["README.md", ".github", "crates", "install"]
        .map(|it| PathBuf::from(script(it)))
        .into();
    let mut found = Vec::new();
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(path).unwrap();
            todo.extend(entries.map(|entry| entry.unwrap().path()));
        } else {
            found.push(path);
        }
    }
    found
}

/// The name that a line fetches, if it is one of the list.
fn fetched(line: &str) -> Option<&'static str> {
    let names = FETCHING.iter().flat_map(|words| {
        let found = line.match_indices(words);
        let whole = found.filter(|(at, _)| !line[..*at].ends_with(|it: char| it.is_alphabetic()));
        whole.map(|(at, words)| line[at + words.len()..].trim_start_matches(['"', '\'', '`']))
    });
    let mut names = names.collect::<Vec<_>>().into_iter();
    names.find_map(|name| NOT_OURS_YET.into_iter().find(|it| name.starts_with(it)))
}

#[test]
fn nothing_installs_a_name_that_is_not_ours() {
    let mut found = Vec::new();
    let pages = pages();
    assert!(pages.len() > 200);
    for page in pages {
        let Ok(text) = fs::read_to_string(&page) else {
            continue;
        };
        let lines = text.lines().filter(|line| fetched(line).is_some());
        // A document may say what never to do.
        let lines =
            lines.filter(|line| !line.contains("ever run `") && !line.contains("ever install `"));
        found.extend(lines.map(|line| format!("{}: {}", page.display(), line.trim())));
    }
    assert_eq!(found, [] as [String; 0]);
}

#[test]
fn the_check_can_fail() {
    let rows = [
        (
            "pip install codeartifact-keyring",
            Some("codeartifact-keyring"),
        ),
        ("    npx codeartifact-npm --check", Some("codeartifact-npm")),
        ("pipx inject poetry `codeartifact-keyring`", None),
        (
            "uv tool install \"codeartifact_keyring\"",
            Some("codeartifact_keyring"),
        ),
        ("pip uninstall codeartifact-keyring", None),
        ("pip install ./codeartifact_keyring-….whl", None),
    ];
    for (line, expected) in rows {
        assert_eq!(fetched(line), expected, "{line}");
    }
}
