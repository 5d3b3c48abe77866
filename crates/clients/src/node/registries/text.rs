//! Registries in every other file that clients read: Yarn's, pnpm's and Bun's settings, `package.json`, lock files.
//!
//! Not a parser for any of them. A CodeArtifact URL that stands in such a file outside a comment is one that a client
//! will ask, whatever the key: `npmRegistryServer`, `npmScopes`, `[install.scopes]`, `publishConfig`, `resolved`, a
//! dependency by URL, `--registry` in a script. One search finds them all, in any format, at any nesting.

use std::path::Path;

use codeartifact_auth::environment::Environment;

use super::places::Places;
use super::{Search, read};
use crate::node::expand::expand;
use crate::node::with_scheme;
use crate::setting::Origin;

/// Every CodeArtifact host has this in its middle.
const MARK: &str = ".codeartifact.";

/// Settings, in which variables are expanded.
const SETTINGS: &[&str] = &[
    ".yarnrc.yml",
    ".yarnrc",
    "bunfig.toml",
    "pnpm-workspace.yaml",
];

/// Files that name URLs as they are.
const LISTS: &[&str] = &[
    "package.json",
    "npm-shrinkwrap.json",
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
];

/// Looks through the files of one directory of the project.
pub(super) fn search_directory(
    search: &mut Search<'_>,
    directory: &Path,
    environment: &Environment,
) {
    for name in SETTINGS {
        search_settings(search, &directory.join(name), environment);
    }
    for name in LISTS {
        let file = directory.join(name);
        if let Some(text) = read_text(&file) {
            search_text(search, &text, &file);
        }
    }
}

/// Looks through the user's own settings of Yarn and Bun.
pub(super) fn search_home(search: &mut Search<'_>, places: &Places, environment: &Environment) {
    for file in &places.settings {
        search_settings(search, file, environment);
    }
}

fn search_settings(search: &mut Search<'_>, file: &Path, environment: &Environment) {
    if let Some(text) = read_text(file) {
        search_text(search, &expand(&text, environment), file);
    }
}

/// Lock files have megabytes: what is UTF-8 already is not copied.
fn read_text(file: &Path) -> Option<String> {
    let text = String::from_utf8(read(file)?);
    Some(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

fn search_text(search: &mut Search<'_>, text: &str, file: &Path) {
    let mapped = search.hosts;
    for mark in mapped.keys().map(String::as_str).chain([MARK]) {
        for (at, _) in text.match_indices(mark) {
            // A lock file repeats one registry thousands of times.
            if !search.knows(text, at, mark) && !is_comment(text, at) {
                let url = with_scheme(url_around(text, at));
                let scope = scope_at(text, at);
                search.consider(scope.as_deref(), &url, Origin::File(file.to_owned(), None));
            }
        }
    }
}

/// The scope that a URL is given for: `"@scope": URL`, and what Yarn and Bun write instead.
fn scope_at(text: &str, at: usize) -> Option<String> {
    let mut above = text[..at].lines().rev();
    let line = above.next()?;
    let key = key_of(line);
    if key.starts_with('@') {
        return Some(key.to_owned());
    }
    let is_header = |line: &&str| line.starts_with('[');
    if above.clone().find(is_header) == Some("[install.scopes]") {
        return Some(format!("@{key}"));
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut is_above = indent(line);
    let mut parents = above.filter(|it| {
        let is_parent = !it.trim().is_empty() && indent(it) < is_above;
        if is_parent {
            is_above = indent(it);
        }
        is_parent
    });
    let scope = parents.next()?;
    let is_scope = parents
        .next()
        .is_some_and(|line| key_of(line) == "npmScopes");
    is_scope.then(|| format!("@{}", key_of(scope).trim_start_matches('@')))
}

/// Returns the text before the first `:` or `=`, without quotes.
fn key_of(line: &str) -> &str {
    let end = line.find([':', '=']).unwrap_or(line.len());
    line[..end].trim().trim_matches(['"', '\''])
}

/// The run of characters round `at` that can belong to a URL.
fn url_around(text: &str, at: usize) -> &str {
    let start = text[..at].rfind(ends_url).map_or(0, |before| before + 1);
    let end = text[at..]
        .find(ends_url)
        .map_or(text.len(), |length| at + length);
    text[start..end].trim_end_matches(':')
}

/// Quotes, blanks, and what YAML, TOML and JSON put round a value. All ASCII, so that `rfind(…) + 1` is a boundary.
fn ends_url(character: char) -> bool {
    character.is_ascii_whitespace()
        || matches!(
            character,
            '"' | '\'' | '`' | ',' | '=' | '<' | '>' | '(' | ')' | '{' | '}' | '[' | ']'
        )
}

/// `# …` to the end of its line; inside a URL, a `#` begins a fragment.
fn is_comment(text: &str, at: usize) -> bool {
    let line = text[..at].rsplit('\n').next().unwrap_or_default();
    line.trim_start().starts_with('#') || line.contains(" #")
}

#[cfg(test)]
mod tests {
    use super::scope_at;

    #[test]
    fn the_scope_of_a_url_is_found_in_each_clients_settings() {
        let rows = [
            ("npmRegistryServer: \"URL\"\n", None),
            (
                "npmScopes:\n  a:\n    npmAlwaysAuth: true\n    npmRegistryServer: \"URL\"\n",
                Some("@a"),
            ),
            ("npmRegistries:\n  x:\n    npmRegistryServer: URL\n", None),
            ("registries:\n  default: URL\n", None),
            ("registries:\n  \"@a\": URL\n", Some("@a")),
            ("[install]\nregistry = \"URL\"\n", None),
            ("[install.scopes]\na = { url = \"URL\" }\n", Some("@a")),
            ("[install.scopes]\n\"@a\" = \"URL\"\n", Some("@a")),
        ];
        for (text, expected) in rows {
            let at = text.find("URL").unwrap();
            assert_eq!(scope_at(text, at).as_deref(), expected, "{text}");
        }
    }
}
