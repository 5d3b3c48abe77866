//! Unpredictable identifiers: request ids, access keys, secrets. Nothing here means anything by itself.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A version 4 UUID, as AWS's request ids are.
pub(crate) fn uuid() -> String {
    let mut b = bytes(16);
    b[6] = b[6] & 0x0f | 0x40;
    b[8] = b[8] & 0x3f | 0x80;
    let hex = hex::encode(b);
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// A key id of AWS's length and alphabet, such as `ASIA` and 16 characters.
pub(crate) fn key_id(prefix: &str) -> String {
    let rest = bytes(16)
        .into_iter()
        .map(|b| char::from(BASE32[usize::from(b % 32)]));
    prefix.chars().chain(rest).collect()
}

/// Standard base64 of so many random bytes.
pub(crate) fn base64(length: usize) -> String {
    STANDARD.encode(bytes(length))
}

/// Exactly so many random characters of URL-safe base64.
pub(crate) fn base64url(characters: usize) -> String {
    let mut text = URL_SAFE_NO_PAD.encode(bytes(characters * 3 / 4 + 1));
    text.truncate(characters);
    text
}

/// All zeros replace random numbers that the system cannot give, which tests would soon notice.
fn bytes(length: usize) -> Vec<u8> {
    let mut buffer = vec![0; length];
    if getrandom::fill(&mut buffer).is_err() {
        buffer.fill(0);
    }
    buffer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        assert_eq!(uuid().len(), 36);
        assert_eq!(uuid().as_bytes()[14], b'4');
        let key = key_id("ASIA");
        assert!(key.starts_with("ASIA") && key.len() == 20, "{key}");
        for length in [1, 2, 3, 4, 899] {
            assert_eq!(base64url(length).len(), length);
        }
        assert_ne!(base64(30), base64(30));
    }
}
