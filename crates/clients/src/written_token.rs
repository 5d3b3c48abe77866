//! A CodeArtifact token by its looks, and a password in a URL of CodeArtifact's. Pure functions of a text.
//!
//! A token is a compact JWE, whose first part can be read by anybody and tells when it ends. That was seen in tokens
//! which people published; AWS does not document it, so a token of another form is found by its URL alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use codeartifact_auth::endpoint::UrlParts;
use codeartifact_auth::token::Timestamp;
use serde_json::Value;

/// The beginning of every JWE: `{"` in base64.
const START: &str = "eyJ";

/// The algorithm that CodeArtifact encrypts with.
const ENCRYPTION: &str = "A128GCM";

/// A token or a password.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Leftover {
    /// From 1.
    pub(crate) line: usize,
    /// As the token says; a password says nothing.
    pub(crate) expires: Option<Timestamp>,
}

/// Every line that holds one.
pub(crate) fn find(text: &str, is_ours: &dyn Fn(&str) -> bool) -> Vec<Leftover> {
    let lines = text.lines().enumerate();
    let found = lines.filter_map(|(at, line)| {
        let expires = in_line(line, is_ours)?;
        Some(Leftover {
            line: at + 1,
            expires,
        })
    });
    found.collect()
}

fn in_line(line: &str, is_ours: &dyn Fn(&str) -> bool) -> Option<Option<Timestamp>> {
    let mut starts = line.match_indices(START);
    let token = starts.find_map(|(at, _)| expiry(word_at(line, at)));
    match token {
        Some(expires) => Some(Some(expires)),
        None => urls(line)
            .any(|url| has_password(url) && is_ours(url))
            .then_some(None),
    }
}

/// When a token ends; `None` if this is none.
pub fn expiry(token: &str) -> Option<Timestamp> {
    let parts: Vec<_> = token.split('.').collect();
    let [header, _, _, _, tag] = parts[..] else {
        return None;
    };
    let header = URL_SAFE_NO_PAD.decode(header).ok()?;
    let header: Value = serde_json::from_slice(&header).ok()?;
    let is_ours = header["enc"].as_str()? == ENCRYPTION && !tag.is_empty();
    // Written as a whole number or with a fraction.
    let seconds = header["exp"].as_f64().filter(|_| is_ours)?;
    Some(Timestamp(seconds as u64))
}

/// The run of characters from `at` that can belong to a token.
fn word_at(line: &str, at: usize) -> &str {
    let rest = &line[at..];
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
    &rest[..end]
}

fn urls(line: &str) -> impl Iterator<Item = &str> {
    let is_end = |letter: char| letter.is_whitespace() || "\"'`,<>()[]{}|".contains(letter);
    line.split(is_end).filter_map(|word| {
        let scheme = ["https://", "http://"]
            .into_iter()
            .filter_map(|scheme| word.find(scheme))
            .min()?;
        Some(&word[scheme..])
    })
}

/// A variable in its place (`${TOKEN}`, `$TOKEN`, `%TOKEN%`) is no password.
fn has_password(url: &str) -> bool {
    let (_, password) = UrlParts::cut(url)
        .userinfo
        .split_once(':')
        .unwrap_or_default();
    !password.is_empty() && !password.starts_with(['$', '%'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leftover::for_tests::token;

    fn found(text: &str) -> Vec<(usize, Option<u64>)> {
        let is_ours = |url: &str| url.contains("@ours/");
        let found = find(text, &is_ours).into_iter();
        found
            .map(|it| (it.line, it.expires.map(|expires| expires.0)))
            .collect()
    }

    #[test]
    fn tokens_are_found_wherever_they_stand() {
        let token = token(1_769_904_000);
        let expected = [(2, Some(1_769_904_000))];
        for line in [
            format!("index-url = https://aws:{token}@ours/pypi/my-repo/simple/"),
            format!("//ours/npm/my-repo/:_authToken={token}"),
            format!("  npmAuthToken: \"{token}\""),
            format!("machine ours login aws password {token}"),
            format!("ENV TOKEN={token} OTHER=x"),
        ] {
            assert_eq!(found(&format!("\n{line}\n")), expected, "{line}");
        }
        let two = format!("https://aws:{token}@ours/\nx\nhttps://aws:opaque@ours/\n");
        assert_eq!(found(&two), [(1, Some(1_769_904_000)), (3, None)]);
    }

    #[test]
    fn what_is_none_is_not_taken_for_one() {
        let signed = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT","exp":1}"#);
        let foreign = URL_SAFE_NO_PAD.encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM","exp":1}"#);
        for line in [
            String::new(),
            "https://aws@ours/pypi/my-repo/simple/".to_owned(),
            "https://aws:${TOKEN}@ours/".to_owned(),
            "https://aws:$TOKEN@ours/".to_owned(),
            "https://aws:s3cret@other/".to_owned(),
            "https://ours/?x=a:b@ours/".to_owned(),
            format!("{signed}.a.b"),
            format!("{foreign}.a.b.c.d"),
            "eyJ.a.b.c.d".to_owned(),
            "eyJ\u{e9}".to_owned(),
        ] {
            assert_eq!(found(&line), [], "{line}");
        }
    }
}
