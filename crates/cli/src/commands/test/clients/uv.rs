//! uv: it asks a keyring only when told to, and only for an index whose user it knows or that says `authenticate`.
//! Source: uv's documentation, "HTTP credentials" and "Alternative indexes"; tried with uv 0.13.

use std::collections::BTreeSet;

use codeartifact_auth::environment::{
    UV_DEFAULT_INDEX, UV_EXTRA_INDEX_URL, UV_INDEX, UV_INDEX_PREFIX, UV_INDEX_URL,
    UV_KEYRING_PROVIDER,
};
use codeartifact_auth::error::Exit;
use toml::{Table, Value};

use super::super::Finding;
use super::desk::{Desk, Page, page};
use super::{keyring, netrc};
use crate::commands::user_files;

const CHECK: &str = "client_uv";
const CLIENT: &str = "uv";

/// An index as uv is told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Index {
    name: Option<String>,
    url: String,
    always: bool,
    /// A file or a variable.
    place: String,
}

pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let files = files(desk);
    let mut indexes = of_variables(desk);
    indexes.extend(files.iter().flat_map(|(name, table)| of_table(table, name)));
    indexes.retain(|index| desk.is_ours(&index.url));
    if indexes.is_empty() {
        return Vec::new();
    }
    let user = |index: &Index, what: &str| {
        let name = index.name.as_deref()?;
        desk.environment.text(&variable_of(name, what))
    };
    let known = |index: &Index| userinfo(&index.url).is_some() || user(index, "USERNAME").is_some();
    indexes.retain(|index| user(index, "PASSWORD").is_none());
    let mut findings = unknown(&indexes, known);
    let provider = desk.environment.text(UV_KEYRING_PROVIDER);
    let provider = provider.or_else(|| files.iter().find_map(|(_, table)| provider_of(table)));
    if indexes.is_empty() {
        // Every one of them has its password from a variable, as `codeartifact exec` sets it.
    } else if provider.as_deref() != Some("subprocess") {
        findings.push(
            failed("asks no keyring unless it is told to".to_owned())
                .hint("set UV_KEYRING_PROVIDER=subprocess, or keyring-provider = \"subprocess\" in uv.toml"),
        );
    } else if let Some(netrc) = in_the_way(desk, &indexes) {
        findings.push(netrc);
    } else if findings.is_empty() {
        findings.push(keyring::on_path(desk.environment, &[]).finding(CHECK, CLIENT));
    }
    findings
}

/// Indexes for which uv asks nobody.
fn unknown(indexes: &[Index], known: impl Fn(&Index) -> bool) -> Vec<Finding> {
    let strangers = indexes
        .iter()
        .filter(|index| !index.always && !known(index));
    let names: BTreeSet<_> = strangers
        .map(|index| (index.shown(), &index.place))
        .collect();
    let told = names.into_iter().map(|(index, place)| {
        failed(format!(
            "asks no keyring for {index} ({place}), because it knows no user there"
        ))
        .hint("write the URL as https://aws@…, or authenticate = \"always\" beside it")
    });
    told.collect()
}

/// uv takes what netrc says, old or not, and asks nobody.
fn in_the_way(desk: &Desk<'_>, indexes: &[Index]) -> Option<Finding> {
    let file = netrc::file(desk)?;
    let entries = netrc::ours(&file.text, |machine| desk.is_ours(machine));
    let used = |entry: &&netrc::Entry| {
        indexes
            .iter()
            .any(|index| index.url.contains(&entry.machine))
    };
    let entry = entries.iter().find(used)?;
    let (name, line) = (&file.name, entry.line);
    Some(
        failed(format!(
            "asks no keyring for {}, because {name}:{line} has a password for it",
            entry.machine
        ))
        .hint(format!("take that entry out of {name}")),
    )
}

fn failed(text: String) -> Finding {
    Finding::failed(CHECK, CLIENT, text, Exit::Configuration)
}

impl Index {
    /// Its name, or its URL without what stands before the host.
    fn shown(&self) -> String {
        match &self.name {
            Some(name) => format!("the index {name}"),
            None => self.url.replacen(
                &format!("{}@", userinfo(&self.url).unwrap_or_default()),
                "",
                1,
            ),
        }
    }
}

fn userinfo(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let (userinfo, _) = authority.rsplit_once('@')?;
    Some(userinfo).filter(|userinfo| !userinfo.is_empty())
}

/// `UV_INDEX_MY_INDEX_USERNAME` of `my-index`.
fn variable_of(name: &str, what: &str) -> String {
    let letters = name
        .chars()
        .map(|letter| match letter.is_ascii_alphanumeric() {
            true => letter.to_ascii_uppercase(),
            false => '_',
        });
    format!("{UV_INDEX_PREFIX}{}_{what}", letters.collect::<String>())
}

/// `NAME=URL` or a URL, several of them apart by blanks.
fn of_variables(desk: &Desk<'_>) -> Vec<Index> {
    let names = [UV_DEFAULT_INDEX, UV_INDEX, UV_INDEX_URL, UV_EXTRA_INDEX_URL];
    let pages = names.into_iter().filter_map(|name| desk.variable(name));
    pages.flat_map(|page| of_variable(&page)).collect()
}

fn of_variable(page: &Page) -> Vec<Index> {
    let entries = page.text.split_whitespace().map(|entry| {
        let (name, url) = match entry.split_once('=') {
            Some((name, url)) if !name.contains(':') => (Some(name.to_owned()), url),
            _ => (None, entry),
        };
        Index {
            name,
            url: url.to_owned(),
            always: false,
            place: page.name.clone(),
        }
    });
    entries.collect()
}

/// The project's settings, then the user's; of a project's two files uv reads `uv.toml` alone.
fn files(desk: &Desk<'_>) -> Vec<(String, Table)> {
    let project = desk.nearest("uv.toml").and_then(|page| parsed(&page));
    let project = project.or_else(|| {
        let (name, table) = desk
            .nearest("pyproject.toml")
            .and_then(|page| parsed(&page))?;
        let settings = table.get("tool")?.get("uv")?.as_table()?;
        Some((name, settings.clone()))
    });
    let user = user_files::uv(desk.environment).and_then(|file| page(&file));
    let user = user.and_then(|page| parsed(&page));
    project.into_iter().chain(user).collect()
}

/// What is no TOML stops uv itself, in its own words.
fn parsed(page: &Page) -> Option<(String, Table)> {
    Some((page.name.clone(), page.text.parse().ok()?))
}

fn of_table(table: &Table, place: &str) -> Vec<Index> {
    let text = |value: &Value, key| Some(value.get(key)?.as_str()?.to_owned());
    let listed = table.get("index").and_then(Value::as_array);
    let listed = listed.into_iter().flatten().filter_map(|index| {
        Some(Index {
            name: text(index, "name"),
            url: text(index, "url")?,
            always: text(index, "authenticate").as_deref() == Some("always"),
            place: place.to_owned(),
        })
    });
    let older = ["index-url", "extra-index-url"]
        .into_iter()
        .filter_map(|key| table.get(key));
    let older = older.flat_map(|value| match value {
        Value::Array(urls) => urls.clone(),
        url => vec![url.clone()],
    });
    let older = older.filter_map(|url| {
        Some(Index {
            url: url.as_str()?.to_owned(),
            place: place.to_owned(),
            ..Index::default()
        })
    });
    listed.chain(older).collect()
}

fn provider_of(table: &Table) -> Option<String> {
    Some(table.get("keyring-provider")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_read_from_every_form() {
        let table: Table = "index-url = 'https://a/'\nextra-index-url = ['https://b/']\n\
            [[index]]\nname = 'c'\nurl = 'https://c/'\nauthenticate = 'always'\n[[index]]\nurl = 'https://u@d/'\n"
            .parse()
            .unwrap();
        let page = Page {
            name: "UV_INDEX".to_owned(),
            text: "https://e/?x=y f=https://f/".to_owned(),
        };
        let found: Vec<_> = of_table(&table, "uv.toml")
            .into_iter()
            .chain(of_variable(&page))
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
        assert_eq!(
            variable_of("my-priv.2", "USERNAME"),
            "UV_INDEX_MY_PRIV_2_USERNAME"
        );
    }

    #[test]
    fn an_index_without_a_user_is_told_of_and_no_other() {
        let index = |url: &str, always| Index {
            url: url.to_owned(),
            always,
            place: "uv.toml".to_owned(),
            name: None,
        };
        let indexes = [
            index("https://a/", false),
            index("https://aws@b/", false),
            index("https://c/", true),
        ];
        let told = unknown(&indexes, |index| userinfo(&index.url).is_some());
        assert_eq!(told.len(), 1);
        assert!(
            told[0].text.contains("for https://a/ (uv.toml)"),
            "{told:?}"
        );
    }
}
