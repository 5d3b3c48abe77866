//! The service behind `aws login`: CreateOAuth2Token by refresh token, with a proof that the caller has the key of the
//! session (DPoP, RFC 9449). No sign-in by authorization code.

use std::cell::RefCell;
use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
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

/// AWS's credentials of a sign-in last a quarter of an hour.
const DURATION: Seconds = 900;

/// The greatest age of a proof.
const PROOF: Seconds = 300;

pub(crate) struct SignIn;

/// The service's memory of its one session.
#[derive(Default)]
pub(crate) struct LoginSession {
    /// The key of the first proof, to which the session belongs from then on.
    key: RefCell<Option<String>>,
    proofs: RefCell<HashSet<String>>,
    /// Those that were issued.
    refresh_tokens: RefCell<HashSet<String>>,
}

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

impl LoginSession {
    fn require_known(&self, login: &Login, refresh_token: Option<&str>) -> Result<(), Refusal> {
        let issued = self.refresh_tokens.borrow();
        let known = |token: &&str| *token == login.refresh_token || issued.contains(*token);
        match refresh_token.filter(known) {
            Some(_) => Ok(()),
            None => {
                let text = "The session has expired";
                Err(Refusal::new(403, "AccessDeniedException", text)
                    .member("error", "TOKEN_EXPIRED"))
            }
        }
    }

    /// A proof is for this call, fresh, used once, and by the key of the session.
    fn prove(&self, call: &Call) -> Result<(), Refusal> {
        let proof = call.header("dpop").and_then(Proof::read);
        let proof = proof.ok_or_else(|| invalid("the proof of possession is missing or wrong"))?;
        let claims = &proof.claims;
        let here = format!("{}{}", call.host, call.path);
        let is_of_call = claims["htm"] == "POST"
            && claims["htu"]
                .as_str()
                .is_some_and(|url| url.ends_with(&here));
        let age = claims["iat"].as_i64().map(|issued| call.now - issued);
        if !is_of_call || age.is_none_or(|age| age.abs() > PROOF) {
            return Err(invalid("the proof of possession is another call's, or old"));
        }
        let id = claims["jti"].as_str().unwrap_or_default().to_owned();
        if !self.proofs.borrow_mut().insert(id) {
            return Err(invalid("the proof of possession was used before"));
        }
        let mut key = self.key.borrow_mut();
        if *key.get_or_insert_with(|| proof.key.clone()) == proof.key {
            Ok(())
        } else {
            Err(invalid("the proof of possession is by another key"))
        }
    }
}

fn invalid(message: &str) -> Refusal {
    Refusal::new(400, "ValidationException", message).member("error", "INVALID_REQUEST")
}

/// A JSON Web Token whose signature is right by the key that it names.
struct Proof {
    key: String,
    claims: Value,
}

impl Proof {
    fn read(text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let json = |part| serde_json::from_slice::<Value>(&decode(part)?).ok();
        let header = json(header)?;
        let jwk = &header["jwk"];
        let is_usual = header["typ"] == "dpop+jwt" && header["alg"] == "ES256";
        (is_usual && jwk["kty"] == "EC" && jwk["crv"] == "P-256").then_some(())?;
        let (x, y) = (jwk["x"].as_str()?, jwk["y"].as_str()?);
        let point = [vec![4], decode(x)?, decode(y)?].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(signed.as_bytes(), &decode(signature)?)
            .ok()?;
        Some(Self {
            key: format!("{x}.{y}"),
            claims: json(claims)?,
        })
    }
}

fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9449, section 4.1.
    const EXAMPLE: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    #[test]
    fn a_proof_is_verified() {
        let proof = Proof::read(EXAMPLE).unwrap();
        assert_eq!(proof.claims["htu"], "https://server.example.com/token");
        assert!(Proof::read(&EXAMPLE.replace("2-Gx", "3-Gx")).is_none());
        assert!(Proof::read("x.y.z").is_none());
    }
}
