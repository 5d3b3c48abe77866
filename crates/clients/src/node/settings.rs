//! Shared by the setups of the npm family: which repository is meant for which packages, and our lines in an `.npmrc`,
//! which are in a block of their own. Which lines a client needs is its room's to say.

use std::path::Path;

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;

use super::npmrc::{self, Entry, Meaning};
use crate::error::UsageError;
use crate::here::{self, Here};
use crate::plan::{Marks, Plan};
use crate::setup::{Repository, Setup, SetupOptions};
use crate::text::Text;

/// A setting of an `.npmrc`: key and value.
pub(crate) type KeyValue = (String, String);

/// The repository that the arguments name; none where they name none.
///
/// # Errors
/// They mean no or no single repository, or a scope is none.
pub(crate) fn named(setup: &Setup<'_>) -> anyhow::Result<Option<Repository>> {
    let options = setup.options;
    if let Some(scope) = options.scopes.iter().find(|scope| !is_scope(scope)) {
        return Err(
            UsageError::new(format!("`{scope}` is no scope: one looks like @my-scope")).into(),
        );
    }
    let is_named = options.name.is_some() || options.url.is_some();
    let is_meant = is_named || options.default || !options.scopes.is_empty();
    is_meant.then(|| setup.repository(Format::Npm)).transpose()
}

fn is_scope(text: &str) -> bool {
    let name = text.strip_prefix('@').unwrap_or_default();
    let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | '~');
    !name.is_empty() && name.chars().all(is_part)
}

/// `@scope:registry` and `registry`, as npm, pnpm, Yarn 1 and Bun read them.
pub(crate) fn registry_settings(options: &SetupOptions, repository: &Repository) -> Vec<KeyValue> {
    let scopes = options.scopes.iter();
    let keys = scopes.map(|scope| format!("{scope}:registry"));
    let default = options.default.then(|| "registry".to_owned());
    let url = repository.endpoint.root();
    keys.chain(default).map(|key| (key, url.clone())).collect()
}

/// The name of what a setup wrote for every registry in use, and for no one repository.
const EVERY: &str = "(every registry)";

/// The marks of what `setup CLIENT` writes for a repository, or for all.
pub(crate) fn marks<'a>(client: &'a str, repository: Option<&'a Repository>) -> Marks<'a> {
    Marks {
        client,
        name: Some(repository.map_or(EVERY, |it| &it.name)),
        shared: None,
    }
}

/// The same for an undo, which means everything of the client's where it names nothing.
pub(crate) fn marks_of_undo<'a>(client: &'a str, repository: Option<&'a Repository>) -> Marks<'a> {
    Marks {
        name: repository.map(|it| &*it.name),
        ..marks(client, None)
    }
}

/// Puts `settings` into an `.npmrc`, in place of what was written under these marks before.
///
/// # Errors
/// The file cannot be used.
pub(crate) fn plan_settings(
    plan: &mut Plan,
    file: &Path,
    environment: &Environment,
    marks: &Marks<'_>,
    settings: &[KeyValue],
) -> anyhow::Result<()> {
    plan.set_up(file, environment, marks, |text| {
        put(text, &marks.own_mark(), settings, |_, _| false);
        Ok(())
    })
}

/// Remarks on registries of ours where not all was found that is to be undone: such a line may be the user's as well.
pub(crate) fn remark_unmarked(
    plan: &mut Plan,
    client: &str,
    file: &Path,
    here: &Here<'_>,
) -> anyhow::Result<()> {
    let Some(found) = here::read(file) else {
        return Ok(());
    };
    let text = Text::parse(&found.text);
    let is_registry = |entry: &Entry| {
        let is_key = entry.key == "registry" || entry.key.ends_with(":registry");
        is_key
            && entry
                .value
                .as_ref()
                .is_some_and(|it| here.is_ours(&it.text))
    };
    for at in lines_of(&text, is_registry) {
        plan.remark(&format!(
            "{}:{} names CodeArtifact and stays, since no marks of ours are round it; take it out if `setup {client}` wrote it",
            found.name,
            at + 1
        ));
    }
    Ok(())
}

/// Takes away the lines that lead pnpm to a program of ours, wherever they are and whoever has rewritten the file: below
/// one repository, or all.
pub(crate) fn take_helpers_away(text: &mut Text, below: Option<&str>) {
    let is_meant = |entry: &Entry| {
        let registry = npmrc::helper_key(entry);
        registry.is_some_and(|it| below.is_none_or(|below| it == below))
    };
    for at in lines_of(text, is_meant).into_iter().rev() {
        text.drop_line(at);
    }
}

/// Each setting takes the place of the last line that has its key, which is the one that counts, and of every line that
/// `gives_way` to it; the others come first, where npm reads them whatever sections there are.
pub(crate) fn put(
    text: &mut Text,
    mark: &str,
    settings: &[KeyValue],
    gives_way: impl Fn(&str, &str) -> bool,
) {
    drop_unmarked_helpers(text, settings);
    let mut others = Vec::new();
    for (key, value) in settings {
        let line = npmrc::setting_line(key, value);
        let same = lines_with(text, |it| it == key).pop();
        let mut rivals = lines_with(text, |it| gives_way(it, key));
        match same.or_else(|| rivals.first().copied()) {
            Some(at) => {
                rivals.retain(|it| *it != at);
                replace_each(text, at, &rivals, mark, &line);
            }
            None => others.push(line),
        }
    }
    if !others.is_empty() {
        text.insert(0, mark, &others);
    }
}

/// The last first, so that no place moves.
fn replace_each(text: &mut Text, at: usize, rivals: &[usize], mark: &str, line: &str) {
    let mut places = [rivals, &[at]].concat();
    places.sort_unstable();
    for place in places.into_iter().rev() {
        let body = [line.to_owned()];
        let body = if place == at { &body[..] } else { &[] };
        text.replace(place..place + 1, mark, body);
    }
}

/// A line of ours that has lost its marks is not the user's.
fn drop_unmarked_helpers(text: &mut Text, settings: &[KeyValue]) {
    let is_meant = |entry: &Entry| {
        let is_set = settings.iter().any(|(key, _)| *key == entry.key);
        is_set && npmrc::helper_key(entry).is_some()
    };
    for at in lines_of(text, is_meant).into_iter().rev() {
        text.drop_line(at);
    }
}

/// The lines that npm reads whose key is wanted.
pub(crate) fn lines_with(text: &Text, is_wanted: impl Fn(&str) -> bool) -> Vec<usize> {
    lines_of(text, |entry| is_wanted(&entry.key))
}

/// The same for whole entries.
pub(crate) fn lines_of(text: &Text, is_wanted: impl Fn(&Entry) -> bool) -> Vec<usize> {
    let lines = text.lines().into_iter().take(first_section(text));
    let meanings = lines.map(|line| npmrc::read(line.as_bytes())).enumerate();
    let wanted = meanings
        .filter(|(_, meaning)| matches!(meaning, Meaning::Entry(entry) if is_wanted(entry)));
    wanted.map(|(at, _)| at).collect()
}

fn first_section(text: &Text) -> usize {
    let lines = text.lines();
    let section = lines
        .iter()
        .position(|line| npmrc::read(line.as_bytes()) == Meaning::Section);
    section.unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = "npm acme";
    const BEGIN: &str = "# >>> codeartifact setup npm acme\n";
    const END: &str = "# <<< codeartifact setup npm acme\n";

    #[test]
    fn settings_stand_where_npm_reads_them_and_win() {
        let block = |lines: &str| format!("{BEGIN}{lines}{END}");
        let ours = block("@a:registry=u\n");
        let rows = [
            ("", ours.clone()),
            ("a=b\n", format!("{ours}a=b\n")),
            (
                "[s]\n@a:registry=x\n",
                format!("{ours}[s]\n@a:registry=x\n"),
            ),
            ("@a:registry = x\na=b\n", format!("{ours}a=b\n")),
            (
                "@a:registry=x\n@a:registry=y\na=b\n",
                format!("@a:registry=x\n{ours}a=b\n"),
            ),
            (
                "a=b\n@a:old=1\nc=d\n@a:older=1\n",
                format!("a=b\n{ours}c=d\n{}", block("")),
            ),
        ];
        for (before, after) in rows {
            let settings = [("@a:registry".to_owned(), "u".to_owned())];
            let mut text = Text::parse(before);
            put(&mut text, MARK, &settings, |key, _| {
                key.starts_with("@a:old")
            });
            assert_eq!(text.to_string(), after, "{before:?}");
            let parts = text.parts().to_vec();
            for (mark, part) in parts.iter().rev() {
                text.put_back(part, mark).unwrap();
            }
            assert_eq!(text.to_string(), before);
        }
    }

    #[test]
    fn scopes_begin_with_an_at() {
        for (text, expected) in [
            ("@my-scope", true),
            ("@a.b_c~1", true),
            ("my-scope", false),
            ("@", false),
            ("@a/b", false),
            ("", false),
        ] {
            assert_eq!(is_scope(text), expected, "{text}");
        }
    }
}
