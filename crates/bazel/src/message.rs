//! The two documents of the protocol: a request as far as we read it, and the answer. It decides nothing.

use codeartifact_auth::token::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::json;

/// The request. A tool may send more.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) uri: String,
}

/// Nothing is to be sent there.
pub(crate) const NOTHING: &str = "{}\n";

/// The header to send, and when to ask again.
pub(crate) fn answer(authorization: &Secret, ask_again_at: Timestamp) -> Secret {
    let answer = json!({
        "headers": { "Authorization": [authorization.expose()] },
        "expires": ask_again_at.to_string(),
    });
    Secret::new(format!("{answer}\n"))
}
