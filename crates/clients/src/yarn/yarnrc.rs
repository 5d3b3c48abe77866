//! Our lines in a `.yarnrc.yml`: YAML, of which only the top level is looked at, line by line; every other line stays.

mod lines;

use crate::error::UserError;
use crate::node::with_scheme;
use crate::node::yarn_plugin::IN_PROJECT as PLUGIN;
use crate::text::Text;
use lines::{entries_below, has_more_lines, line_of, value_of};

pub(super) const FILE: &str = ".yarnrc.yml";

const ALWAYS_AUTH: &str = "npmAlwaysAuth";
const REGISTRY: &str = "npmRegistryServer";

/// The entries that are to be there.
pub(super) struct Additions<'a> {
    /// The repository that is named.
    pub(super) url: Option<String>,
    /// The scopes to read from it.
    pub(super) scopes: &'a [String],
    /// Tells if everything else comes from it too.
    pub(super) default: bool,
    /// Tells if a URL is CodeArtifact's.
    pub(super) is_ours: &'a dyn Fn(&str) -> bool,
}

/// Puts them there: the plugin under the mark `shared`, which goes with the last of the others.
///
/// # Errors
/// Something is written in a way that cannot be added to by lines.
pub(super) fn put(
    text: &mut Text,
    mark: &str,
    shared: &str,
    additions: &Additions<'_>,
) -> Result<(), UserError> {
    let url = additions.url.as_deref().unwrap_or_default();
    if !text.lines().iter().any(|line| line.contains(PLUGIN)) {
        add(text, shared, "plugins", &[format!("- {PLUGIN}")])?;
    }
    let scopes = additions.scopes.iter();
    let scopes: Vec<_> = scopes.flat_map(|scope| entry(scope, url)).collect();
    if !scopes.is_empty() {
        add(text, mark, "npmScopes", &scopes)?;
    }
    if additions.default {
        set(text, mark, REGISTRY, &format!("\"{url}\""))?;
    }
    // Without it Yarn asks for packages that have no scope anonymously (tried with 4.18.1).
    if value_of(text, REGISTRY).is_some_and(|url| (additions.is_ours)(&url)) {
        set(text, mark, ALWAYS_AUTH, "true")?;
    }
    Ok(())
}

/// Takes the plugin's entry away by what it is: Yarn deletes comments, our marks among them, when it writes the file.
/// Returns the line of a setting that may be ours as well.
pub(super) fn take_plugin_away(text: &mut Text) -> Option<usize> {
    let entries = entries_below(text, "plugins");
    let is_ours = |entry: &&lines::Nested| {
        let mut lines = text.lines().into_iter();
        let mut lines = lines
            .by_ref()
            .skip(entry.lines.start)
            .take(entry.lines.len());
        lines.any(|line| line.contains(PLUGIN))
    };
    let ours = entries.iter().find(is_ours)?;
    let is_only = entries.len() == 1;
    for at in ours.lines.clone().rev() {
        text.drop_line(at);
    }
    if let Some(at) = line_of(text, "plugins").filter(|_| is_only) {
        text.drop_line(at);
    }
    line_of(text, ALWAYS_AUTH).map(|at| at + 1)
}

fn entry(scope: &str, url: &str) -> [String; 2] {
    let scope = scope.trim_start_matches('@');
    [format!("{scope}:"), format!("  {REGISTRY}: \"{url}\"")]
}

/// Tells what keeps the plugin from being asked, or a token from being safe.
pub(super) fn remarks(text: &Text, is_ours: &dyn Fn(&str) -> bool) -> Vec<String> {
    let lines = text.lines();
    let entries = entries_below(text, "npmRegistries").into_iter();
    let silent = entries.filter(|entry| {
        let url = entry.key.trim_matches(['"', '\'']);
        let mut below = lines[entry.lines.clone()].iter();
        !below.any(|line| line.trim().starts_with(ALWAYS_AUTH)) && is_ours(&with_scheme(url))
    });
    let silent = silent.map(|entry| {
        format!(
            "npmRegistries has {} without {ALWAYS_AUTH}: true, so Yarn asks it for packages without a scope \
             anonymously; add that line there",
            entry.key
        )
    });
    silent.collect()
}

/// Gives a key of the top level this value: each key has a block of its own, which is found again after Yarn has sorted
/// the file.
fn set(text: &mut Text, mark: &str, key: &str, value: &str) -> Result<(), UserError> {
    let current = value_of(text, key);
    if current.as_deref() == Some(value.trim_matches('"')) {
        return Ok(());
    }
    if has_more_lines(text, key) {
        return Err(UserError::new(format!(
            "`{key}` is written on several lines there; put its value behind it, and run this again"
        )));
    }
    let place = match line_of(text, key) {
        Some(at) => at..at + 1,
        None => text.end()..text.end(),
    };
    text.replace(place, mark, &[format!("{key}: {value}")]);
    Ok(())
}

/// Entries of a list or a map at the top level, which is made where it is not there yet.
fn add(text: &mut Text, mark: &str, key: &str, entries: &[String]) -> Result<(), UserError> {
    let Some(at) = line_of(text, key) else {
        let entries = entries.iter().map(|line| format!("  {line}"));
        let block: Vec<_> = [format!("{key}:")].into_iter().chain(entries).collect();
        text.insert(text.end(), mark, &block);
        return Ok(());
    };
    if value_of(text, key).is_some() {
        return Err(UserError::new(format!(
            "`{key}` is written on one line there; put each of its entries on a line of its own, and run this again"
        )));
    }
    let existing = entries_below(text, key);
    let is_there = |other: &&lines::Nested| entries.contains(&format!("{}:", other.key));
    if let Some(same) = existing.iter().find(is_there) {
        return Err(UserError::new(format!(
            "{key} has `{}` already; take that entry away, and run this again",
            same.key
        )));
    }
    let indent = existing.first().map_or("  ", |first| &first.indent);
    let indented = |line: &String| format!("{indent}{line}");
    let entries: Vec<_> = entries.iter().map(indented).collect();
    text.insert(at + 1, mark, &entries);
    Ok(())
}

#[cfg(test)]
mod tests;
