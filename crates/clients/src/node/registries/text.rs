//! Registries in the settings of Yarn, pnpm and Bun.
//!
//! Not a parser for any of them. A CodeArtifact URL that such a file has outside a comment, at or below a key that speaks of
//! registries, is one that a client will ask: `npmRegistryServer`, `npmScopes`, `[install.scopes]`. One search finds them all,
//! in any format, at any nesting. Only what gives a registry its token is read as each format has it.

use std::path::Path;

use codeartifact_auth::endpoint::Endpoint;

use super::finder::{Finder, MOST_FOUND};
use super::folder::Folder;
use super::names::MARK;
use super::places::{PNPM_SETTINGS, Places};
use super::{bunfig, yaml, yarnrc};
use crate::node::expand::expand;
use crate::node::with_scheme;
use crate::setting::Origin;
use crate::words::without_passwords;

/// Settings of a project, in which variables are expanded.
const SETTINGS: &[&str] = &[yarnrc::FILE, ".yarnrc", bunfig::FILE, "pnpm-workspace.yaml"];

/// Parts of the keys whose URLs a client asks: `npmRegistryServer`, `[install.scopes]`, a dependency by URL.
const WITH_URLS: [&str; 4] = ["registr", "scopes", "override", "catalog"];

/// No registry's URL is longer. What is around a mark is looked at for each of a million marks in a hostile file.
const LONGEST_URL: usize = 512;

/// Nor is there a line of settings like that.
const LONGEST_LINE: usize = 64 * 1024;

/// A line's section is not further above it.
const FURTHEST: usize = 500;

/// Names the file that pnpm from 11 on reads instead of the user's `.npmrc`.
const PNPM_TOKENS: &str = "npmrcAuthFile:";

/// Looks through the files of one directory of the project.
pub(super) fn search_directory(finder: &mut Finder<'_>, folder: &Folder, places: &Places) {
    for file in SETTINGS.iter().filter_map(|name| folder.file(name)) {
        search_settings(finder, &file, !places.settings.contains(&file));
    }
}

/// Looks through the user's own settings of Yarn, Bun and pnpm.
pub(super) fn search_home(finder: &mut Finder<'_>, places: &Places) {
    for file in &places.settings {
        search_settings(finder, file, false);
    }
}

fn search_settings(finder: &mut Finder<'_>, file: &Path, is_projects: bool) {
    let Some(bytes) = finder.read(file, is_projects) else {
        return;
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
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
    finder.keep(file, text, has_comments, is_projects);
}

fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix(key))?;
    let value = value.split(" #").next().unwrap_or(value);
    Some(value.trim().trim_matches(['"', '\'']))
}

/// Looks through one line; `text` ends with it.
fn search_line(finder: &mut Finder<'_>, line: &str, text: &str, origin: Origin) {
    if line.len() > LONGEST_LINE {
        return;
    }
    let expanded = expand(line, finder.environment);
    let lower = expanded.to_ascii_lowercase();
    let mapped: Vec<String> = finder.hosts.keys().cloned().collect();
    for mark in mapped.iter().map(String::as_str).chain([MARK]) {
        for (at, _) in lower.match_indices(mark) {
            finder.seen += 1;
            if finder.seen > MOST_FOUND {
                return;
            }
            let url = url_around(&expanded, at);
            let start = url.as_ptr().addr() - expanded.as_ptr().addr();
            if is_comment(&expanded, at) || !is_registrys(&expanded[..start], line, text) {
                continue;
            }
            let url = with_scheme(url);
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

/// Tells if a client takes a URL for one that it has to ask, by a key in its line, before it, or by what that is below. One in
/// a description is none.
fn is_registrys(before: &str, line: &str, text: &str) -> bool {
    names_registries(quoted_key(line).unwrap_or_else(|| key_of(line)))
        || line.contains('{') && names_registries(before)
        || is_below_registries(text)
}

/// Tells if the last line is in a table of TOML, or below a key of YAML, that speaks of registries.
fn is_below_registries(text: &str) -> bool {
    let mut above = text.lines().rev().take(FURTHEST);
    let mut least = above.next().map_or(0, indent);
    if let Some(header) = above.clone().find(|it| it.starts_with('[')) {
        return names_registries(header);
    }
    above.any(|it| {
        let is_parent = !it.trim().is_empty() && indent(it) < least;
        if is_parent {
            least = indent(it);
        }
        is_parent && names_registries(key_of(it))
    })
}

fn names_registries(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    WITH_URLS.iter().any(|it| key.contains(it))
}

/// Returns what a line says of a registry, with the names of variables instead of their values.
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

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The key between quotes, which may have a colon: `"@my-scope:registry"` of Yarn 1.
fn quoted_key(line: &str) -> Option<&str> {
    let quoted = line.trim_start().strip_prefix('"')?;
    quoted.split_once('"').map(|(key, _)| key)
}

/// Returns the text before the first `:` or `=`, without quotes.
fn key_of(line: &str) -> &str {
    let end = line.find([':', '=']).unwrap_or(line.len());
    line[..end].trim().trim_matches(['"', '\''])
}

/// The run of characters round `at` that can belong to a URL.
pub(super) fn url_around(text: &str, at: usize) -> &str {
    let least = text.floor_char_boundary(at.saturating_sub(LONGEST_URL));
    let most = text.floor_char_boundary(at + LONGEST_URL);
    let start = text[least..at].rfind(ends_url);
    let start = start.map_or(least, |before| least + before + 1);
    let end = text[at..most].find(ends_url);
    let end = end.map_or(most, |length| at + length);
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
