//! Registries in the settings of Yarn, pnpm and Bun.
//!
//! Not a parser for any of them. A CodeArtifact URL that stands in such a file outside a comment is one that a client
//! will ask, whatever the key: `npmRegistryServer`, `npmScopes`, `[install.scopes]`. One search finds them all, in any
//! format, at any nesting. Only what gives a registry its token is read as each format has it.

use std::path::Path;

use codeartifact_auth::endpoint::Endpoint;

use super::folder::Folder;
use super::places::{PNPM_SETTINGS, Places};
use super::{Finder, MARK, bunfig, read_text, yaml, yarnrc};
use crate::node::expand::expand;
use crate::node::with_scheme;
use crate::setting::Origin;
use crate::words::without_passwords;

/// Settings of a project, in which variables are expanded.
const SETTINGS: &[&str] = &[yarnrc::FILE, ".yarnrc", bunfig::FILE, "pnpm-workspace.yaml"];

/// What a line belongs to is not further above it.
const FURTHEST: usize = 500;

/// Names the file that pnpm from 11 on reads instead of the user's `.npmrc`.
const PNPM_TOKENS: &str = "npmrcAuthFile:";

/// Looks through the files of one directory of the project.
pub(super) fn search_directory(finder: &mut Finder<'_>, folder: &Folder) {
    for file in SETTINGS.iter().filter_map(|name| folder.file(name)) {
        search_settings(finder, &file, true);
    }
}

/// Looks through the user's own settings of Yarn, Bun and pnpm.
pub(super) fn search_home(finder: &mut Finder<'_>, places: &Places) {
    for file in &places.settings {
        search_settings(finder, file, false);
    }
}

fn search_settings(finder: &mut Finder<'_>, file: &Path, is_projects: bool) {
    let Some(text) = read_text(file) else { return };
    let mut offset = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        offset += line.len();
        let origin = Origin::File(file.to_owned(), Some(at + 1));
        search_line(finder, line.trim_end(), &text[..offset], origin);
    }
    let is_bunfig = bunfig::is_one(file);
    if is_bunfig {
        bunfig::search(finder, &text, file, is_projects);
    } else if file.ends_with(PNPM_SETTINGS) {
        finder
            .search
            .token_files
            .read_pnpm(value_of(&text, PNPM_TOKENS), finder.environment);
    }
    let has_comments = if is_bunfig {
        bunfig::has_comments(&text)
    } else {
        yaml::is_simple(&text)
    };
    finder.keep(file, text, has_comments);
}

fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix(key))?;
    let value = value.split(" #").next().unwrap_or(value);
    Some(value.trim().trim_matches(['"', '\'']))
}

/// Looks through one line; `text` ends with it.
fn search_line(finder: &mut Finder<'_>, line: &str, text: &str, origin: Origin) {
    let expanded = expand(line, finder.environment);
    let lower = expanded.to_ascii_lowercase();
    let mapped: Vec<String> = finder.hosts.keys().cloned().collect();
    for mark in mapped.iter().map(String::as_str).chain([MARK]) {
        for (at, _) in lower.match_indices(mark) {
            if is_comment(&expanded, at) {
                continue;
            }
            let url = with_scheme(url_around(&expanded, at));
            let scope = scope_at(text, text.len());
            let is_plain = line == expanded && !line.contains("${");
            if is_plain || Endpoint::parse(&url, finder.hosts).is_ok() {
                finder.consider_url(scope.as_deref(), &url, origin.clone());
            } else {
                finder.consider_setting(scope.as_deref(), &written(line), origin.clone());
            }
        }
    }
}

/// What a line says of a registry, with the names of variables and not with what is in them.
fn written(line: &str) -> String {
    let Some(at) = line.find(MARK) else {
        return key_of(line).to_owned();
    };
    let ends = |it: char| it.is_whitespace() || "\"'`,<>()".contains(it);
    let start = line[..at].rfind(ends).map_or(0, |before| before + 1);
    let end = line[at..]
        .find(ends)
        .map_or(line.len(), |length| at + length);
    without_passwords(&line[start..end])
}

/// The scope that a URL is given for: `"@scope": URL`, and what Yarn and Bun write instead.
fn scope_at(text: &str, at: usize) -> Option<String> {
    // A hostile file has a URL on each of a hundred thousand lines.
    let mut above = text[..at].lines().rev().take(FURTHEST);
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
pub(super) fn url_around(text: &str, at: usize) -> &str {
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
fn is_comment(line: &str, at: usize) -> bool {
    line.trim_start().starts_with('#') || line[..at].contains(" #")
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
            let at = text.find("URL").unwrap() + "URL".len();
            assert_eq!(scope_at(text, at).as_deref(), expected, "{text}");
        }
    }
}
