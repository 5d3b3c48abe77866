//! The two documents of the protocol: a request as far as we read it, and the answer. It decides nothing.

use codeartifact_auth::token::{Secret, Timestamp};
use codeartifact_helper::line_of;
use serde::{Deserialize, Serialize};

/// The request. A tool may send more.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) uri: String,
}

/// Nothing is to be sent there.
pub(crate) const NOTHING: &str = "{}\n";

/// The answer with a header.
#[derive(Serialize)]
struct Line<'a> {
    expires: &'a str,
    headers: Headers<'a>,
}

#[derive(Serialize)]
struct Headers<'a> {
    #[serde(rename = "Authorization")]
    authorization: [&'a str; 1],
}

/// The header to send, and when to ask again.
pub(crate) fn answer(authorization: &Secret, ask_again_at: Timestamp) -> Secret {
    line_of(&Line {
        expires: &ask_again_at.to_string(),
        headers: Headers {
            authorization: [authorization.expose()],
        },
    })
}
