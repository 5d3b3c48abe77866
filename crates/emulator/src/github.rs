//! GitHub Actions as a job sees it: the token service that `ACTIONS_ID_TOKEN_REQUEST_URL` names, and the issuer of its
//! tokens with its keys.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::json;

use crate::call::{Authorization, Call};
use crate::emulator::Emulator;
use crate::id_token::{self, KeySet};
use crate::journal::Entry;
use crate::reply::{self, Refusal};
use crate::scenario::GithubJob;
use crate::service::Service;

pub(crate) const ISSUER: &str = "token.actions.githubusercontent.com";

/// GitHub's tokens live for five minutes.
const LIFETIME: i64 = 300;

pub(crate) struct GithubActions;

impl Service for GithubActions {
    fn action(&self, call: &Call) -> String {
        let action = match (call.host.as_str(), call.path.as_str()) {
            (ISSUER, "/.well-known/openid-configuration") => "github:configuration",
            (ISSUER, "/.well-known/jwks") => "github:keys",
            _ if call.path.ends_with("/idtoken") => "github:id-token",
            _ => "github:unknown",
        };
        action.to_owned()
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let missing = || Refusal::new(404, "NotFound", "Not Found");
        if call.request.method() != Method::GET {
            return Err(missing());
        }
        let body = match self.action(call).as_str() {
            "github:configuration" => configuration(),
            "github:keys" => KeySet::own().to_json(),
            "github:id-token" => {
                let job = emulator.scenario.github.as_ref().ok_or_else(missing)?;
                json!({ "count": 1, "value": id_token(job, call, entry)? })
            }
            _ => return Err(missing()),
        };
        Ok(reply::json(StatusCode::OK, &body))
    }
}

fn id_token(job: &GithubJob, call: &Call, entry: &mut Entry) -> Result<String, Refusal> {
    let presented = call.header("authorization").and_then(Authorization::parse);
    if let Some(presented) = &presented {
        entry.note_authorization(presented);
    }
    if presented.is_none_or(|presented| presented.token != job.request_token) {
        return Err(Refusal::new(401, "Unauthorized", "Unauthorized")
            .reason("the request token is missing or not the scenario's"));
    }
    let audience = call.parameter("audience");
    let audience = audience.unwrap_or_else(|| job.audience.clone());
    entry.parameter("audience", Some(&audience));
    entry.parameter("subject", Some(&job.subject));
    let lifetime = call.effects.expire.unwrap_or(LIFETIME);
    id_token::issue(ISSUER, &job.subject, &audience, call.now, lifetime)
        .ok_or_else(|| Refusal::new(500, "InternalServerError", "cannot sign"))
}

fn configuration() -> serde_json::Value {
    json!({
        "issuer": format!("https://{ISSUER}"),
        "jwks_uri": format!("https://{ISSUER}/.well-known/jwks"),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })
}
