//! STS over the query protocol: GetCallerIdentity, GetSessionToken, AssumeRole, AssumeRoleWithWebIdentity.
//! Parameters are read and checked in `parameters`; sessions are opened in `assume`.

mod assume;
mod mfa;
mod parameters;
mod session_token;
mod web_identity;

use bytes::Bytes;
use http::{Response, StatusCode};

use crate::call::Call;
use crate::clock;
use crate::credentials::Credentials;
use crate::emulator::Emulator;
use crate::faults::FaultKind;
use crate::journal::Entry;
use crate::reply::{self, Refusal, escape};
use crate::service::Service;
use crate::signature::{self, Dialect, SignatureScope};

use parameters::Parameters;

pub(crate) struct Sts {
    pub(crate) region: String,
}

impl Service for Sts {
    fn action(&self, call: &Call) -> String {
        let parameters = Parameters::read(call);
        format!("sts:{}", parameters.get("Action").unwrap_or("Unknown"))
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let parameters = Parameters::read(call);
        let action = parameters.get("Action").unwrap_or_default();
        // The web identity's token is the credential: this call alone is not signed.
        let result = if action == "AssumeRoleWithWebIdentity" {
            web_identity::assume(emulator, call, &parameters, entry)?
        } else {
            let scope = SignatureScope {
                service: "sts",
                region: &self.region,
            };
            let signer = signature::verify(call, &emulator.keys, &scope, Dialect::Query)?;
            entry.note_signer(&signer);
            match action {
                "GetCallerIdentity" => caller_identity(&signer),
                "GetSessionToken" => {
                    session_token::get(emulator, call, &parameters, &signer, entry)?
                }
                "AssumeRole" => assume::assume(emulator, call, &parameters, &signer, entry)?,
                other => return Err(unknown_action(other)),
            }
        };
        let request_id = entry.request_id.as_deref().unwrap_or_default();
        Ok(render(action, &result, request_id))
    }

    fn fault(&self, kind: FaultKind, status: Option<u16>) -> Refusal {
        match kind {
            FaultKind::Throttle => Refusal::new(400, "Throttling", "Rate exceeded"),
            _ => Refusal::new(
                status.unwrap_or(500),
                "InternalFailure",
                "We encountered an internal error. Please try again.",
            ),
        }
    }

    /// The error document of the query protocol.
    fn render(&self, refusal: Refusal, request_id: &str) -> Response<Bytes> {
        let side = if refusal.status.is_server_error() {
            "Receiver"
        } else {
            "Sender"
        };
        let body = format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    <Type>{side}</Type>\n    \
             <Code>{}</Code>\n    <Message>{}</Message>\n  </Error>\n  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n",
            escape(&refusal.code),
            escape(&refusal.message),
        );
        let mut response = reply::xml(refusal.status, body);
        reply::set_all(&mut response, &refusal.headers);
        response
    }
}

fn unknown_action(action: &str) -> Refusal {
    Refusal::new(
        400,
        "InvalidAction",
        format!("Could not find operation {action} for version 2011-06-15"),
    )
}

fn render(action: &str, result: &str, request_id: &str) -> Response<Bytes> {
    let body = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <{action}Result>\n{result}  \
         </{action}Result>\n  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n</{action}Response>\n"
    );
    reply::xml(StatusCode::OK, body)
}

fn caller_identity(signer: &Credentials) -> String {
    let principal = &signer.principal;
    elements(&[
        ("Arn", &principal.arn),
        ("UserId", &principal.user_id()),
        ("Account", &principal.account),
    ])
}

/// The part of an answer that hands out a session of a role.
fn session_elements(credentials: &Credentials) -> String {
    let principal = &credentials.principal;
    let user = elements(&[
        ("AssumedRoleId", &principal.user_id()),
        ("Arn", &principal.arn),
    ]);
    let keys = credentials_element(credentials);
    format!("    <AssumedRoleUser>\n{user}    </AssumedRoleUser>\n{keys}")
}

fn credentials_element(credentials: &Credentials) -> String {
    let session_token = credentials.session_token.as_deref();
    let keys = elements(&[
        ("AccessKeyId", &credentials.access_key_id),
        ("SecretAccessKey", &credentials.secret_access_key),
        ("SessionToken", session_token.unwrap_or_default()),
        ("Expiration", &clock::iso(credentials.stated_expiry())),
    ]);
    format!("    <Credentials>\n{keys}    </Credentials>\n")
}

fn elements(pairs: &[(&str, &str)]) -> String {
    pairs
        .iter()
        .map(|(name, value)| format!("    <{name}>{}</{name}>\n", escape(value)))
        .collect()
}
