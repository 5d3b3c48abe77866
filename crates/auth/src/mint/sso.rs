//! A sign-in of `aws sso login`. Its file is read here first, since other tools write times into it that the SDK does
//! not take; only a sign-in that has to be renewed is the SDK's.

use std::path::PathBuf;

use aws_config::Region;
use aws_config::sso::SsoCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use serde::Deserialize;
use sha1::{Digest, Sha1};

use super::moment::unix_time;
use super::session::Session;
use super::{call, device, source, source_failure};
use crate::aws_files::{Base, SsoSignIn};
use crate::environment::Environment;
use crate::error::{Call, Failure, row};
use crate::user_file::read_regular;

/// A sign-in that ends this soon is renewed first.
const MARGIN_SECONDS: i64 = 60;

/// The file of a sign-in, as far as it is needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cached {
    access_token: String,
    expires_at: String,
}

/// The credentials of the role that the sign-in opens. A person is asked to sign in only where nothing else is left.
pub(super) async fn ask(
    session: &Session<'_>,
    sign_in: &SsoSignIn,
    base: &Base,
) -> Result<Credentials, Box<Failure>> {
    let given = match kept_sign_in(session.environment, sign_in) {
        Some(access_token) => role_credentials(session, sign_in, access_token).await,
        None => renewed(session, sign_in, base).await,
    };
    match (given, session.sign_in) {
        (Err(failure), Some(person)) if failure.is(&[&row::SIGN_IN_OVER]) => {
            let access_token = device::sign_in(session, sign_in, person).await?;
            role_credentials(session, sign_in, access_token).await
        }
        (given, _) => given,
    }
}

/// A time that cannot be read is AWS's to judge.
fn kept_sign_in(environment: &Environment, sign_in: &SsoSignIn) -> Option<String> {
    let text = read_regular(&sign_in_file(environment, sign_in)?).ok()?;
    let cached: Cached = serde_json::from_slice(&text).ok()?;
    let now = i64::try_from(environment.now().0).unwrap_or(i64::MAX);
    let is_valid = unix_time(&cached.expires_at).is_none_or(|end| end > now + MARGIN_SECONDS);
    is_valid.then_some(cached.access_token)
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
    let region = Region::new(sign_in.region.clone());
    let settings = session.settings().to_builder().region(region).build();
    let request = call::sso(&settings)
        .get_role_credentials()
        .role_name(&sign_in.role_name)
        .account_id(&sign_in.account_id)
        .access_token(access_token);
    let account = Some(sign_in.account_id.as_str());
    let send = || request.clone().send();
    let asked = session.send(Call::GetRoleCredentials, account, send);
    let answer = asked
        .await
        .map_err(|failure| source_failure::of_sso(failure, session))?;
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

async fn renewed(
    session: &Session<'_>,
    sign_in: &SsoSignIn,
    base: &Base,
) -> Result<Credentials, Box<Failure>> {
    if let Some(file) = sign_in_file(session.environment, sign_in) {
        source::require_readable(session, base, &file)?;
    }
    let mut provider = SsoCredentialsProvider::builder()
        .configure(&source::provider_settings(session))
        .account_id(&sign_in.account_id)
        .role_name(&sign_in.role_name)
        .start_url(&sign_in.start_url)
        .region(Region::new(sign_in.region.clone()));
    if let Some(name) = &sign_in.session {
        provider = provider.session_name(name);
    }
    let answer = provider.build().provide_credentials().await;
    answer.map_err(|error| source_failure::of(base, &error, session))
}
