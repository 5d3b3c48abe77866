//! The messages of NuGet's plugin protocol, version 2.0: one JSON object a line. It decides nothing.

use codeartifact_auth::token::Secret;
use codeartifact_helper::line_of;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// A message as we send it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line<'a> {
    method: &'a str,
    payload: Payload<'a>,
    request_id: &'a str,
    #[serde(rename = "Type")]
    kind: &'a str,
}

/// A payload of ours.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
enum Payload<'a> {
    Empty {},
    Versions {
        minimum_protocol_version: &'a str,
        protocol_version: &'a str,
    },
    Version {
        protocol_version: &'a str,
        response_code: &'a str,
    },
    Done {
        response_code: &'a str,
    },
    Claims {
        claims: &'a [&'a str],
    },
    Fault {
        message: String,
    },
    Credentials {
        authentication_types: Option<[&'a str; 1]>,
        message: &'a str,
        password: Option<&'a str>,
        response_code: &'a str,
        username: Option<&'a str>,
    },
}

/// Both sides begin with this.
pub(crate) fn handshake() -> Secret {
    line_of(&Line {
        method: "Handshake",
        payload: Payload::Versions {
            minimum_protocol_version: PROTOCOL,
            protocol_version: PROTOCOL,
        },
        request_id: OUR_REQUEST,
        kind: "Request",
    })
}

impl Message {
    /// The answer to this request.
    pub(crate) fn answer(&self, answer: &Answer) -> Secret {
        self.line("Response", answer.payload())
    }

    /// Says that the answer takes a while. NuGet gives up after five seconds of silence.
    pub(crate) fn progress(&self) -> Secret {
        self.line("Progress", Payload::Empty {})
    }

    /// Says that there is no such request.
    pub(crate) fn fault(&self) -> Secret {
        let message = format!("no request is called {}", self.method);
        self.line("Fault", Payload::Fault { message })
    }

    fn line(&self, kind: &str, payload: Payload<'_>) -> Secret {
        line_of(&Line {
            method: &self.method,
            payload,
            request_id: &self.request_id,
            kind,
        })
    }
}

impl Answer {
    fn payload(&self) -> Payload<'_> {
        let success = "Success";
        match self {
            Answer::Success => Payload::Done {
                response_code: success,
            },
            Answer::Handshake => Payload::Version {
                protocol_version: PROTOCOL,
                response_code: success,
            },
            Answer::Claims(true) => Payload::Claims {
                claims: &["Authentication"],
            },
            Answer::Claims(false) => Payload::Claims { claims: &[] },
            Answer::Token(token) => Payload::Credentials {
                authentication_types: Some(["Basic"]),
                message: "",
                password: Some(token.expose()),
                response_code: success,
                username: Some("aws"),
            },
            Answer::NotFound => none("NotFound", ""),
            Answer::Error(message) => none("Error", message),
        }
    }
}

fn none<'a>(response_code: &'a str, message: &'a str) -> Payload<'a> {
    Payload::Credentials {
        authentication_types: None,
        message,
        password: None,
        response_code,
        username: None,
    }
}
