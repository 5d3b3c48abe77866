//! Shared by the setups of the npm family: which repository is meant for which packages, and our lines in an `.npmrc`,
//! which are in a block of their own. Which lines a client needs is its room's to say.

use std::path::Path;

use codeartifact_auth::endpoint::Format;

use super::npmrc::{self, Entry, Meaning};
use crate::error::{UsageError, UserError};
use crate::here::{self, Here};
use crate::plan::Plan;
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

/// The mark of what `setup CLIENT` wrote for a repository.
pub(crate) fn mark(client: &str, repository: Option<&Repository>) -> String {
    match repository {
        Some(repository) => format!("{client} {}", repository.name),
        None => client.to_owned(),
    }
}

/// Puts `settings` into an `.npmrc`, in place of what was written under `mark` before.
///
/// # Errors
/// The file cannot be used.
pub(crate) fn plan_settings(
    plan: &mut Plan,
    file: &Path,
    mark: &str,
    settings: &[KeyValue],
) -> anyhow::Result<()> {
    plan.edit(file, |text| Ok(put(text, mark, settings)?))
}

/// Takes what was written under `mark` out of a file; with no repository's name in it, all that the client has.
///
/// # Errors
/// The file cannot be used.
pub(crate) fn plan_removal(plan: &mut Plan, file: &Path, mark: &str) -> anyhow::Result<()> {
    plan.edit(file, |text| Ok(take_away(text, mark)?))
}

/// Remarks on registries of ours without marks round them, where nothing was found to undo: npm deletes comments when it
/// writes the file, and such a line may be the user's as well.
pub(crate) fn remark_unmarked(
    plan: &mut Plan,
    client: &str,
    file: &Path,
    here: &Here<'_>,
) -> anyhow::Result<()> {
    let Some(found) = here::read(file).filter(|_| plan.is_empty()) else {
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

/// The same in a text.
pub(crate) fn take_away(text: &mut Text, mark: &str) -> Result<(), UserError> {
    let below = format!("{mark} ");
    let names = text.names().into_iter().map(str::to_owned);
    let ours: Vec<_> = names
        .filter(|name| name == mark || name.starts_with(&below))
        .collect();
    ours.iter().try_for_each(|name| text.remove(Some(name)))
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

/// Lines of the same keys are set aside: the block stands where it was, or at the end of what npm reads, and a line
/// of the user's behind it would win.
pub(crate) fn put(text: &mut Text, mark: &str, settings: &[KeyValue]) -> Result<(), UserError> {
    let place = text.place_of(mark);
    text.remove(Some(mark))?;
    if settings.is_empty() {
        return Ok(());
    }
    let mut place = place;
    let is_same = |key: &str| settings.iter().any(|(ours, _)| ours == key);
    let helpers = lines_of(text, |entry| npmrc::helper_key(entry).is_some());
    for at in lines_with(text, is_same).into_iter().rev() {
        if !helpers.contains(&at) {
            text.set_aside(at, mark);
            continue;
        }
        // One of ours that has lost its marks is not the user's.
        text.drop_line(at);
        place = place.map(|place| place - usize::from(at < place));
    }
    let block: Vec<_> = settings
        .iter()
        .map(|(key, value)| npmrc::setting_line(key, value))
        .collect();
    let place = place.unwrap_or_else(|| first_section(text));
    text.insert(place, mark, &block);
    Ok(())
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

    fn with(before: &str, mark: &str, settings: &[(&str, &str)]) -> String {
        let mut text = Text::parse(before);
        let settings: Vec<_> = settings
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        put(&mut text, mark, &settings).unwrap();
        text.to_string()
    }

    const BLOCK: &str =
        "# >>> codeartifact setup npm acme\n@a:registry=u\n# <<< codeartifact setup npm acme\n";

    #[test]
    fn settings_stand_where_npm_reads_them_and_win() {
        let aside = "# set aside by codeartifact setup npm acme: ";
        let rows = [
            ("", BLOCK.to_owned()),
            ("a=b\n", format!("a=b\n{BLOCK}")),
            ("a=b\n[s]\nc=d\n", format!("a=b\n{BLOCK}[s]\nc=d\n")),
            (
                "@a:registry = other\na=b\n",
                format!("{aside}@a:registry = other\na=b\n{BLOCK}"),
            ),
            (
                "[s]\n@a:registry=other\n",
                format!("{BLOCK}[s]\n@a:registry=other\n"),
            ),
        ];
        for (before, after) in rows {
            let once = with(before, "npm acme", &[("@a:registry", "u")]);
            assert_eq!(once, after, "{before:?}");
            let more = format!("{once}x=y\n");
            assert_eq!(
                with(&more, "npm acme", &[("@a:registry", "u")]),
                more,
                "again"
            );
            let mut text = Text::parse(&once);
            take_away(&mut text, "npm").unwrap();
            assert_eq!(text.to_string(), before);
        }
    }

    #[test]
    fn a_client_s_blocks_go_together_and_another_s_stay() {
        let mut all = String::new();
        for mark in ["npm acme", "npm globex", "pnpm"] {
            all = with(&all, mark, &[(&format!("@{mark}:x"), "y")]);
        }
        let left = |mark| {
            let mut text = Text::parse(&all);
            take_away(&mut text, mark).unwrap();
            text.names().join(", ")
        };
        assert_eq!(left("npm acme"), "npm globex, pnpm");
        assert_eq!(left("npm"), "pnpm");
        assert_eq!(left("pnpm"), "npm acme, npm globex");
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
