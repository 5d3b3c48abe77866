//! Reads what the text of a `bunfig.toml` alone does not show: a registry by a variable, and which lines give one its
//! token: `registry = { url = "…", token = "$NAME" }`, or a URL with the token in it.

use std::path::Path;

use codeartifact_auth::endpoint::UrlParts;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::command_line::Kind;
use super::credential::{Credential, CredentialValue};
use super::finder::Finder;
use crate::setting::Origin;

pub(super) const FILE: &str = "bunfig.toml";

/// `bunfig.toml`, the user's `.bunfig.toml`, or what `--config` names.
pub(super) fn is_one(file: &Path) -> bool {
    file.extension().is_some_and(|it| it == "toml")
}

/// Keeps them. A file that Bun cannot read either gives nothing.
pub(super) fn search(finder: &mut Finder<'_>, text: &str, file: &Path, is_projects: bool) {
    let Ok(table) = DeTable::parse(text) else {
        return;
    };
    let origin = |at: usize| {
        let line = text[..at].matches('\n').count() + 1;
        Origin::File(file.to_owned(), Some(line))
    };
    for (at, scope, url) in by_variable(table.get_ref()) {
        finder.consider_setting(scope.as_deref(), &url, origin(at));
    }
    let mut found = Vec::new();
    collect(table.get_ref(), &mut found);
    for (at, url, token) in found {
        let endpoint = finder.endpoint(&braced(&url));
        if let (Some(endpoint), Some(value)) = (endpoint, CredentialValue::read(&token)) {
            finder.keep_credential(Credential {
                endpoint,
                origin: origin(at),
                value,
                is_projects,
                client: Some(Kind::Bun),
            });
        }
    }
}

/// Registries whose whole URL is a variable: Bun 1.4.5 replaces no part of one. Each with its place and scope.
fn by_variable(table: &DeTable<'_>) -> Vec<(usize, Option<String>, String)> {
    let install = entry(table, "install").and_then(|it| it.get_ref().as_table());
    let Some(install) = install else {
        return Vec::new();
    };
    let default = entry(install, "registry").and_then(url);
    let default = default.map(|(at, url)| (at, None, url));
    let scopes = entry(install, "scopes").and_then(|it| it.get_ref().as_table());
    let scopes = scopes.into_iter().flatten().filter_map(|(name, value)| {
        let scope = format!("@{}", name.get_ref().trim_start_matches('@'));
        url(value).map(|(at, url)| (at, Some(scope), url))
    });
    default.into_iter().chain(scopes).collect()
}

fn entry<'t, 's>(table: &'t DeTable<'s>, key: &str) -> Option<&'t Spanned<DeValue<'s>>> {
    let mut entries = table.iter();
    let found = entries.find(|(name, _)| name.get_ref() == key);
    found.map(|(_, value)| value)
}

/// The URL of a registry, where it is a variable.
fn url(value: &Spanned<DeValue<'_>>) -> Option<(usize, String)> {
    let value = match value.get_ref() {
        DeValue::Table(table) => entry(table, "url")?,
        _ => value,
    };
    let text = value.get_ref().as_str()?;
    let is_variable = text.starts_with('$');
    is_variable.then(|| (value.span().start, braced(text)))
}

/// Tells if a line that begins as a comment is one: no string reaches from one line to the next.
pub(super) fn has_comments(text: &str) -> bool {
    ["\"\"\"", "'''", "\\", "`"]
        .iter()
        .all(|it| !text.contains(it))
}

/// The place of a token, the URL it is for, and the token.
type Found = (usize, String, String);

fn collect(table: &DeTable<'_>, found: &mut Vec<Found>) {
    let text = |key: &str| {
        let (_, value) = table.iter().find(|(name, _)| name.get_ref() == key)?;
        match value.get_ref() {
            DeValue::String(text) => Some((value.span().start, text.to_string())),
            _ => None,
        }
    };
    if let (Some((_, url)), Some((at, token))) = (text("url"), text("token")) {
        found.push((at, url, token));
    }
    for (_, value) in table {
        match value.get_ref() {
            DeValue::Table(table) => collect(table, found),
            DeValue::String(url) => {
                let userinfo = UrlParts::cut(url).userinfo;
                let token = userinfo.rsplit(':').next().filter(|it| !it.is_empty());
                found.extend(
                    token.map(|token| (value.span().start, url.to_string(), token.to_owned())),
                );
            }
            _ => {}
        }
    }
}

/// The URL with its variable as others spell it, `${NAME}`; one of the user's name or password is no matter.
fn braced(url: &str) -> String {
    if let Some(name) = url.strip_prefix('$').filter(|it| !it.starts_with('{')) {
        return format!("${{{name}}}");
    }
    let userinfo = UrlParts::cut(url).userinfo;
    match userinfo {
        "" => url.to_owned(),
        userinfo => url.replacen(&format!("{userinfo}@"), "", 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_give_a_token_is_found() {
        let rows = [
            ("[install]\nregistry = { url = \"u\", token = \"$T\" }", 1),
            ("[install.registry]\nurl = \"u\"\ntoken = \"$T\"", 1),
            (
                "[install.scopes]\na = { token = \"$T\", url = \"u\" }\nb = \"https://aws:$T@h/\"",
                2,
            ),
            ("[install]\nregistry = \"https://h/\"", 0),
            ("[install]\ntoken = \"$T\"", 0),
            ("[broken", 0),
        ];
        for (text, expected) in rows {
            let mut found = Vec::new();
            if let Ok(table) = DeTable::parse(text) {
                collect(table.get_ref(), &mut found);
            }
            assert_eq!(found.len(), expected, "{text}");
            assert!(found.iter().all(|(_, _, token)| token == "$T"), "{found:?}");
        }
    }
}
