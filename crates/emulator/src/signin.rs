//! The service behind `aws login`: CreateOAuth2Token by refresh token, with a proof that the caller has the key of the
//! session (DPoP, RFC 9449). No sign-in by authorization code.

pub(crate) mod session;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::call::Call;
use crate::clock::Seconds;
use crate::emulator::Emulator;
use crate::faults::FaultKind;
use crate::journal::Entry;
use crate::principal::{Principal, Session};
use crate::random;
use crate::reply::{self, Refusal};
use crate::scenario::Login;
use crate::service::{Service, json_fault};
use session::invalid;

/// AWS's credentials of a sign-in last a quarter of an hour.
const DURATION: Seconds = 900;

pub(crate) struct SignIn;

impl Service for SignIn {
    fn action(&self, call: &Call) -> String {
        let is_token = (call.request.method(), call.path.as_str()) == (&Method::POST, "/v1/token");
        let operation = if is_token {
            "CreateOAuth2Token"
        } else {
            "Unknown"
        };
        format!("signin:{operation}")
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let missing = || Refusal::new(404, "ResourceNotFoundException", "Not Found");
        let login = emulator.scenario.login.as_ref().ok_or_else(missing)?;
        let form: Value = serde_json::from_slice(call.request.body()).unwrap_or_default();
        entry.parameter("grant_type", form["grantType"].as_str());
        entry.parameter("role_arn", Some(&login.role));
        if form["grantType"] != "refresh_token" || form["clientId"].as_str().is_none() {
            return Err(invalid("only a refresh token of a client is taken"));
        }
        let session = &emulator.login_session;
        session.prove(call)?;
        session.require_known(login, form["refreshToken"].as_str())?;
        Ok(reply::json(StatusCode::OK, &granted(emulator, call, login)))
    }

    fn fault(&self, kind: FaultKind, status: Option<u16>) -> Refusal {
        match kind {
            FaultKind::Throttle => {
                let refusal = Refusal::new(429, "TooManyRequestsError", "Rate exceeded");
                refusal.member("error", "INVALID_REQUEST")
            }
            _ => json_fault(kind, status).member("error", "server_error"),
        }
    }

    /// The service itself refuses only what has expired, so another refusal is a fault that is asked for.
    fn render(&self, refusal: Refusal, _request_id: &str) -> Response<Bytes> {
        if refusal.members.is_empty() {
            return refusal
                .member("error", "INSUFFICIENT_PERMISSIONS")
                .into_json();
        }
        refusal.into_json()
    }
}

fn granted(emulator: &Emulator, call: &Call, login: &Login) -> Value {
    let session = Session::plain(&login.role, "developer", call.now, DURATION);
    let principal = Principal::session(session);
    let opened = emulator.keys.open(principal, call.effects.expire);
    let refresh_token = random::base64url(64);
    let mut issued = emulator.login_session.refresh_tokens.borrow_mut();
    issued.insert(refresh_token.clone());
    json!({
        "accessToken": {
            "accessKeyId": opened.access_key_id,
            "secretAccessKey": opened.secret_access_key,
            "sessionToken": opened.session_token,
        },
        "tokenType": "aws_sigv4",
        "expiresIn": DURATION,
        "refreshToken": refresh_token,
    })
}
