//! The store that hosts share (Valkey or Redis): its keys in the file. What is kept there, and how, is `mint/store.rs`'s.

use serde::{Deserialize, Serialize};

use super::check::wrong;
use super::table::Table;
use crate::error::Failure;

/// A store that several hosts reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreSettings {
    /// `rediss://cache.example.com:6379`, without a user or password.
    pub url: String,
    /// The file of the keys that seal the records.
    pub keys: String,
    /// The user of the server's ACL.
    pub user: Option<String>,
    /// The file of that user's password.
    pub password_file: Option<String>,
    /// A PEM file of certificate authorities, in place of the system's.
    pub authorities: Option<String>,
}

const KEYS: &[&str] = &["url", "keys", "user", "password_file", "authorities"];

impl StoreSettings {
    pub(super) fn read(table: Table<'_>) -> Result<Self, Box<Failure>> {
        table.require_known(KEYS)?;
        let missing = |key: &str| table.wrong(wrong(format_args!("{key} is missing")));
        let (user, password_file) = (
            table.read("user", text)?,
            table.read("password_file", text)?,
        );
        if user.is_some() && password_file.is_none() {
            return Err(missing("password_file"));
        }
        Ok(Self {
            url: table.read("url", url)?.ok_or_else(|| missing("url"))?,
            keys: table.read("keys", text)?.ok_or_else(|| missing("keys"))?,
            user,
            password_file,
            authorities: table.read("authorities", text)?,
        })
    }
}

fn text(text: &str) -> Result<String, Box<Failure>> {
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(wrong("must be a text without control characters"));
    }
    Ok(text.to_owned())
}

/// TLS, unless the store is on this machine: names of records tell who builds when, and a record can be replaced.
fn url(text: &str) -> Result<String, Box<Failure>> {
    let refused = |reason: &str| {
        let failure = wrong(format_args!("`{}` {reason}", text.escape_debug()));
        failure.with(
            "correction",
            "it looks like `rediss://cache.example.com:6379`",
        )
    };
    let (scheme, rest) = text
        .split_once("://")
        .ok_or_else(|| refused("is not a URL"))?;
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]/".contains(&byte);
    if rest.is_empty() || !rest.bytes().all(is_legal) {
        return Err(refused("is not a URL of host, port and database alone"));
    }
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    match scheme {
        "rediss" => Ok(text.to_owned()),
        "redis" if matches!(host, "localhost" | "127.0.0.1" | "[::1]") => Ok(text.to_owned()),
        "redis" => Err(refused("must begin with rediss://")),
        _ => Err(refused("is no rediss:// URL")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_elsewhere_is_reached_by_tls() {
        let rows = [
            ("rediss://cache.example.com:6379", true),
            ("rediss://cache.example.com:6379/1", true),
            ("redis://127.0.0.1:6379", true),
            ("redis://[::1]:6379", true),
            ("redis://cache.example.com:6379", false),
            ("rediss://me:secret@cache.example.com", false),
            ("rediss://cache.example.com/#insecure", false),
            ("https://cache.example.com", false),
            ("rediss://", false),
            ("cache.example.com", false),
        ];
        for (text, expected) in rows {
            assert_eq!(url(text).is_ok(), expected, "{text}");
        }
    }
}
