//! A sign-in of `aws sso login`: kept in its file, renewed by its refresh token. The SDK tells a sign-in that is over from
//! a service that is down by no error.

pub(super) mod kept;

use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;

use self::kept::{Cached, Renewal, keep, sign_in_file};
use super::moment::lasts;
use super::session::Session;
use super::{call, device, source_failure};
use crate::aws_files::{Base, SsoSignIn};
use crate::error::{Call, Failure, row};
use crate::user_file::read_regular;

/// A sign-in that ends this soon is renewed first.
const MARGIN_SECONDS: i64 = 60;

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
    source_failure::require_readable(session, base, &file)?;
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

fn settings(session: &Session<'_>, sign_in: &SsoSignIn) -> SdkConfig {
    let region = Region::new(sign_in.region.clone());
    session.settings().to_builder().region(region).build()
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
