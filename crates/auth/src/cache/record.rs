//! The format of an entry in a store: one JSON object of a known version, which names its key.
//! Anything else is a miss, never an error: the token is minted again and the record replaced.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{CacheKey, Label};
use crate::token::{Secret, Timestamp, Token};

const VERSION: u32 = 1;

/// A record needs less than this beside token and label. The buffer must not grow: growing leaves a copy behind.
const FRAME_BYTES: usize = 512;

#[derive(Serialize, Deserialize)]
struct Record<'a> {
    v: u32,
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow)]
    token: Cow<'a, str>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<Label>,
}

/// A kept token, or session, as `status` shows it: everything but the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The store that keeps it.
    pub store: &'static str,
    /// Its name there.
    pub key: CacheKey,
    /// The domain and connection that it is of.
    pub label: Option<Label>,
    /// When it was minted.
    pub issued_at: Timestamp,
    /// When the server stops taking it.
    pub expires_at: Timestamp,
    /// Bytes of the whole record.
    pub size: usize,
}

impl Kept {
    /// Tells whether it is the session of a role rather than a token.
    pub(super) fn is_session(&self) -> bool {
        self.label.as_ref().is_some_and(|it| it.role.is_some())
    }
}

/// Writes `token` as bytes, which are zeroed on drop.
pub(super) fn encode(
    key: &CacheKey,
    token: &Token,
    label: &Label,
) -> Result<Zeroizing<Vec<u8>>, serde_json::Error> {
    let secret = token.secret.expose();
    let mut bytes = Zeroizing::new(Vec::with_capacity(FRAME_BYTES + secret.len() + label.len()));
    let record = Record {
        v: VERSION,
        key: Cow::Borrowed(key.as_str()),
        token: Cow::Borrowed(secret),
        issued_at: token.issued_at,
        expires_at: token.expires_at,
        label: Some(label.clone()),
    };
    serde_json::to_writer(&mut *bytes, &record)?;
    Ok(bytes)
}

/// Returns the token in `bytes`, if they are a record of ours for `key`.
pub(super) fn decode(key: &CacheKey, bytes: &[u8]) -> Option<Token> {
    let record = read(bytes)?;
    if record.key != key.as_str() || !is_token(&record.token) {
        return None;
    }
    Some(Token {
        secret: Secret::new(record.token.into_owned()),
        issued_at: record.issued_at,
        expires_at: record.expires_at,
    })
}

/// Describes the record in `bytes`, if it is one of ours.
pub(super) fn outline(store: &'static str, bytes: &[u8]) -> Option<Kept> {
    let record = read(bytes)?;
    Some(Kept {
        store,
        key: CacheKey::from_digits(&record.key)?,
        label: record.label,
        issued_at: record.issued_at,
        expires_at: record.expires_at,
        size: bytes.len(),
    })
}

fn read(bytes: &[u8]) -> Option<Record<'_>> {
    let record: Record<'_> = serde_json::from_slice(bytes).ok()?;
    (record.v == VERSION).then_some(record)
}

/// A token goes into headers and configuration files as it is, so a record cannot smuggle in a line break.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::for_tests::{KEY, OTHER_KEY, key, label, token};

    #[test]
    fn what_was_encoded_is_decoded() {
        for length in [1, 1200, 4096, 20_000] {
            let token = token(length);
            let bytes = encode(&key(KEY), &token, &label()).unwrap();
            let found = decode(&key(KEY), &bytes).unwrap();
            assert_eq!(found.secret.expose(), token.secret.expose());
            assert_eq!(
                (found.issued_at, found.expires_at),
                (token.issued_at, token.expires_at)
            );
        }
    }

    #[test]
    fn the_buffer_is_never_moved_while_it_fills() {
        for length in [1, 1200, 4096, 20_000] {
            let token = token(length);
            let bytes = encode(&key(KEY), &token, &label()).unwrap();
            assert_eq!(
                bytes.capacity(),
                FRAME_BYTES + length + label().len(),
                "{length}"
            );
        }
    }

    #[test]
    fn anything_else_is_a_miss() {
        let good =
            format!(r#"{{"v":1,"key":"{KEY}","token":"t0k3n","issued_at":1,"expires_at":2}}"#);
        assert!(decode(&key(KEY), good.as_bytes()).is_some());
        let rows = [
            ("empty", String::new()),
            ("not JSON", "codeartifact".into()),
            ("torn", good[..good.len() - 7].into()),
            ("zeros at the end", format!("{good}\0\0\0")),
            ("unknown version", good.replace("\"v\":1", "\"v\":2")),
            ("no version", good.replace("\"v\":1,", "")),
            ("for another key", good.replace(KEY, OTHER_KEY)),
            ("no token", good.replace("\"token\":\"t0k3n\",", "")),
            ("empty token", good.replace("t0k3n", "")),
            (
                "a line break in the token",
                good.replace("t0k3n", "t0k3n\\nevil: 1"),
            ),
            ("a token that is no text", good.replace("\"t0k3n\"", "7")),
            (
                "a time before the epoch",
                good.replace(":1,\"exp", ":-1,\"exp"),
            ),
            ("a list", format!("[{good}]")),
        ];
        for (what, text) in rows {
            assert!(decode(&key(KEY), text.as_bytes()).is_none(), "{what}");
        }
        assert!(decode(&key(KEY), b"\xff\xfe{}").is_none(), "not text");
    }

    #[test]
    fn an_outline_tells_everything_but_the_token() {
        let bytes = encode(&key(KEY), &token(1200), &label()).unwrap();
        let outline = outline("file", &bytes).unwrap();
        assert_eq!(outline.key, key(KEY));
        assert_eq!(outline.label, Some(label()));
        assert!(!format!("{outline:?}").contains(token(1200).secret.expose()));
    }
}
