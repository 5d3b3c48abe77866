//! Identity Center's portal: role credentials for an access token.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::json;

use crate::call::Call;
use crate::emulator::Emulator;
use crate::faults::FaultKind;
use crate::journal::Entry;
use crate::principal::{Principal, Session};
use crate::reply::{self, Refusal};
use crate::service::{Service, json_fault};

const DURATION: i64 = 3600;

pub(crate) struct SsoPortal;

impl Service for SsoPortal {
    fn action(&self, _call: &Call) -> String {
        "sso:GetRoleCredentials".to_owned()
    }

    /// Credentials of one of the roles that the scenario grants: `GET /federation/credentials`.
    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let account = call.parameter("account_id").unwrap_or_default();
        let role = call.parameter("role_name").unwrap_or_default();
        let known = (call.request.method(), call.path.as_str())
            == (&Method::GET, "/federation/credentials");
        let Some(sso) = emulator.scenario.sso.as_ref().filter(|_| known) else {
            return Err(Refusal::new(404, "ResourceNotFoundException", "Not Found"));
        };
        let arn = format!("arn:aws:iam::{account}:role/{role}");
        entry.parameter("role_arn", Some(&arn));
        if call.header("x-amz-sso_bearer_token") != Some(sso.access_token.as_str()) {
            return Err(Refusal::new(
                401,
                "UnauthorizedException",
                "Session token not found or invalid",
            ));
        }
        if !sso.roles.contains(&arn) {
            return Err(Refusal::new(403, "ForbiddenException", "No access")
                .reason(format!("sso.roles does not list {arn}")));
        }
        let session = Session::plain(&arn, "developer", call.now, DURATION);
        let opened = emulator
            .keys
            .open(Principal::session(session), call.effects.expire);
        let body = json!({ "roleCredentials": {
            "accessKeyId": opened.access_key_id,
            "secretAccessKey": opened.secret_access_key,
            "sessionToken": opened.session_token,
            "expiration": opened.stated_expiry() * 1000,
        }});
        Ok(reply::json(StatusCode::OK, &body))
    }

    fn fault(&self, kind: FaultKind, status: Option<u16>) -> Refusal {
        json_fault(kind, status)
    }

    fn render(&self, refusal: Refusal, _request_id: &str) -> Response<Bytes> {
        refusal.into_json()
    }
}
