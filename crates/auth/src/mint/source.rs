//! The first credentials: of the named profile alone, or of the first source in AWS's default order that has any.
//! The order is the SDK's own chain, spelled out so that every source gets our limits and errors name theirs.

use std::error::Error;
use std::time::Duration;

use aws_config::Region;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials};

use super::aws::Dialogue;
use super::machine;
use super::profile_path::Origin;
use super::refusal::Refusal;
use super::settings::{retries, timeouts};
use super::standard_input::HiddenStandardInput;
use crate::environment::{
    AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
    AWS_WEB_IDENTITY_TOKEN_FILE,
};
use crate::error::{Cause, MintError, Step};

/// The instance metadata service is inside the machine: it answers at once or never.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

/// Where credentials may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Environment,
    Profile,
    WebIdentity,
    Container,
    Instance,
}

/// The order in which AWS's tools look.
const DEFAULT_ORDER: [Source; 5] = [
    Source::Environment,
    Source::Profile,
    Source::WebIdentity,
    Source::Container,
    Source::Instance,
];

impl Dialogue<'_> {
    /// Finds the credentials that the role chain starts from, and tells where.
    pub(super) async fn first_credentials(&self) -> Result<(Source, Credentials), Box<MintError>> {
        self.step(Step::Credentials, self.find_credentials()).await
    }

    /// A connection's profile goes before everything, as `--profile` of the CLI does; the SDK's own chain
    /// would still take the environment's keys first.
    async fn find_credentials(&self) -> Result<(Source, Credentials), Refusal> {
        self.files.require_named_profile()?;
        let profile = &self.request.connection.profile;
        let sources = match profile {
            Some(_) => &[Source::Profile][..],
            None => &DEFAULT_ORDER[..],
        };
        for source in sources {
            if let Some(credentials) = self.ask(*source).await? {
                return Ok((*source, credentials));
            }
        }
        Err(Cause::NoCredentials {
            profile: profile.clone(),
        }
        .into())
    }

    /// `None`: nothing is set up there.
    async fn ask(&self, source: Source) -> Result<Option<Credentials>, Refusal> {
        if !self.is_set_up(source) {
            return Ok(None);
        }
        let settings = self.provider_settings();
        let answer = match source {
            Source::Environment => {
                EnvironmentVariableCredentialsProvider::new()
                    .provide_credentials()
                    .await
            }
            Source::Profile => self.ask_profile(&settings).await?,
            Source::WebIdentity => {
                let provider = WebIdentityTokenCredentialsProvider::builder()
                    .configure(&settings)
                    .build();
                provider.provide_credentials().await
            }
            Source::Container => {
                let provider = EcsCredentialsProvider::builder()
                    .configure(&settings)
                    .build();
                provider.provide_credentials().await
            }
            Source::Instance => instance(&settings).provide_credentials().await,
        };
        match answer {
            Ok(credentials) => Ok(Some(credentials)),
            Err(error) if says_nothing_is_set_up(source, &error) => Ok(None),
            Err(error) => Err(self.refusal_of(source, &error)),
        }
    }

    /// An empty variable counts as unset, as in AWS's other tools; the SDK would take it for a file or a URL.
    fn is_set_up(&self, source: Source) -> bool {
        let has = |name| self.environment.variable(name).is_some();
        match source {
            Source::Environment | Source::Profile => true,
            Source::WebIdentity => has(AWS_WEB_IDENTITY_TOKEN_FILE),
            Source::Container => {
                has(AWS_CONTAINER_CREDENTIALS_RELATIVE_URI)
                    || has(AWS_CONTAINER_CREDENTIALS_FULL_URI)
            }
            Source::Instance => machine::has_metadata_service(self.environment),
        }
    }

    async fn ask_profile(&self, settings: &ProviderConfig) -> Result<provider::Result, Cause> {
        self.files.path().refuse_mfa()?;
        let _hidden =
            (self.files.path().origin() == Origin::Process).then(HiddenStandardInput::hide);
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(settings)
            .with_custom_provider("Ec2InstanceMetadata", instance(settings))
            .profile_name(self.files.profile())
            .build();
        Ok(provider.provide_credentials().await)
    }

    /// As for our own calls. A sign-in of `aws login` belongs to the Region of its profile.
    fn provider_settings(&self) -> ProviderConfig {
        let shared = self.settings();
        let region = match (self.files.path().origin(), self.files.region()) {
            (Origin::SignIn("aws login"), Some(region)) => Some(Region::new(region.to_owned())),
            _ => shared.region().cloned(),
        };
        ProviderConfig::without_region()
            .with_region(region)
            .with_http_client(self.transport.clone())
            .with_retry_config(retries())
            .with_timeout_config(timeouts())
            .with_use_fips(shared.use_fips())
            .with_use_dual_stack(shared.use_dual_stack())
    }
}

/// With limits of our own: the SDK would try four times for ten seconds each.
fn instance(settings: &ProviderConfig) -> ImdsCredentialsProvider {
    let client = imds::Client::builder()
        .configure(settings)
        .max_attempts(1)
        .operation_attempt_timeout(METADATA_TIMEOUT)
        .build();
    ImdsCredentialsProvider::builder()
        .configure(settings)
        .imds_client(client)
        .build()
}

/// The SDK's `NotLoaded` of a profile comes with words when something in the profile is wrong.
fn says_nothing_is_set_up(source: Source, error: &CredentialsError) -> bool {
    matches!(error, CredentialsError::CredentialsNotLoaded(_))
        && !(source == Source::Profile && error.source().is_some())
}
