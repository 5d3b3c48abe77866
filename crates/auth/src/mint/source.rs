//! The first credentials: those of the source that [`crate::aws_files::Identity`] found, then the roles of the
//! profile. Each source gets our limits, and errors name it.

use std::time::Duration;

use aws_config::Region;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::login::LoginCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::web_identity_token::{StaticConfiguration, WebIdentityTokenCredentialsProvider};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials};

use super::aws::Dialogue;
use super::hop::{SESSION_SECONDS, session_credentials, session_name};
use super::process::ProcessError;
use super::refusal::Refusal;
use super::settings::timeouts;
use super::{cli_cache, codes, machine, process, refusal};
use crate::aws_files::{Base, Identity, Keys, Role};
use crate::environment::AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
use crate::error::{Cause, MintError, Step};

/// The instance metadata service is inside the machine: it answers at once or never.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

impl Dialogue<'_> {
    /// Finds the credentials that the role chain starts from.
    pub(super) async fn first_credentials(&self) -> Result<Credentials, Box<MintError>> {
        self.step(Step::Credentials, self.find_credentials()).await
    }

    async fn find_credentials(&self) -> Result<Credentials, Refusal> {
        let identity = self.files.identity()?;
        let (kept, roles) = self.after_mfa(identity)?;
        let mut credentials = match kept {
            Some(credentials) => credentials,
            None => self.ask(&identity.base).await?,
        };
        for role in roles {
            credentials = self.assume_role_of_profile(role, credentials).await?;
        }
        Ok(credentials)
    }

    /// A role that wants a code can be had only where the AWS CLI keeps a session of it; what leads to it is then done.
    fn after_mfa<'i>(
        &self,
        identity: &'i Identity,
    ) -> Result<(Option<Credentials>, &'i [Role]), Cause> {
        let wants_code = |role: &Role| role.mfa_serial.is_some();
        let Some(last) = identity.roles.iter().rposition(wants_code) else {
            return Ok((None, &identity.roles));
        };
        let (until, after) = identity.roles.split_at(last + 1);
        let role = until.last().filter(|role| wants_code(role));
        let session = role.and_then(|role| cli_cache::session_of(self.environment, role));
        match (session, role) {
            (None, Some(role)) => Err(Cause::Mfa {
                profile: role.profile.clone(),
            }),
            (session, _) => Ok((session, after)),
        }
    }

    async fn ask(&self, base: &Base) -> Result<Credentials, Refusal> {
        let answer = match base {
            Base::Environment(keys) | Base::Profile { keys, .. } => return Ok(of_keys(keys)),
            Base::Process { profile, command } => {
                let given = process::ask(command, self.deadline()).await;
                return given.map_err(|error| match error {
                    ProcessError::TooLong(_) => Cause::TimedOut.into(),
                    _ => Cause::SourceFailed(format!("profile `{profile}`: {error}")).into(),
                });
            }
            Base::Sso(sign_in) => return self.ask_sso(sign_in, base).await,
            Base::WebIdentity {
                token_file,
                role_arn,
                session_name,
                ..
            } => {
                self.ask_web_identity(token_file, role_arn, session_name.as_deref())
                    .await
            }
            Base::Login {
                session, region, ..
            } => {
                let settings = self.provider_settings();
                let settings = match region {
                    Some(region) => settings.with_region(Some(Region::new(region.clone()))),
                    None => settings,
                };
                let provider = LoginCredentialsProvider::builder(session)
                    .configure(&settings)
                    .build();
                provider.provide_credentials().await
            }
            Base::Container { .. } => self.ask_container().await?,
            Base::Instance { endpoint } => self.ask_instance(endpoint.as_deref()).await?,
        };
        answer.map_err(|error| self.refusal_of(base, &error))
    }

    async fn ask_web_identity(
        &self,
        token_file: &str,
        role_arn: &str,
        name: Option<&str>,
    ) -> provider::Result {
        let own = || session_name(self.request.connection.name.as_deref());
        let provider = WebIdentityTokenCredentialsProvider::builder()
            .configure(&self.provider_settings())
            .static_configuration(StaticConfiguration {
                web_identity_token_file: token_file.into(),
                role_arn: role_arn.to_owned(),
                session_name: name.map_or_else(own, str::to_owned),
            })
            .build();
        provider.provide_credentials().await
    }

    /// The SDK names neither the file nor the variable when the file cannot be used.
    async fn ask_container(&self) -> Result<provider::Result, Cause> {
        if let Some(file) = self
            .environment
            .text(AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)
        {
            let problem = match std::fs::read_to_string(&file) {
                Err(error) => Some(error.to_string()),
                Ok(text) if text.contains(['\r', '\n']) => Some("it has a line break".to_owned()),
                Ok(_) => None,
            };
            if let Some(problem) = problem {
                return Err(Cause::SourceFailed(format!(
                    "{AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE}={file} cannot be used: {problem}"
                )));
            }
        }
        let provider = EcsCredentialsProvider::builder()
            .configure(&self.provider_settings())
            .build();
        Ok(provider.provide_credentials().await)
    }

    /// With limits of our own: the SDK would try four times for ten seconds each.
    async fn ask_instance(&self, endpoint: Option<&str>) -> Result<provider::Result, Cause> {
        if !machine::has_metadata_service(self.environment, endpoint) {
            let profile = self.request.connection.profile.clone();
            return Err(Cause::NoCredentials { profile });
        }
        let settings = self.provider_settings();
        let mut client = imds::Client::builder()
            .configure(&settings)
            .max_attempts(1)
            .operation_attempt_timeout(METADATA_TIMEOUT);
        if let Some(endpoint) = endpoint {
            let set = client.endpoint(endpoint);
            client =
                set.map_err(|error| Cause::SourceFailed(format!("instance metadata: {error}")))?;
        }
        let provider = ImdsCredentialsProvider::builder()
            .configure(&settings)
            .imds_client(client.build())
            .build();
        match provider.provide_credentials().await {
            Err(CredentialsError::CredentialsNotLoaded(_)) => Err(Cause::NoCredentials {
                profile: self.request.connection.profile.clone(),
            }),
            answer => Ok(answer),
        }
    }

    /// A session that other session credentials ask for lasts an hour at most; STS refuses a longer one.
    async fn assume_role_of_profile(
        &self,
        role: &Role,
        credentials: Credentials,
    ) -> Result<Credentials, Refusal> {
        let longest = match credentials.session_token() {
            Some(_) => SESSION_SECONDS.into(),
            None => i32::MAX,
        };
        let own = || session_name(self.request.connection.name.as_deref());
        let client = aws_sdk_sts::Client::new(&self.settings_of(credentials));
        let answer = client
            .assume_role()
            .role_arn(&role.role_arn)
            .role_session_name(role.role_session_name.clone().unwrap_or_else(own))
            .set_external_id(role.external_id.clone())
            .set_duration_seconds(role.duration_seconds.map(|seconds| seconds.min(longest)))
            .send()
            .await
            .map_err(|error| refusal::of_call(&error, codes::at_hop))?;
        answer
            .credentials
            .map(session_credentials)
            .ok_or_else(|| Cause::Garbled { status: 200 }.into())
    }

    /// As for our own calls.
    pub(super) fn provider_settings(&self) -> ProviderConfig {
        let shared = self.settings();
        ProviderConfig::without_region()
            .with_region(shared.region().cloned())
            .with_http_client(self.transport.clone())
            .with_retry_config(
                shared
                    .retry_config()
                    .cloned()
                    .unwrap_or_else(RetryConfig::standard),
            )
            .with_timeout_config(timeouts())
            .with_use_fips(shared.use_fips())
            .with_use_dual_stack(shared.use_dual_stack())
    }
}

fn of_keys(keys: &Keys) -> Credentials {
    let mut credentials = Credentials::builder()
        .access_key_id(&keys.access_key_id)
        .secret_access_key(keys.secret_access_key.expose())
        .provider_name("keys");
    if let Some(token) = &keys.session_token {
        credentials = credentials.session_token(token.expose());
    }
    credentials.build()
}
