//! A sign-in of `aws sso login`: kept in its file, renewed by its refresh token. Other tools write times into that file
//! which the SDK does not take, and the SDK tells a sign-in that is over from a service that is down by no error.

use std::path::{Path, PathBuf};

use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;
use serde::Deserialize;
use serde_json::Value;
use sha1::{Digest, Sha1};

use super::moment::lasts;
use super::session::Session;
use super::{call, device, source, source_failure};
use crate::aws_files::{Base, SsoSignIn};
use crate::environment::Environment;
use crate::error::{Call, Failure, row};
use crate::user_file::{Privacy, UserFile, read_regular};

/// A sign-in that ends this soon is renewed first.
const MARGIN_SECONDS: i64 = 60;

/// The file of a sign-in, as far as it is needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cached {
    access_token: String,
    expires_at: String,
    #[serde(flatten)]
    renewal: Option<Renewal>,
}

/// By which a sign-in is renewed, while the registration of its client lasts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Renewal {
    refresh_token: String,
    client_id: String,
    client_secret: String,
    registration_expires_at: String,
}

/// The credentials of the role that the sign-in opens. A person is asked to sign in only where nothing else is left.
pub(super) async fn ask(
    session: &Session<'_>,
    sign_in: &SsoSignIn,
    base: &Base,
) -> Result<Credentials, Box<Failure>> {
    let given = match access_token(session, sign_in, base).await {
        Ok(access_token) => role_credentials(session, sign_in, access_token).await,
        Err(failure) => Err(failure),
    };
    match (given, session.sign_in) {
        (Err(failure), Some(person)) if failure.is(&[&row::SIGN_IN_OVER]) => {
            let access_token = device::sign_in(session, sign_in, person).await?;
            role_credentials(session, sign_in, access_token).await
        }
        (given, _) => given,
    }
}

/// The one that is kept, or a new one for it.
async fn access_token(
    session: &Session<'_>,
    sign_in: &SsoSignIn,
    base: &Base,
) -> Result<String, Box<Failure>> {
    let over = || source_failure::sign_in_over(row::SIGN_IN_OVER.failure(), base, session);
    let file = sign_in_file(session.environment, sign_in).ok_or_else(over)?;
    source::require_readable(session, base, &file)?;
    let text = read_regular(&file).map_err(|_| over())?;
    let cached: Cached = serde_json::from_slice(&text).map_err(|_| over())?;
    if lasts(&cached.expires_at, session.environment, MARGIN_SECONDS) {
        return Ok(cached.access_token);
    }
    let renewal = cached.renewal.ok_or_else(over)?;
    if !lasts(
        &renewal.registration_expires_at,
        session.environment,
        MARGIN_SECONDS,
    ) {
        return Err(over());
    }
    let granted = renew(session, sign_in, renewal).await?;
    // A file that cannot be written costs the next renewal, not this one.
    let _ = keep(session.environment, &file, &text, &granted);
    granted.access_token.ok_or_else(over)
}

async fn renew(
    session: &Session<'_>,
    sign_in: &SsoSignIn,
    renewal: Renewal,
) -> Result<CreateTokenOutput, Box<Failure>> {
    let request = aws_sdk_ssooidc::Client::new(&settings(session, sign_in))
        .create_token()
        .grant_type("refresh_token")
        .client_id(renewal.client_id)
        .client_secret(renewal.client_secret)
        .refresh_token(renewal.refresh_token);
    let send = || request.clone().send();
    let asked = session.send(Call::Renewal, None, send).await;
    asked.map_err(|failure| source_failure::of_sign_in(failure, session))
}

/// The rest of the file stays as the tool has written it that signed in.
fn keep(
    environment: &Environment,
    file: &Path,
    text: &[u8],
    granted: &CreateTokenOutput,
) -> std::io::Result<()> {
    let mut kept: Value = serde_json::from_slice(text)?;
    let life = u64::try_from(granted.expires_in).unwrap_or_default();
    kept["accessToken"] = granted.access_token().into();
    kept["expiresAt"] = environment.now().plus(life).to_string().into();
    if let Some(refresh_token) = granted.refresh_token() {
        kept["refreshToken"] = refresh_token.into();
    }
    UserFile::at(file)?.replace(kept.to_string().as_bytes(), Privacy::OwnerOnly)
}

fn settings(session: &Session<'_>, sign_in: &SsoSignIn) -> SdkConfig {
    let region = Region::new(sign_in.region.clone());
    session.settings().to_builder().region(region).build()
}

pub(super) fn sign_in_file(environment: &Environment, sign_in: &SsoSignIn) -> Option<PathBuf> {
    let name = sign_in.session.as_ref().unwrap_or(&sign_in.start_url);
    let digest = Sha1::digest(name.as_bytes());
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let cache = environment.home()?.join(".aws/sso/cache");
    Some(cache.join(digits + ".json"))
}

async fn role_credentials(
    session: &Session<'_>,
    sign_in: &SsoSignIn,
    access_token: String,
) -> Result<Credentials, Box<Failure>> {
    let request = call::sso(&settings(session, sign_in))
        .get_role_credentials()
        .role_name(&sign_in.role_name)
        .account_id(&sign_in.account_id)
        .access_token(access_token);
    let account = Some(sign_in.account_id.as_str());
    let send = || request.clone().send();
    let asked = session.send(Call::GetRoleCredentials, account, send);
    let answer = asked
        .await
        .map_err(|failure| source_failure::of_sign_in(failure, session))?;
    let given = answer
        .role_credentials
        .ok_or_else(|| row::ANSWER_GARBLED.with("status", 200))?;
    let mut credentials = Credentials::builder()
        .access_key_id(given.access_key_id.unwrap_or_default())
        .secret_access_key(given.secret_access_key.unwrap_or_default())
        .provider_name("SSO");
    credentials.set_session_token(given.session_token);
    Ok(credentials.build())
}
