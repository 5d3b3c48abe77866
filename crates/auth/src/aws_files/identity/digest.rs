//! Lists what decides an identity, field by field, for the name under which its tokens are kept. No secret is among the
//! fields but a container's authorization, which is hashed at once.

use super::{Base, Identity, IdentityError};
use crate::environment::{
    AWS_CONTAINER_AUTHORIZATION_TOKEN, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, Environment,
};
use crate::id_token;
use crate::user_file::{read_regular, read_token};

/// Takes a field's name and value.
type Field<'a> = dyn FnMut(&str, Option<&str>) + 'a;

/// Gives every field of the identity that the environment leads to. Where there is none, the error stands for it, so
/// that a token of an earlier identity is not found.
pub(crate) fn describe(environment: &Environment, explicit: Option<&str>, field: &mut Field<'_>) {
    match Identity::find(environment, explicit) {
        Ok(identity) => identity.describe(environment, field),
        Err(error) => describe_error(&error, field),
    }
}

fn describe_error(error: &IdentityError, field: &mut Field<'_>) {
    field("no identity", Some(&error.to_string()));
}

impl Identity {
    fn describe(&self, environment: &Environment, field: &mut Field<'_>) {
        self.base.describe(environment, field);
        for role in &self.roles {
            field("profile's role", Some(&role.role_arn));
            field("its external id", role.external_id.as_deref());
            field("its session name", role.role_session_name.as_deref());
            field("its mfa device", role.mfa_serial.as_deref());
        }
        for (key, value) in &self.endpoints {
            field(key, Some(value));
        }
    }
}

impl Base {
    fn describe(&self, environment: &Environment, field: &mut Field<'_>) {
        match self {
            Self::Environment(keys) => field("environment", Some(&keys.access_key_id)),
            Self::Profile { keys, .. } => field("keys", Some(&keys.access_key_id)),
            Self::OlderFile { keys, .. } => {
                field("keys of an older file", Some(&keys.access_key_id));
            }
            Self::WebIdentity {
                token_file,
                role_arn,
                session_name,
                ..
            } => {
                field("web identity", Some(token_file));
                if let Ok(token) = read_token(token_file.as_ref()) {
                    id_token::describe_token(token.trim(), field);
                }
                field("its role", Some(role_arn));
                field("its session name", session_name.as_deref());
            }
            Self::Sso(sign_in) => {
                field("sso", Some(&sign_in.start_url));
                field("session", sign_in.session.as_deref());
                field("account", Some(&sign_in.account_id));
                field("role", Some(&sign_in.role_name));
            }
            Self::Login { session, .. } => field("login", Some(session)),
            Self::Process { command, .. } => field("process", Some(command)),
            Self::Container { uri } => {
                field("container", Some(uri));
                field("authorization", authorization(environment).as_deref());
            }
            Self::Instance { endpoint } => {
                field("instance", Some(endpoint.as_deref().unwrap_or_default()))
            }
        }
    }
}

/// The text that the container shows its service: it decides whose credentials come back.
fn authorization(environment: &Environment) -> Option<String> {
    match environment.variable(AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) {
        Some(file) => Some(match read_regular(file.as_ref()) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => error.to_string(),
        }),
        None => environment.text(AWS_CONTAINER_AUTHORIZATION_TOKEN),
    }
}
