//! Identity Center's OIDC service: RegisterClient, StartDeviceAuthorization and CreateToken.

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::call::Call;
use crate::clock::Seconds;
use crate::emulator::Emulator;
use crate::faults::FaultKind;
use crate::journal::Entry;
use crate::reply::{self, Refusal};
use crate::scenario::{SignInAnswer, Sso};
use crate::service::{Service, json_fault};
use crate::sign_ins::{Client, LIFETIME};

/// Life of a token that can be refreshed.
const HOUR: Seconds = 3600;

/// Life of a token that cannot: a working day.
const DAY: Seconds = 28800;

/// AWS's registrations last three months.
const REGISTRATION: Seconds = 7_776_000;

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

pub(crate) struct SsoOidc {
    pub(crate) region: String,
}

impl Service for SsoOidc {
    fn action(&self, call: &Call) -> String {
        format!("sso-oidc:{}", operation(call))
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let missing = || Refusal::new(404, "ResourceNotFoundException", "Not Found");
        let sso = emulator.scenario.sso.as_ref().ok_or_else(missing)?;
        let form: Value = serde_json::from_slice(call.request.body()).unwrap_or_default();
        let exchange = Exchange {
            emulator,
            sso,
            form: &form,
            now: call.now,
        };
        entry.parameter("grant_type", form["grantType"].as_str());
        let body = match operation(call) {
            "RegisterClient" => exchange.register()?,
            "StartDeviceAuthorization" => exchange.begin(&self.region)?,
            "CreateToken" => exchange.token()?,
            _ => return Err(missing()),
        };
        Ok(reply::json(StatusCode::OK, &body))
    }

    fn fault(&self, kind: FaultKind, status: Option<u16>) -> Refusal {
        json_fault(kind, status)
    }

    fn render(&self, refusal: Refusal, _request_id: &str) -> Response<Bytes> {
        refusal.into_json()
    }
}

fn operation(call: &Call) -> &'static str {
    match (call.request.method(), call.path.as_str()) {
        (&Method::POST, "/client/register") => "RegisterClient",
        (&Method::POST, "/device_authorization") => "StartDeviceAuthorization",
        (&Method::POST, "/token") => "CreateToken",
        _ => "Unknown",
    }
}

/// One call with its form.
struct Exchange<'a> {
    emulator: &'a Emulator,
    sso: &'a Sso,
    form: &'a Value,
    now: Seconds,
}

impl Exchange<'_> {
    fn register(&self) -> Result<Value, Refusal> {
        if self.form["clientName"].as_str().is_none_or(str::is_empty) {
            return Err(refusal(400, "InvalidRequest", "clientName is missing"));
        }
        if self.form["clientType"] != "public" {
            return Err(refusal(
                400,
                "InvalidClientMetadata",
                "clientType is not public",
            ));
        }
        let scopes = self.form["scopes"].as_array();
        let client = self
            .emulator
            .sign_ins
            .register(scopes.is_some_and(|scopes| !scopes.is_empty()));
        Ok(json!({
            "clientId": client.id,
            "clientSecret": client.secret,
            "clientIdIssuedAt": self.now,
            "clientSecretExpiresAt": self.now + REGISTRATION,
        }))
    }

    fn begin(&self, region: &str) -> Result<Value, Refusal> {
        let client = self.client()?;
        let url = |text: &str| text.trim_end_matches(['/', '#']).to_owned();
        let start_url = self.form["startUrl"].as_str().map(url);
        let expected = self.sso.start_url.as_deref().map(url);
        if start_url.is_none() || expected.is_some() && expected != start_url {
            return Err(refusal(
                400,
                "InvalidRequest",
                "startUrl is not the scenario's",
            ));
        }
        let approved = match self.sso.sign_in {
            SignInAnswer::Wait => None,
            SignInAnswer::Approve => Some(true),
            SignInAnswer::Deny => Some(false),
        };
        let sign_in = self.emulator.sign_ins.begin(&client, self.now, approved);
        let page = format!("https://device.sso.{region}.amazonaws.com/");
        Ok(json!({
            "deviceCode": sign_in.device_code,
            "userCode": sign_in.user_code,
            "verificationUri": page,
            "verificationUriComplete": format!("{page}?user_code={}", sign_in.user_code),
            "expiresIn": LIFETIME,
            "interval": 1,
        }))
    }

    fn token(&self) -> Result<Value, Refusal> {
        match self.form["grantType"].as_str() {
            Some(DEVICE_CODE) => self.by_device_code(),
            Some("refresh_token") | None => self.by_refresh_token(),
            Some(_) => Err(refusal(400, "UnsupportedGrantType", "not in this emulator")),
        }
    }

    fn by_device_code(&self) -> Result<Value, Refusal> {
        let client = self.client()?;
        let code = self.form["deviceCode"].as_str().unwrap_or_default();
        let sign_in = self.emulator.sign_ins.find(code);
        let sign_in = sign_in.filter(|sign_in| sign_in.client_id == client.id);
        let sign_in = sign_in.ok_or_else(|| {
            refusal(
                400,
                "InvalidGrant",
                "the device code is unknown, used up or another client's",
            )
        })?;
        if sign_in.expires_at <= self.now {
            return Err(refusal(400, "ExpiredToken", "the device code has expired"));
        }
        match sign_in.approved {
            None => Err(refusal(
                400,
                "AuthorizationPending",
                "the person has not answered yet",
            )),
            Some(false) => Err(refusal(400, "AccessDenied", "the person has refused")),
            Some(true) => {
                self.emulator.sign_ins.end(code);
                Ok(self.granted(client.refreshes))
            }
        }
    }

    fn by_refresh_token(&self) -> Result<Value, Refusal> {
        let given = self.form["refreshToken"].as_str();
        if given.is_none() || given != self.sso.refresh_token.as_deref() {
            return Err(refusal(
                400,
                "InvalidGrant",
                "the refresh token is not the scenario's",
            ));
        }
        Ok(self.granted(true))
    }

    fn granted(&self, refreshes: bool) -> Value {
        let refresh_token = self.sso.refresh_token.as_ref().filter(|_| refreshes);
        let mut body = json!({
            "accessToken": self.sso.access_token,
            "tokenType": "Bearer",
            "expiresIn": if refreshes { HOUR } else { DAY },
        });
        if let Some(token) = refresh_token {
            body["refreshToken"] = json!(token);
        }
        body
    }

    fn client(&self) -> Result<Client, Refusal> {
        let text = |name: &str| self.form[name].as_str().unwrap_or_default();
        let (id, secret) = (text("clientId"), text("clientSecret"));
        let known = self.emulator.sign_ins.client(id, secret);
        known.ok_or_else(|| refusal(401, "InvalidClient", "the client is not registered"))
    }
}

/// `InvalidGrant` is `InvalidGrantException` for AWS and `invalid_grant` for OAuth.
fn refusal(status: u16, name: &str, description: &str) -> Refusal {
    let oauth: String = name
        .char_indices()
        .flat_map(|(at, c)| {
            let underscore = (at > 0 && c.is_ascii_uppercase()).then_some('_');
            underscore.into_iter().chain([c.to_ascii_lowercase()])
        })
        .collect();
    Refusal::new(status, format!("{name}Exception"), description)
        .member("error", oauth)
        .member("error_description", description)
}
