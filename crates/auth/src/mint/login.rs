//! A sign-in of `aws login`: kept in its file, renewed by its refresh token, with a proof that we have its key. The SDK's own
//! provider takes only one spelling of the time in that file, gives no reason, and writes the file in place.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use aws_config::Region;
use aws_credential_types::Credentials;
use aws_sdk_signin::operation::create_o_auth2_token::CreateOAuth2TokenError;
use aws_sdk_signin::types::{
    CreateOAuth2TokenRequestBody, CreateOAuth2TokenResponseBody, OAuth2ErrorCode,
};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use self::proof::Key;
use super::moment::lasts;
use super::session::Session;
use super::source_failure;
use crate::aws_files::{self, Base};
use crate::environment::{AWS_LOGIN_CACHE_DIRECTORY, Environment};
use crate::error::{Call, Failure, row};
use crate::user_file::{Privacy, UserFile, read_regular};

mod proof;

/// The AWS CLI renews credentials that end this soon. They live for a quarter of an hour.
const RENEWED_BEFORE: i64 = 300;

/// As long as these are used if the renewal fails.
const MARGIN: i64 = 30;

/// The file of a sign-in, as far as it is needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cached {
    access_token: AccessToken,
    refresh_token: String,
    client_id: String,
    dpop_key: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccessToken {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expires_at: String,
}

/// The credentials of the sign-in, renewed if they end soon. It belongs to the Region of its profile.
pub(super) async fn ask(
    session: &Session<'_>,
    base: &Base,
    name: &str,
    region: Option<&str>,
) -> Result<Credentials, Box<Failure>> {
    let over = || source_failure::sign_in_over(row::SIGN_IN_OVER.failure(), base, session);
    let file = file(session.environment, name);
    source_failure::require_readable(session, base, &file)?;
    let text = read_regular(&file).map_err(|_| over())?;
    let cached: Cached = serde_json::from_slice(&text).map_err(|_| over())?;
    let lasts = |margin| lasts(&cached.access_token.expires_at, session.environment, margin);
    if lasts(RENEWED_BEFORE) {
        return Ok(cached.access_token.credentials());
    }
    match renew(session, base, &cached, region).await {
        Ok(granted) => {
            // A file that cannot be written costs the next renewal, not this one.
            let _ = keep(session.environment, &file, &text, &granted);
            Ok(of_granted(&granted).ok_or_else(over)?.credentials())
        }
        Err(_) if lasts(MARGIN) => Ok(cached.access_token.credentials()),
        Err(failure) => Err(failure),
    }
}

/// By the SHA-256 of the session's name.
fn file(environment: &Environment, name: &str) -> PathBuf {
    let folder = match environment.text(AWS_LOGIN_CACHE_DIRECTORY) {
        Some(folder) => aws_files::expand(environment, &folder),
        None => aws_files::home(environment, "~/.aws/login/cache"),
    };
    let digest = Sha256::digest(name.trim().as_bytes());
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    folder.join(digits + ".json")
}

async fn renew(
    session: &Session<'_>,
    base: &Base,
    cached: &Cached,
    region: Option<&str>,
) -> Result<CreateOAuth2TokenResponseBody, Box<Failure>> {
    let over = || source_failure::sign_in_over(row::SIGN_IN_OVER.failure(), base, session);
    let key = Key::read(&cached.dpop_key).ok_or_else(over)?;
    let mut settings = session.settings().to_builder();
    if let Some(region) = region {
        settings = settings.region(Region::new(region.to_owned()));
    }
    let body = CreateOAuth2TokenRequestBody::builder()
        .client_id(&cached.client_id)
        .grant_type("refresh_token")
        .refresh_token(&cached.refresh_token)
        .build()
        .map_err(|error| row::BUG.with("reason", error))?;
    let request = aws_sdk_signin::Client::new(&settings.build())
        .create_o_auth2_token()
        .token_input(body);
    let is_forbidden = Cell::new(false);
    let now = session.environment.now();
    let send = || async {
        let (request, key) = (request.clone().customize(), key.clone());
        let proved = request.mutate_request(move |request| {
            let proof = key.prove(request.uri(), now);
            request.headers_mut().insert("dpop", proof);
        });
        let sent = proved.send().await;
        let refused = sent
            .as_ref()
            .err()
            .and_then(|error| error.as_service_error());
        is_forbidden.set(refused.is_some_and(is_of_permissions));
        sent
    };
    let asked = session.send(Call::Renewal, None, send).await;
    let answer = asked.map_err(|failure| {
        if is_forbidden.get() {
            forbidden(session, base, failure)
        } else {
            source_failure::of_sign_in(failure, session)
        }
    })?;
    let granted = answer.token_output;
    granted.ok_or_else(|| row::ANSWER_GARBLED.with("status", 200))
}

fn is_of_permissions(error: &CreateOAuth2TokenError) -> bool {
    match error {
        CreateOAuth2TokenError::AccessDeniedException(denied) => {
            denied.error() == &OAuth2ErrorCode::InsufficientPermissions
        }
        _ => false,
    }
}

/// Another sign-in of the same identity would be as short.
fn forbidden(session: &Session<'_>, base: &Base, failure: Box<Failure>) -> Box<Failure> {
    failure
        .turned(&row::SOURCE_FAILED)
        .with("source", source_failure::name_of(base, &session.files))
        .with("reason", "AWS does not let the login session be renewed")
        .with(
            "correction",
            "let the identity have the permission signin:CreateOAuth2Token",
        )
}

/// The rest of the file stays as the AWS CLI has written it.
fn keep(
    environment: &Environment,
    file: &Path,
    text: &[u8],
    granted: &CreateOAuth2TokenResponseBody,
) -> std::io::Result<()> {
    let mut kept: Value = serde_json::from_slice(text)?;
    let life = u64::try_from(granted.expires_in()).unwrap_or_default();
    if let Some(token) = of_granted(granted) {
        kept["accessToken"]["accessKeyId"] = json!(token.access_key_id);
        kept["accessToken"]["secretAccessKey"] = json!(token.secret_access_key);
        kept["accessToken"]["sessionToken"] = json!(token.session_token);
    }
    kept["accessToken"]["expiresAt"] = json!(environment.now().plus(life).to_string());
    kept["refreshToken"] = json!(granted.refresh_token());
    UserFile::at(file)?.replace(kept.to_string().as_bytes(), Privacy::OwnerOnly)
}

fn of_granted(granted: &CreateOAuth2TokenResponseBody) -> Option<AccessToken> {
    let token = granted.access_token()?;
    Some(AccessToken {
        access_key_id: token.access_key_id().to_owned(),
        secret_access_key: token.secret_access_key().to_owned(),
        session_token: Some(token.session_token().to_owned()),
        expires_at: String::new(),
    })
}

impl AccessToken {
    fn credentials(self) -> Credentials {
        let mut credentials = Credentials::builder()
            .access_key_id(self.access_key_id)
            .secret_access_key(self.secret_access_key)
            .provider_name("login");
        credentials.set_session_token(self.session_token.filter(|token| !token.is_empty()));
        credentials.build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Timestamp;

    #[test]
    fn the_file_is_the_aws_clis() {
        const NAME: &str = "36db1d138ff460920374e4c3d8e01f53f9f73537e89c88d639f68393df0e2726.json";
        let rows = [
            (&[][..], "/home/me/.aws/login/cache"),
            (&[("AWS_LOGIN_CACHE_DIRECTORY", "/x")], "/x"),
            (&[("AWS_LOGIN_CACHE_DIRECTORY", "~/x")], "/home/me/x"),
            (
                &[("AWS_LOGIN_CACHE_DIRECTORY", "")],
                "/home/me/.aws/login/cache",
            ),
        ];
        for (variables, folder) in rows {
            let environment = Environment::fixed(variables, "/home/me".into(), Timestamp(0));
            let file = file(&environment, " arn:aws:iam::0123456789012:user/Admin ");
            assert_eq!(file, Path::new(folder).join(NAME), "{variables:?}");
        }
    }
}
