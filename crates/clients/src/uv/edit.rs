//! Writes `setup uv`'s part: an entry for the index, or what is missing in the entry that the user has for it already; and
//! the provider, which all entries share.

use toml_edit::Document;

use super::{OLDER, PROVIDER};
use crate::error::UserError;
use crate::python::{Wanted, free_name, with_user};
use crate::setup::Level;
use crate::text::Text;
use crate::toml::{self, Entry, Toml, entries};
use crate::words::without_passwords;

pub(super) fn edit(text: &mut Text, wanted: &Wanted<'_>) -> Result<Vec<String>, UserError> {
    let mut remarks = Vec::new();
    Toml::edit(text, wanted.mark, |toml| {
        let place = UvTable::of(&toml.document()?, wanted.level);
        toml.marked(wanted.shared)
            .set(place.table, PROVIDER, "subprocess")?;
        let is_older = complete_older(toml, &place, wanted)?;
        let document = toml.document()?;
        let there = entries(&document, &place.indexes());
        let meant = wanted.meant(&there);
        for &number in &meant {
            let is_further = Some(&number) != meant.first();
            complete(toml, &place, number, &there[number], is_further, wanted)?;
        }
        if meant.is_empty() && !is_older {
            remarks.extend(other_default(&there));
            add(toml, &place, &there, wanted)?;
        }
        Ok(())
    })?;
    Ok(remarks)
}

/// The table of uv's settings: the root of `uv.toml`, a table of `pyproject.toml`.
struct UvTable {
    table: &'static [&'static str],
}

impl UvTable {
    fn of(document: &Document<String>, level: Level) -> Self {
        let tables = ["project", "tool", "build-system"];
        let mut tables = tables.iter();
        let is_pyproject =
            level == Level::Project && tables.any(|it| document.as_table().contains_key(it));
        Self {
            table: if is_pyproject { &["tool", "uv"] } else { &[] },
        }
    }

    fn indexes(&self) -> Vec<&'static str> {
        [self.table, &["index"]].concat()
    }
}

fn add(
    toml: &mut Toml<'_>,
    place: &UvTable,
    there: &[Entry<'_>],
    wanted: &Wanted<'_>,
) -> Result<(), UserError> {
    let name = free_name(toml::name_of(wanted.repository), &toml::names(there));
    let mut pairs = vec![
        toml::pair("name", &name),
        toml::pair("url", wanted.index()),
        toml::pair("publish-url", with_user(&wanted.root())),
        toml::pair("authenticate", "always"),
    ];
    if !there.iter().any(|it| it.is("default")) {
        // In the place of the public one; there can be one.
        pairs.insert(2, "default = true".to_owned());
    }
    toml.add_entry(&place.indexes(), &pairs)
}

fn other_default(there: &[Entry<'_>]) -> Option<String> {
    let other = there.iter().find(|it| it.is("default"))?;
    let url = without_passwords(other.string("url")?);
    Some(format!(
        "{url} stays the default index; uv asks it for what this repository does not have"
    ))
}

/// The keys from before `[[index]]`, and those of `uv pip` alone, which have no place for more than a user in the URL. Returns
/// true if every command of uv reads one that is of the repository.
fn complete_older(
    toml: &mut Toml<'_>,
    place: &UvTable,
    wanted: &Wanted<'_>,
) -> Result<bool, UserError> {
    let of_pip = [place.table, &["pip"]].concat();
    let with = |url: &str| wanted.is_meant(url).then(|| with_user(&wanted.index()));
    let mut is_there = false;
    for key in OLDER {
        toml.exchange(&of_pip, key, with)?;
        is_there |= toml.exchange(place.table, key, with)?;
    }
    Ok(is_there)
}

/// Its name, its place, `default` and `explicit` stay as the user has them. A further entry of the repository is no second
/// place to publish to.
fn complete(
    toml: &mut Toml<'_>,
    place: &UvTable,
    number: usize,
    there: &Entry<'_>,
    is_further: bool,
    wanted: &Wanted<'_>,
) -> Result<(), UserError> {
    let indexes = place.indexes();
    let mut set = |key: &str, value: &str| toml.set_in(&indexes, number, key, value);
    // The last first: each comes directly below the URL.
    set("authenticate", "always")?;
    let publish = there.string("publish-url");
    let is_other = publish.map_or(is_further, |it| !wanted.is_meant(it));
    if !is_other {
        set("publish-url", &with_user(&wanted.root()))?;
    }
    let url = there.string("url").unwrap_or_default();
    if !wanted.is_clean(url) || !url.trim_end_matches('/').ends_with("/simple") {
        set("url", &wanted.index())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
