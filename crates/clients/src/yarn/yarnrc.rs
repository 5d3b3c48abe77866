//! Our lines in a `.yarnrc.yml`: YAML, of which only the top level is looked at, line by line; every other line stays.

use crate::error::UserError;
use crate::node::with_scheme;
use crate::node::yarn_plugin::IN_PROJECT as PLUGIN;
use crate::text::Text;

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

/// Puts them there, in place of what was written under `mark` before.
///
/// # Errors
/// Something is written in a way that cannot be added to by lines.
pub(super) fn put(text: &mut Text, mark: &str, additions: &Additions<'_>) -> Result<(), UserError> {
    text.remove(Some(mark))?;
    let url = additions.url.as_deref().unwrap_or_default();
    let mut rest = Vec::new();
    if !text.lines().iter().any(|line| line.contains(PLUGIN)) {
        rest.extend(add(text, mark, "plugins", &[format!("- {PLUGIN}")])?);
    }
    let scopes: Vec<_> = additions
        .scopes
        .iter()
        .flat_map(|scope| entry(scope, url))
        .collect();
    if !scopes.is_empty() {
        rest.extend(add(text, mark, "npmScopes", &scopes)?);
    }
    let default = additions.default.then(|| url.to_owned());
    if additions.default {
        rest.extend(set(text, mark, REGISTRY, &format!("\"{url}\"")));
    }
    // Without it Yarn asks for packages that have no scope anonymously (tried with 4.18.1).
    let default = default.or_else(|| value_of(text, REGISTRY));
    if default.is_some_and(|url| (additions.is_ours)(&url)) {
        rest.extend(set(text, mark, ALWAYS_AUTH, "true"));
    }
    if !rest.is_empty() {
        text.insert(text.end(), mark, &rest);
    }
    Ok(())
}

/// Takes the plugin's entry away by what it is: Yarn deletes comments, our marks among them, when it writes the file.
/// Returns the line of a setting that may be ours as well.
pub(super) fn take_plugin_away(text: &mut Text) -> Option<usize> {
    let entries = entries_below(text, "plugins");
    let is_ours = |entry: &&Nested| {
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

/// A key of the top level with one value: the line to add for it, if it is not there.
fn set(text: &mut Text, mark: &str, key: &str, value: &str) -> Option<String> {
    let current = value_of(text, key);
    if current.as_deref() == Some(value.trim_matches('"')) {
        return None;
    }
    if let Some(at) = line_of(text, key) {
        text.set_aside(at, mark);
    }
    Some(format!("{key}: {value}"))
}

/// Entries of a list or a map at the top level. Where that is not there yet, it is returned, to be added.
fn add(
    text: &mut Text,
    mark: &str,
    key: &str,
    entries: &[String],
) -> Result<Vec<String>, UserError> {
    let Some(at) = line_of(text, key) else {
        let entries = entries.iter().map(|line| format!("  {line}"));
        return Ok([format!("{key}:")].into_iter().chain(entries).collect());
    };
    if value_of(text, key).is_some() {
        return Err(UserError::new(format!(
            "`{key}` is written on one line there; put each of its entries on a line of its own, and run this again"
        )));
    }
    let existing = entries_below(text, key);
    let is_there = |other: &&Nested| entries.contains(&format!("{}:", other.key));
    if let Some(same) = existing.iter().find(is_there) {
        return Err(UserError::new(format!(
            "{key} has `{}` already; take that entry away, and run this again",
            same.key
        )));
    }
    let indent = existing.first().map_or("  ", |first| &first.indent);
    let entries: Vec<_> = entries
        .iter()
        .map(|line| format!("{indent}{line}"))
        .collect();
    text.insert(at + 1, mark, &entries);
    Ok(Vec::new())
}

/// An entry of a map or list, and the lines that it has.
struct Nested {
    key: String,
    indent: String,
    lines: std::ops::Range<usize>,
}

fn entries_below(text: &Text, key: &str) -> Vec<Nested> {
    let lines = text.lines();
    let Some(at) = line_of(text, key) else {
        return Vec::new();
    };
    let is_content = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let is_top_level = |line: &str| is_content(line) && !line.starts_with([' ', '-']);
    let end = lines[at + 1..]
        .iter()
        .position(|line| is_top_level(line))
        .map_or(lines.len(), |length| at + 1 + length);
    let indent_of = |line: &str| line.len() - line.trim_start().len();
    let mut entries: Vec<Nested> = Vec::new();
    for (number, line) in lines.iter().enumerate().take(end).skip(at + 1) {
        let indent = indent_of(line);
        let is_deeper = entries
            .first()
            .is_some_and(|first| indent > first.indent.len());
        match entries.last_mut() {
            Some(last) if is_deeper || !is_content(line) => last.lines.end = number + 1,
            _ if !is_content(line) => {}
            _ => entries.push(Nested {
                key: line.trim().trim_end_matches(':').to_owned(),
                indent: line[..indent].to_owned(),
                lines: number..number + 1,
            }),
        }
    }
    entries
}

fn line_of(text: &Text, key: &str) -> Option<usize> {
    text.lines().iter().position(|line| {
        line.strip_prefix(key)
            .is_some_and(|rest| rest.starts_with(':'))
    })
}

/// Without quotes and comment; `None` if there is none on the key's own line.
fn value_of(text: &Text, key: &str) -> Option<String> {
    let lines = text.lines();
    let line = lines.get(line_of(text, key)?)?;
    let value = line.split_once(':')?.1.split(" #").next()?.trim();
    let value = value.trim_matches(['"', '\'']);
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::settings;

    const URL: &str = "https://H/npm/my-repo/";

    fn put_into(before: &str, scopes: &[&str], default: bool) -> Result<String, String> {
        let scopes: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let additions = Additions {
            url: Some(URL.to_owned()),
            scopes: &scopes,
            default,
            is_ours: &|url| url.starts_with("https://H/"),
        };
        let mut text = Text::parse(before);
        match put(&mut text, "yarn", &additions) {
            Ok(()) => Ok(text.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Returns the line without its comment, as YAML has it.
    fn meaning(text: &str) -> String {
        let lines = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'));
        lines.map(|line| format!("{line}\n")).collect()
    }

    #[test]
    fn lines_are_added_where_yaml_wants_them_and_taken_away_again() {
        let plugin = format!("plugins:\n  - {PLUGIN}\n");
        let server = |url: &str| format!("npmRegistryServer: \"{url}\"\n");
        let always = "npmAlwaysAuth: true\n";
        let rows = [
            ("", &[][..], false, plugin.clone()),
            ("a: b\n", &[], false, format!("a: b\n{plugin}")),
            (
                "plugins:\n  - x.cjs\na: b\n",
                &[],
                false,
                format!("{plugin}  - x.cjs\na: b\n"),
            ),
            (
                "plugins:\n- path: x.cjs\n  spec: y\n",
                &[],
                false,
                format!("plugins:\n- {PLUGIN}\n- path: x.cjs\n  spec: y\n"),
            ),
            (
                "npmRegistryServer: https://H/npm/r/ # ours\n",
                &[],
                false,
                format!("npmRegistryServer: https://H/npm/r/ # ours\n{plugin}{always}"),
            ),
            (
                "npmRegistryServer: https://example.com/\nnpmAlwaysAuth: false\n",
                &[],
                true,
                format!("{plugin}{}{always}", server(URL)),
            ),
            (
                "npmScopes:\n    other:\n        npmAlwaysAuth: true\n",
                &["@my-scope"],
                false,
                format!(
                    "npmScopes:\n    my-scope:\n      {}    other:\n        npmAlwaysAuth: true\n{plugin}",
                    server(URL)
                ),
            ),
            (
                "",
                &["@a", "@b"],
                false,
                format!(
                    "{plugin}npmScopes:\n  a:\n    {}  b:\n    {}",
                    server(URL),
                    server(URL)
                ),
            ),
        ];
        for (before, scopes, default, expected) in rows {
            let after = put_into(before, scopes, default).unwrap();
            assert_eq!(meaning(&after), expected, "{before}");
            assert_eq!(put_into(&after, scopes, default).unwrap(), after, "again");
            let mut text = Text::parse(&after);
            settings::take_away(&mut text, "yarn").unwrap();
            assert_eq!(text.to_string(), before);
        }
    }

    /// As `yarn config set` leaves the file: sorted anew, and without comments.
    #[test]
    fn the_plugin_is_taken_away_without_its_marks() {
        let rows = [
            (format!("a: b\n\nplugins:\n  - {PLUGIN}\n"), "a: b\n\n"),
            (
                format!("npmAlwaysAuth: true\nplugins:\n  - x.cjs\n  - {PLUGIN}\nz: 1\n"),
                "npmAlwaysAuth: true\nplugins:\n  - x.cjs\nz: 1\n",
            ),
            (
                format!("plugins:\n  - path: {PLUGIN}\n    spec: y\n  - x.cjs\n"),
                "plugins:\n  - x.cjs\n",
            ),
            ("plugins:\n  - x.cjs\n".to_owned(), "plugins:\n  - x.cjs\n"),
        ];
        for (before, after) in rows {
            let mut text = Text::parse(&before);
            let may_be_ours = take_plugin_away(&mut text);
            assert_eq!(text.to_string(), after, "{before}");
            let is_told = after.starts_with(ALWAYS_AUTH).then_some(1);
            assert_eq!(may_be_ours, is_told, "{before}");
        }
    }

    #[test]
    fn what_cannot_be_added_to_is_refused() {
        for (before, scopes) in [
            ("plugins: [x.cjs]\n", &[][..]),
            ("npmScopes: {a: {}}\n", &["@b"]),
            ("npmScopes:\n  a:\n    npmAuthToken: x\n", &["@a"]),
        ] {
            assert!(put_into(before, scopes, false).is_err(), "{before}");
        }
    }

    #[test]
    fn what_would_be_in_the_way_is_said() {
        let is_ours = |url: &str| url.starts_with("https://H/");
        let rows = [
            (
                "npmRegistries:\n  \"//H/npm/r\":\n    npmAuthIdent: x\n",
                "without npmAlwaysAuth",
            ),
            (
                "npmRegistries:\n  //H/npm/r:\n    npmAlwaysAuth: true\n",
                "",
            ),
            (
                "npmRegistries:\n  //example.com:\n    npmAuthIdent: x\n",
                "",
            ),
        ];
        for (text, expected) in rows {
            let said = remarks(&Text::parse(text), &is_ours).concat();
            assert!(
                said.contains(expected) && said.is_empty() == expected.is_empty(),
                "{text}: {said}"
            );
        }
    }
}
