//! The sign-in of a person to IAM Identity Center by a code, as `aws sso login --use-device-code` does it. Its outcome is
//! written where that command writes it, so that both share it.

use std::path::Path;
use std::time::Duration;

use aws_config::Region;
use aws_sdk_ssooidc::Client;
use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;
use aws_sdk_ssooidc::operation::register_client::RegisterClientOutput;
use aws_sdk_ssooidc::operation::start_device_authorization::StartDeviceAuthorizationOutput;
use serde_json::json;

use super::session::Session;
use super::sign_in::SignIn;
use super::sso::kept::sign_in_file;
use crate::aws_files::SsoSignIn;
use crate::error::{Call, Failure};
use crate::token::Timestamp;
use crate::user_file::{Privacy, UserFile};

const CLIENT_NAME: &str = "codeartifact-credential-helpers";

/// The scope that the AWS CLI asks for where a session names none.
const USUAL_SCOPES: &str = "sso:account:access";

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The seconds to add between two questions when the service says so. Source: RFC 8628, section 3.5.
const SLOWER: Duration = Duration::from_secs(5);

/// Lets the person sign in; returns the access token.
pub(super) async fn sign_in(
    session: &Session<'_>,
    sign_in: &SsoSignIn,
    person: &SignIn,
) -> Result<String, Box<Failure>> {
    if let Some(failure) = person.refusal_of(sign_in) {
        return Err(failure);
    }
    let exchange = Exchange::new(session, sign_in);
    let signed_in = exchange.run(person).await.map_err(|failure| {
        failure
            .with("profile", &sign_in.profile)
            .with("login", session.login())
            .with("start_url", &sign_in.start_url)
            .with("sso_region", &sign_in.region)
    });
    signed_in.inspect_err(|failure| person.remember_refusal(sign_in, failure))
}

struct Exchange<'a> {
    session: &'a Session<'a>,
    sign_in: &'a SsoSignIn,
    client: Client,
}

impl<'a> Exchange<'a> {
    fn new(session: &'a Session<'a>, sign_in: &'a SsoSignIn) -> Self {
        let region = Region::new(sign_in.region.clone());
        let settings = session.settings().to_builder().region(region).build();
        Self {
            session,
            sign_in,
            client: Client::new(&settings),
        }
    }

    async fn run(&self, person: &SignIn) -> Result<String, Box<Failure>> {
        let registered = self.register().await?;
        let begun = self.begin(&registered).await?;
        let page = begun.verification_uri_complete();
        let page = page.or(begun.verification_uri()).unwrap_or_default();
        let code = begun.user_code().unwrap_or_default();
        person.prompt.confirm(&self.sign_in.profile, page, code);
        let granted = self.wait(&registered, &begun).await?;
        // A file that cannot be written costs the next sign-in, not this one.
        let _ = self.keep(&registered, &granted);
        let access_token = granted.access_token.unwrap_or_default();
        Ok(access_token)
    }

    /// Only a client with scopes gets a refresh token; profiles without a session have none.
    async fn register(&self) -> Result<RegisterClientOutput, Box<Failure>> {
        let scopes = self.sign_in.registration_scopes.as_deref();
        let scopes = scopes.unwrap_or(USUAL_SCOPES).split(',');
        let scopes = scopes.map(|scope| scope.trim().to_owned()).collect();
        let request = self
            .client
            .register_client()
            .client_name(CLIENT_NAME)
            .client_type("public")
            .set_scopes(self.sign_in.session.is_some().then_some(scopes));
        let send = || request.clone().send();
        self.session.send(Call::SignIn, None, send).await
    }

    async fn begin(
        &self,
        registered: &RegisterClientOutput,
    ) -> Result<StartDeviceAuthorizationOutput, Box<Failure>> {
        let request = self
            .client
            .start_device_authorization()
            .set_client_id(registered.client_id.clone())
            .set_client_secret(registered.client_secret.clone())
            .start_url(&self.sign_in.start_url);
        let send = || request.clone().send();
        self.session.send(Call::SignIn, None, send).await
    }

    /// Asks until the person has answered, or the code has expired.
    async fn wait(
        &self,
        registered: &RegisterClientOutput,
        begun: &StartDeviceAuthorizationOutput,
    ) -> Result<CreateTokenOutput, Box<Failure>> {
        let request = self
            .client
            .create_token()
            .set_client_id(registered.client_id.clone())
            .set_client_secret(registered.client_secret.clone())
            .grant_type(DEVICE_CODE)
            .set_device_code(begun.device_code.clone());
        let mut pause = Duration::from_secs(begun.interval.try_into().unwrap_or(5));
        loop {
            let send = || request.clone().send();
            let failure = match self.session.send(Call::SignIn, None, send).await {
                Ok(granted) => return Ok(granted),
                Err(failure) => failure,
            };
            match failure.aws().map(|said| said.code.as_str()) {
                Some("AuthorizationPendingException") => {}
                Some("SlowDownException") => pause += SLOWER,
                _ => return Err(failure),
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// The same keys as the AWS CLI, which renews the sign-in by them.
    fn keep(
        &self,
        registered: &RegisterClientOutput,
        granted: &CreateTokenOutput,
    ) -> std::io::Result<()> {
        let now = self.session.environment.now();
        let life = u64::try_from(granted.expires_in).unwrap_or_default();
        let registration_ends = u64::try_from(registered.client_secret_expires_at);
        let mut kept = json!({
            "startUrl": self.sign_in.start_url,
            "region": self.sign_in.region,
            "accessToken": granted.access_token,
            "expiresAt": now.plus(life).to_string(),
            "clientId": registered.client_id,
            "clientSecret": registered.client_secret,
            "registrationExpiresAt": Timestamp(registration_ends.unwrap_or_default()).to_string(),
        });
        if let Some(refresh_token) = &granted.refresh_token {
            kept["refreshToken"] = refresh_token.as_str().into();
        }
        match sign_in_file(self.session.environment, self.sign_in) {
            Some(path) => write(&path, kept.to_string().as_bytes()),
            None => Ok(()),
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    UserFile::at(path)?.replace(bytes, Privacy::OwnerOnly)
}
