//! Which lines of a `bunfig.toml` give a registry its token: `registry = { url = "…", token = "$NAME" }`, and a URL with
//! the token in it.

use std::path::Path;

use codeartifact_auth::endpoint::UrlParts;
use toml::de::{DeTable, DeValue};

use super::Finder;
use super::credential::{Credential, CredentialValue};
use crate::setting::Origin;

pub(super) const FILE: &str = "bunfig.toml";
/// The user's own.
pub(super) const USERS_FILE: &str = ".bunfig.toml";

/// Keeps them. A file that Bun cannot read either gives nothing.
pub(super) fn search(finder: &mut Finder<'_>, text: &str, file: &Path, is_projects: bool) {
    let mut found = Vec::new();
    if let Ok(table) = DeTable::parse(text) {
        collect(table.get_ref(), &mut found);
    }
    for (at, url, token) in found {
        let endpoint = finder.endpoint(&braced(&url));
        if let (Some(endpoint), Some(value)) = (endpoint, CredentialValue::read(&token)) {
            let line = text[..at].matches('\n').count() + 1;
            finder.search.credentials.push(Credential {
                endpoint,
                origin: Origin::File(file.to_owned(), Some(line)),
                value,
                is_projects,
            });
        }
    }
}

/// Where a token is, the URL it is for, and the token.
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

/// Bun knows `$NAME` as well as `${NAME}`; a variable of the user's name or password is no matter.
fn braced(url: &str) -> String {
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
