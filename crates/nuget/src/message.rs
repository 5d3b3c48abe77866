//! The messages of NuGet's plugin protocol, version 2.0: one JSON object a line. It decides nothing.

use codeartifact_auth::token::Secret;
use serde::Deserialize;
use serde_json::{Value, json};

/// The version that we speak; the one before had no credentials.
const PROTOCOL: &str = "2.0.0";

/// Our only request has it. Both sides number their own.
const OUR_REQUEST: &str = "00000000-0000-4000-8000-000000000001";

/// A message as NuGet sends it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Message {
    pub(crate) request_id: String,
    #[serde(rename = "Type")]
    pub(crate) kind: String,
    pub(crate) method: String,
    #[serde(default)]
    pub(crate) payload: Value,
}

/// NuGet's question in `GetAuthenticationCredentials`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Question {
    pub(crate) uri: String,
    /// The credentials that it got before were refused.
    #[serde(default)]
    pub(crate) is_retry: bool,
}

/// An answer's payload.
#[derive(Debug)]
pub(crate) enum Answer {
    Success,
    Handshake,
    /// We answer for credentials, and do nothing else for a certain source.
    Claims(bool),
    Token(Secret),
    /// Not our source: NuGet asks its next plugin.
    NotFound,
    /// NuGet stops and shows this.
    Error(String),
}

/// Both sides begin with this.
pub(crate) fn handshake() -> String {
    let payload = json!({ "ProtocolVersion": PROTOCOL, "MinimumProtocolVersion": PROTOCOL });
    line(OUR_REQUEST, "Request", "Handshake", &payload)
}

impl Message {
    /// The answer to this request.
    pub(crate) fn answer(&self, answer: &Answer) -> Secret {
        Secret::new(line(
            &self.request_id,
            "Response",
            &self.method,
            &answer.payload(),
        ))
    }

    /// Says that the answer takes a while. NuGet gives up after five seconds of silence.
    pub(crate) fn progress(&self) -> String {
        line(&self.request_id, "Progress", &self.method, &json!({}))
    }

    /// Says that there is no such request.
    pub(crate) fn fault(&self) -> String {
        let payload = json!({ "Message": format!("no request is called {}", self.method) });
        line(&self.request_id, "Fault", &self.method, &payload)
    }
}

impl Answer {
    fn payload(&self) -> Value {
        let credentials = |code: &str, token: Option<&str>, message: &str| {
            json!({
                "Username": token.map(|_| "aws"), "Password": token, "Message": message,
                "AuthenticationTypes": token.map(|_| ["Basic"]), "ResponseCode": code,
            })
        };
        match self {
            Answer::Success => json!({ "ResponseCode": "Success" }),
            Answer::Handshake => json!({ "ResponseCode": "Success", "ProtocolVersion": PROTOCOL }),
            Answer::Claims(true) => json!({ "Claims": ["Authentication"] }),
            Answer::Claims(false) => json!({ "Claims": [] }),
            Answer::Token(token) => credentials("Success", Some(token.expose()), ""),
            Answer::NotFound => credentials("NotFound", None, ""),
            Answer::Error(message) => credentials("Error", None, message),
        }
    }
}

fn line(id: &str, kind: &str, method: &str, payload: &Value) -> String {
    let message = json!({ "RequestId": id, "Type": kind, "Method": method, "Payload": payload });
    format!("{message}\n")
}
