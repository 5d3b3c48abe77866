//! The two link-local addresses that hand out credentials: EC2's instance metadata (version 2) and the
//! container credentials of ECS. Each exists only if the scenario has a role for it.

use std::rc::Rc;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use serde_json::json;

use crate::call::Call;
use crate::clock;
use crate::credentials::Credentials;
use crate::emulator::Emulator;
use crate::journal::Entry;
use crate::principal::{Principal, Session};
use crate::random;
use crate::reply::{self, Refusal};
use crate::scenario::{HttpTokens, Instance, split_role_arn};
use crate::service::Service;

/// Sessions of instances and tasks last six hours.
const DURATION: clock::Seconds = 21600;

const CREDENTIALS: &str = "/latest/meta-data/iam/security-credentials/";

pub(crate) struct InstanceMetadata;

pub(crate) struct ContainerCredentials;

impl Service for InstanceMetadata {
    fn action(&self, call: &Call) -> String {
        let name = match call.path.as_str() {
            "/latest/api/token" => "token",
            path if path.starts_with(CREDENTIALS) => "credentials",
            _ => "metadata",
        };
        format!("imds:{name}")
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let instance = emulator.scenario.instance.as_ref().ok_or_else(missing)?;
        if call.path == "/latest/api/token" {
            return token(emulator, call);
        }
        let token = call.header("x-aws-ec2-metadata-token");
        let is_spared = token.is_none() && instance.http_tokens == HttpTokens::Optional;
        if !is_spared && emulator.metadata_token.borrow().as_deref() != token.or(Some("")) {
            return Err(Refusal::new(401, "Unauthorized", "Unauthorized")
                .reason("the metadata token is missing or wrong"));
        }
        metadata(emulator, call, instance, entry)
    }
}

impl Service for ContainerCredentials {
    fn action(&self, _call: &Call) -> String {
        "container:credentials".to_owned()
    }

    fn answer(
        &self,
        emulator: &Emulator,
        call: &Call,
        entry: &mut Entry,
    ) -> Result<Response<Bytes>, Refusal> {
        let container = emulator.scenario.container.as_ref();
        let container = container.filter(|container| container.path == call.path);
        let container = container.ok_or_else(missing)?;
        let expected = container.authorization_token.as_deref();
        if expected.is_some() && call.header("authorization") != expected {
            return Err(Refusal::new(401, "Unauthorized", "Unauthorized")
                .reason("the container's authorization token is missing or wrong"));
        }
        let opened = open(emulator, call, &container.role, "container", entry);
        let mut body = described(&opened);
        body["RoleArn"] = json!(container.role);
        Ok(reply::json(StatusCode::OK, &body))
    }
}

fn metadata(
    emulator: &Emulator,
    call: &Call,
    instance: &Instance,
    entry: &mut Entry,
) -> Result<Response<Bytes>, Refusal> {
    let role = split_role_arn(&instance.role)
        .and_then(|(_, path)| path.rsplit('/').next())
        .unwrap_or_default();
    match call.path.as_str() {
        "/latest/meta-data/placement/region" => Ok(reply::text(StatusCode::OK, &instance.region)),
        path if path.trim_end_matches('/') == CREDENTIALS.trim_end_matches('/') => {
            Ok(reply::text(StatusCode::OK, role))
        }
        path if path.strip_prefix(CREDENTIALS) == Some(role) => {
            let opened = open(emulator, call, &instance.role, "i-0a1b2c3d4e5f60718", entry);
            let mut body = described(&opened);
            body["Code"] = json!("Success");
            body["Type"] = json!("AWS-HMAC");
            body["LastUpdated"] = json!(clock::iso(call.now));
            Ok(reply::json(StatusCode::OK, &body))
        }
        _ => Err(missing()),
    }
}

fn token(emulator: &Emulator, call: &Call) -> Result<Response<Bytes>, Refusal> {
    let ttl = call
        .header("x-aws-ec2-metadata-token-ttl-seconds")
        .filter(|_| call.request.method() == Method::PUT);
    let ttl = ttl.ok_or_else(|| {
        Refusal::new(400, "BadRequest", "Bad Request").reason("no PUT with a time to live")
    })?;
    let token = random::base64url(56);
    let mut response = reply::text(StatusCode::OK, &token);
    reply::set(&mut response, "x-aws-ec2-metadata-token-ttl-seconds", ttl);
    *emulator.metadata_token.borrow_mut() = Some(token);
    Ok(response)
}

fn open(
    emulator: &Emulator,
    call: &Call,
    role: &str,
    name: &str,
    entry: &mut Entry,
) -> Rc<Credentials> {
    entry.parameter("role_arn", Some(role));
    emulator.keys.open(
        Principal::session(Session::plain(role, name, call.now, DURATION)),
        call.effects.expire,
    )
}

fn described(credentials: &Credentials) -> serde_json::Value {
    json!({
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "Token": credentials.session_token,
        "Expiration": clock::iso(credentials.stated_expiry()),
    })
}

fn missing() -> Refusal {
    Refusal::new(404, "NotFound", "Not Found")
}
