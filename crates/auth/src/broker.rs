//! The protocol between a job and the broker of its platform: one JSON object each way over https, with the job's identity
//! token as its proof. Both ends are in this file, so that they cannot differ within one release. Who asks is
//! `mint/broker.rs`; who answers is the crate `proxy`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::token::{Secret, Timestamp, Token};

/// The path for tokens, below the broker's URL. It takes a POST.
pub const TOKEN_PATH: &str = "/v1/token";

/// Whom a job's identity token for the broker is for, unless both sides agree on another audience.
pub const AUDIENCE: &str = "codeartifact-broker";

/// A question has a URL and a name.
pub const LONGEST_QUESTION: usize = 16 * 1024;

/// A job's question.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question<'a> {
    /// Any URL of the repository.
    #[serde(borrow)]
    pub url: Cow<'a, str>,
    /// The name of one of the connections that the job may use, where several are for the URL.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<Cow<'a, str>>,
}

/// The answer. A reader ignores what it does not know.
#[derive(Serialize, Deserialize)]
pub struct Grant<'a> {
    #[serde(borrow)]
    token: Cow<'a, str>,
    issued_at: Timestamp,
    expires_at: Timestamp,
    /// The connection of the broker's that the token is of.
    pub connection: String,
}

impl<'a> Grant<'a> {
    /// Hands this token out.
    pub fn new(token: &'a Token, connection: &str) -> Self {
        Self {
            token: Cow::Borrowed(token.secret.expose()),
            issued_at: token.issued_at,
            expires_at: token.expires_at,
            connection: connection.to_owned(),
        }
    }
}

impl From<Grant<'_>> for Token {
    fn from(grant: Grant<'_>) -> Self {
        Self {
            secret: Secret::new(grant.token.into_owned()),
            issued_at: grant.issued_at,
            expires_at: grant.expires_at,
        }
    }
}

/// A refusal, with a status of 400 or more.
#[derive(Debug, Serialize, Deserialize)]
pub struct Denial {
    /// For a person, on one line.
    pub error: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_arrives_whole() {
        let token = Token {
            secret: Secret::new("eyJ2ZXIi\"\\".to_owned()),
            issued_at: Timestamp(1_800_000_000),
            expires_at: Timestamp(1_800_043_200),
        };
        let text = serde_json::to_string(&Grant::new(&token, "acme")).unwrap();
        assert_eq!(
            text,
            r#"{"token":"eyJ2ZXIi\"\\","issued_at":1800000000,"expires_at":1800043200,"connection":"acme"}"#
        );
        let newer = text.replace("\"acme\"", "\"acme\",\"of\":\"a later release\"");
        let read: Token = serde_json::from_str::<Grant<'_>>(&newer).unwrap().into();
        assert_eq!(read.secret.expose(), token.secret.expose());
        assert_eq!(
            (read.issued_at, read.expires_at),
            (token.issued_at, token.expires_at)
        );
    }

    #[test]
    fn a_question_names_a_connection_or_none() {
        let rows = [
            (r#"{"url":"u"}"#, Some(None)),
            (r#"{"url":"u","connection":"acme"}"#, Some(Some("acme"))),
            (r#"{"connection":"acme"}"#, None),
            (r#"{"url":"u","role":"r"}"#, None),
            ("[]", None),
        ];
        for (text, expected) in rows {
            let read = serde_json::from_str::<Question<'_>>(text).ok();
            let read = read.map(|read| read.connection.map(Cow::into_owned));
            assert_eq!(read, expected.map(|name| name.map(str::to_owned)), "{text}");
        }
    }
}
