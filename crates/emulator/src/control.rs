//! The control endpoint, `/_emulator/…` on the plain port: faults, clock, tokens and journal of the running
//! emulator. It is not part of the emulated AWS, and what is asked here is not in the journal.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::{id_token, reply};

pub(crate) const PREFIX: &str = "/_emulator/";

const HELP: &str = "\
GET, POST, DELETE  /_emulator/faults    list, add, clear faults
POST               /_emulator/clock     {\"offset\": SECONDS} shifts the clock
DELETE             /_emulator/tokens    revokes every authorization token
POST               /_emulator/sign-ins  {\"approve\": true, \"user_code\": CODE} answers sign-ins; without a code all
POST               /_emulator/id-token  {\"issuer\", \"subject\", \"audience\"} makes an identity provider's token
GET                /_emulator/journal   the journal so far
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    offset: i64,
}

/// A person's answer to sign-ins by device code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInDecision {
    approve: bool,
    user_code: Option<String>,
}

/// A token that a provider of the scenario could have issued.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdTokenWish {
    issuer: String,
    subject: String,
    audience: String,
    /// Seconds from now; negative for one that has expired.
    #[serde(default = "five_minutes")]
    lifetime: i64,
}

fn five_minutes() -> i64 {
    300
}

pub(crate) fn answer(emulator: &Emulator, path: &str, request: &Request<Bytes>) -> Response<Bytes> {
    let topic = path.strip_prefix(PREFIX).unwrap_or_default();
    match (request.method(), topic) {
        (&Method::GET, "faults") => reply::json(StatusCode::OK, &json!(emulator.faults.list())),
        (&Method::POST, "faults") => result(add_faults(emulator, request.body())),
        (&Method::DELETE, "faults") => {
            emulator.faults.clear();
            done()
        }
        (&Method::POST, "clock") => result(set_clock(emulator, request.body())),
        (&Method::POST, "sign-ins") => result(decide_sign_ins(emulator, request.body())),
        (&Method::POST, "id-token") => id_token(emulator, request.body())
            .unwrap_or_else(|error| reply::text(StatusCode::BAD_REQUEST, &format!("{error}\n"))),
        (&Method::DELETE, "tokens") => {
            emulator.tokens.revoke_all();
            done()
        }
        (&Method::GET, "journal") => match emulator.journal.text() {
            Ok(text) => reply::text(StatusCode::OK, &text),
            Err(error) => reply::text(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error}\n")),
        },
        _ => reply::text(StatusCode::NOT_FOUND, HELP),
    }
}

fn add_faults(emulator: &Emulator, body: &[u8]) -> serde_json::Result<()> {
    let value: Value = serde_json::from_slice(body)?;
    // Told apart here and not by an untagged enum, whose errors would not name the wrong key.
    let faults = match value {
        Value::Array(_) => serde_json::from_value(value)?,
        one => vec![serde_json::from_value(one)?],
    };
    emulator.faults.add(faults);
    Ok(())
}

fn set_clock(emulator: &Emulator, body: &[u8]) -> serde_json::Result<()> {
    let clock: ClockChange = serde_json::from_slice(body)?;
    emulator.clock.set_offset(clock.offset);
    Ok(())
}

fn decide_sign_ins(emulator: &Emulator, body: &[u8]) -> serde_json::Result<()> {
    let decision: SignInDecision = serde_json::from_slice(body)?;
    let code = decision.user_code.as_deref();
    emulator.sign_ins.answer(code, decision.approve);
    Ok(())
}

fn id_token(emulator: &Emulator, body: &[u8]) -> serde_json::Result<Response<Bytes>> {
    let wish: IdTokenWish = serde_json::from_slice(body)?;
    let now = emulator.clock.now();
    let token = id_token::issue(
        &wish.issuer,
        &wish.subject,
        &wish.audience,
        now,
        wish.lifetime,
    );
    Ok(reply::json(StatusCode::OK, &json!({ "value": token })))
}

fn result(done_or_not: serde_json::Result<()>) -> Response<Bytes> {
    match done_or_not {
        Ok(()) => done(),
        Err(error) => reply::text(StatusCode::BAD_REQUEST, &format!("{error}\n")),
    }
}

fn done() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
