//! Keys, tokens and labels for the tests of this module.

use super::{CacheKey, Label};
use crate::token::{Secret, Timestamp, Token};

pub(super) const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
pub(super) const OTHER_KEY: &str =
    "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

pub(super) fn key(digits: &str) -> CacheKey {
    CacheKey::from_digits(digits).unwrap()
}

/// A token of `length` characters that could be CodeArtifact's.
pub(super) fn token(length: usize) -> Token {
    Token {
        secret: Secret::new(
            "eyJ2ZXIiOjEsImlzdSI6MTZ9."
                .chars()
                .cycle()
                .take(length)
                .collect(),
        ),
        issued_at: Timestamp(1_800_000_000),
        expires_at: Timestamp(1_800_043_200),
    }
}

pub(super) fn label() -> Label {
    Label {
        connection: Some("acme".into()),
        domain: "my-domain".into(),
        owner: "111122223333".into(),
        region: "us-east-1".into(),
        role: None,
    }
}
