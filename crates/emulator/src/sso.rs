//! IAM Identity Center, as far as a profile that is already signed in needs it: role credentials for an
//! access token, and a new access token for a refresh token. Nobody can sign in here.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::call::Call;
use crate::emulator::Emulator;
use crate::faults::FaultKind;
use crate::journal::Entry;
use crate::principal::Session;
use crate::reply::{self, Refusal};
use crate::service::{Service, json_fault};

const DURATION: i64 = 3600;

pub(crate) struct SsoPortal;

pub(crate) struct SsoOidc;

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
        let opened = emulator.keys.open(session, call.effects.expire);
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

impl Service for SsoOidc {
    fn action(&self, _call: &Call) -> String {
        "sso-oidc:CreateToken".to_owned()
    }

    /// A new access token: `POST /token`.
    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        _entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let known = (call.request.method(), call.path.as_str()) == (&Method::POST, "/token");
        let Some(sso) = emulator.scenario.sso.as_ref().filter(|_| known) else {
            return Err(Refusal::new(404, "ResourceNotFoundException", "Not Found"));
        };
        let body: Value = serde_json::from_slice(call.request.body()).unwrap_or_default();
        let given = body["refreshToken"].as_str();
        if given.is_none() || given != sso.refresh_token.as_deref() {
            return Err(
                Refusal::new(400, "InvalidGrantException", "Invalid grant provided")
                    .member("error", "invalid_grant"),
            );
        }
        let body = json!({
            "accessToken": sso.access_token,
            "refreshToken": sso.refresh_token,
            "tokenType": "Bearer",
            "expiresIn": 3600,
        });
        Ok(reply::json(StatusCode::OK, &body))
    }

    fn fault(&self, kind: FaultKind, status: Option<u16>) -> Refusal {
        json_fault(kind, status)
    }

    fn render(&self, refusal: Refusal, _request_id: &str) -> Response<Bytes> {
        refusal.into_json()
    }
}
