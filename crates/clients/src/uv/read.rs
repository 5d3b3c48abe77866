//! The indexes that uv is told of here: by variables, by the project's files at its root, and by the user's.

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::{UrlParts, without_userinfo};
use toml_edit::{Document, Item};

use super::{
    OLDER, PROVIDER, UV_DEFAULT_INDEX, UV_EXTRA_INDEX_URL, UV_INDEX, UV_INDEX_URL,
    UV_KEYRING_PROVIDER, root, user_file,
};
use crate::here::{self, Here, NamedText};
use crate::setting::Origin;
use crate::toml::{self, Entry};

const PROXIES: [&str; 2] = ["https-proxy", "http-proxy"];

/// An index as uv is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) name: Option<String>,
    pub(super) url: String,
    pub(super) always: bool,
    pub(super) origin: Origin,
}

impl Index {
    /// Its name, or its URL without what is before the host.
    pub(super) fn shown(&self) -> String {
        match &self.name {
            Some(name) => format!("the index {name}"),
            None => without_userinfo(&self.url),
        }
    }

    pub(super) fn place(&self) -> String {
        match &self.origin {
            Origin::Variable(name) => name.clone(),
            other => other.to_string(),
        }
    }

    pub(super) fn has_user(&self) -> bool {
        !UrlParts::cut(&self.url).userinfo.is_empty()
    }
}

/// The indexes of variables and files that are CodeArtifact's, with what the files say of keyrings.
pub(super) fn ours(here: &Here<'_>) -> (Vec<Index>, Option<String>) {
    let (mut indexes, provider) = all(here);
    indexes.retain(|index| here.is_ours(&index.url));
    (indexes, provider)
}

/// The same with those of other servers.
pub(super) fn all(here: &Here<'_>) -> (Vec<Index>, Option<String>) {
    let names = [UV_DEFAULT_INDEX, UV_INDEX, UV_INDEX_URL, UV_EXTRA_INDEX_URL];
    let set = names.into_iter().filter_map(|name| here.variable(name));
    let mut indexes: Vec<_> = set.flat_map(|variable| of_variable(&variable)).collect();
    let project = root::uv_toml(here).and_then(|file| parsed(&file, &[]));
    let project = project.or_else(|| parsed(&root::pyproject(here)?, &["tool", "uv"]));
    let user = user_file(here).and_then(|file| parsed(&here::read(&file)?, &[]));
    let mut provider = here.environment.text(UV_KEYRING_PROVIDER);
    for (file, table) in project.into_iter().chain(user) {
        indexes.extend(of_table(&table, &file));
        provider = provider.or_else(|| Some(table.get(PROVIDER)?.as_str()?.to_owned()));
    }
    (indexes, provider)
}

/// The proxy that the project's own settings name, with the file and the key. uv reads one of its two files; which, is not
/// asked here.
pub(super) fn proxy(here: &Here<'_>) -> Option<(PathBuf, &'static str)> {
    let uv_toml = root::uv_toml(here).and_then(|file| parsed(&file, &[]));
    let pyproject = root::pyproject(here).and_then(|file| parsed(&file, &["tool", "uv"]));
    uv_toml
        .into_iter()
        .chain(pyproject)
        .find_map(|(file, table)| {
            let key = PROXIES.into_iter().find(|key| table.get(key).is_some())?;
            Some((file, key))
        })
}

/// A file that is no TOML is passed over: uv itself stops there, in its own words.
fn parsed(file: &NamedText, path: &[&str]) -> Option<(PathBuf, Item)> {
    let document = Document::parse(file.text.clone()).ok()?;
    Some((
        PathBuf::from(&file.name),
        toml::at(&document, path)?.clone(),
    ))
}

/// `NAME=URL` or a URL, several of them apart by blanks.
fn of_variable(variable: &NamedText) -> Vec<Index> {
    let entries = variable.text.split_whitespace().map(|entry| {
        let (name, url) = match entry.split_once('=') {
            Some((name, url)) if !name.contains(':') => (Some(name.to_owned()), url),
            _ => (None, entry),
        };
        Index {
            name,
            url: url.to_owned(),
            always: false,
            origin: Origin::Variable(variable.name.clone()),
        }
    });
    entries.collect()
}

fn of_table(table: &Item, file: &Path) -> Vec<Index> {
    let index = |entry: Option<&Entry<'_>>, url: &str| Index {
        name: entry.and_then(|it| it.string("name")).map(str::to_owned),
        url: url.to_owned(),
        always: entry.and_then(|it| it.string("authenticate")) == Some("always"),
        origin: Origin::File(file.to_owned(), None),
    };
    let listed = table.get("index").map(toml::of_array).unwrap_or_default();
    let listed = listed.into_iter();
    let listed = listed.filter_map(|it| Some(index(Some(&it), it.string("url")?)));
    let older = OLDER.iter().filter_map(|key| table.get(key)).flat_map(urls);
    listed.chain(older.map(|url| index(None, url))).collect()
}

/// One URL, or a list of them.
fn urls(item: &Item) -> Vec<&str> {
    let listed = item.as_array().into_iter().flatten();
    let listed = listed.filter_map(toml_edit::Value::as_str);
    item.as_str().into_iter().chain(listed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_read_from_every_form() {
        let table = "index-url = 'https://a/'\nextra-index-url = ['https://b/']\n\
            [[index]]\nname = 'c'\nurl = 'https://c/'\nauthenticate = 'always'\n[[index]]\nurl = 'https://u@d/'\n";
        let table = Document::parse(table.to_owned()).unwrap();
        let variable = NamedText {
            name: "UV_INDEX".to_owned(),
            text: "https://e/?x=y f=https://f/".to_owned(),
        };
        let found: Vec<_> = of_table(table.as_item(), Path::new("uv.toml"))
            .into_iter()
            .chain(of_variable(&variable))
            .collect();
        let shown: Vec<_> = found
            .iter()
            .map(|index| (index.shown(), index.always))
            .collect();
        let expected = [
            ("the index c", true),
            ("https://d/", false),
            ("https://a/", false),
            ("https://b/", false),
            ("https://e/?x=y", false),
            ("the index f", false),
        ];
        assert_eq!(
            shown,
            expected.map(|(shown, always)| (shown.to_owned(), always))
        );
    }
}
