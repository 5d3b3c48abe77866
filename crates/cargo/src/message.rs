//! The lines of cargo's protocol, version 1: a request as far as we read it, and each answer. It decides nothing.

use codeartifact_auth::token::{Secret, Timestamp};
use codeartifact_helper::line_of;
use serde::{Deserialize, Serialize};

/// The one version of the protocol that there is.
pub(crate) const VERSION: u32 = 1;

/// cargo's request. It may have more, which is for other providers.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) v: u32,
    /// `get`, `login`, `logout`; cargo may learn others.
    pub(crate) kind: String,
    pub(crate) registry: Registry,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Registry {
    /// `sparse+https://…/`, as the configuration has it.
    #[serde(rename = "index-url")]
    pub(crate) index_url: String,
}

/// An answer, to be written as one line.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The token, and when cargo should ask for another one.
    Token(Secret, Timestamp),
    /// A request of this kind is done.
    Done(&'static str),
    /// Not our registry: cargo asks its next provider.
    UrlNotSupported,
    /// Not a request that we know.
    OperationNotSupported,
    /// Cargo stops and shows this.
    Failed(String),
}

/// What we say first.
#[derive(Serialize)]
struct Hello {
    v: [u32; 1],
}

/// An answer as cargo reads it.
#[derive(Serialize)]
enum Line<'a> {
    Ok(Success<'a>),
    Err(Refusal<'a>),
}

#[derive(Serialize)]
#[serde(untagged)]
enum Success<'a> {
    Token {
        cache: &'a str,
        expiration: u64,
        kind: &'a str,
        operation_independent: bool,
        token: &'a str,
    },
    Done {
        kind: &'a str,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
enum Refusal<'a> {
    Other {
        #[serde(rename = "caused-by")]
        caused_by: [&'a str; 0],
        kind: &'a str,
        message: &'a str,
    },
    Known {
        kind: &'a str,
    },
}

/// Cargo waits for this line before it asks.
pub(crate) fn hello() -> Secret {
    line_of(&Hello { v: [VERSION] })
}

impl Answer {
    /// Reading and publishing take the same token (`operation_independent`).
    pub(crate) fn line(&self) -> Secret {
        line_of(&match self {
            Answer::Token(token, ask_again_at) => Line::Ok(Success::Token {
                cache: "expires",
                expiration: ask_again_at.0,
                kind: "get",
                operation_independent: true,
                token: token.expose(),
            }),
            Answer::Done(kind) => Line::Ok(Success::Done { kind }),
            Answer::UrlNotSupported => Line::Err(Refusal::Known {
                kind: "url-not-supported",
            }),
            Answer::OperationNotSupported => Line::Err(Refusal::Known {
                kind: "operation-not-supported",
            }),
            Answer::Failed(message) => Line::Err(Refusal::Other {
                caused_by: [],
                kind: "other",
                message,
            }),
        })
    }
}
