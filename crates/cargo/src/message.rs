//! The lines of cargo's protocol, version 1: a request as far as we read it, and each answer. It decides nothing.

use codeartifact_auth::token::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::json;

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

/// Cargo waits for this line before it asks.
pub(crate) fn hello() -> String {
    format!("{}\n", json!({ "v": [VERSION] }))
}

impl Answer {
    /// Reading and publishing take the same token (`operation_independent`).
    pub(crate) fn line(&self) -> Secret {
        let line = match self {
            Answer::Token(token, ask_again_at) => json!({"Ok": {
                "kind": "get", "token": token.expose(), "cache": "expires",
                "expiration": ask_again_at.0, "operation_independent": true,
            }}),
            Answer::Done(kind) => json!({"Ok": { "kind": kind }}),
            Answer::UrlNotSupported => json!({"Err": { "kind": "url-not-supported" }}),
            Answer::OperationNotSupported => json!({"Err": { "kind": "operation-not-supported" }}),
            Answer::Failed(message) => {
                json!({"Err": { "kind": "other", "message": message, "caused-by": [] }})
            }
        };
        Secret::new(format!("{line}\n"))
    }
}
