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

use super::profile_path::Origin;
use super::session::Session;
use super::settings::{retries, timeouts};
use super::sources::{DEFAULT_ORDER, Source};
use super::standard_input::HiddenStandardInput;
use super::{machine, source_failure};
use crate::environment::{
    AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
    AWS_WEB_IDENTITY_TOKEN_FILE,
};
use crate::error::{Failure, Step, row};

/// The instance metadata service is inside the machine: it answers at once or never.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

/// Finds the credentials that the role chain starts from, and tells where.
pub(super) async fn first_credentials(
    session: &Session<'_>,
) -> Result<(Source, Credentials), Box<Failure>> {
    let found = session
        .step(Step::credentials(), find_credentials(session))
        .await;
    found.map_err(|failure| {
        if failure.is(&[&row::TIMED_OUT]) {
            failure.turned(&row::SOURCE_SLOW)
        } else {
            failure
        }
    })
}

/// A connection's profile goes before everything, as `--profile` of the CLI does; the SDK's own chain
/// would still take the environment's keys first.
async fn find_credentials(session: &Session<'_>) -> Result<(Source, Credentials), Box<Failure>> {
    session.files.require_named_profile()?;
    let profile = &session.request.connection.profile;
    let sources = match profile {
        Some(_) => &[Source::Profile][..],
        None => &DEFAULT_ORDER[..],
    };
    for source in sources {
        if let Some(credentials) = ask(session, *source).await? {
            return Ok((*source, credentials));
        }
    }
    Err(match profile {
        Some(profile) => row::PROFILE_EMPTY.with("profile", profile),
        None => row::CREDENTIALS_ABSENT.failure(),
    })
}

/// `None`: nothing is set up there.
async fn ask(session: &Session<'_>, source: Source) -> Result<Option<Credentials>, Box<Failure>> {
    if !is_set_up(session, source) {
        return Ok(None);
    }
    let settings = provider_settings(session);
    let answer = match source {
        Source::Environment => {
            EnvironmentVariableCredentialsProvider::new()
                .provide_credentials()
                .await
        }
        Source::Profile => ask_profile(session, &settings).await?,
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
        Err(error) => Err(source_failure::of(source, &error, &session.files)),
    }
}

/// An empty variable counts as unset, as in AWS's other tools; the SDK would take it for a file or a URL.
fn is_set_up(session: &Session<'_>, source: Source) -> bool {
    let has = |name| session.environment.variable(name).is_some();
    match source {
        Source::Environment | Source::Profile => true,
        Source::WebIdentity => has(AWS_WEB_IDENTITY_TOKEN_FILE),
        Source::Container => {
            has(AWS_CONTAINER_CREDENTIALS_RELATIVE_URI) || has(AWS_CONTAINER_CREDENTIALS_FULL_URI)
        }
        Source::Instance => machine::has_metadata_service(session.environment),
    }
}

async fn ask_profile(
    session: &Session<'_>,
    settings: &ProviderConfig,
) -> Result<provider::Result, Box<Failure>> {
    session.files.path().refuse_mfa()?;
    let _hidden =
        (session.files.path().origin() == Origin::Process).then(HiddenStandardInput::hide);
    let provider = ProfileFileCredentialsProvider::builder()
        .configure(settings)
        .with_custom_provider("Ec2InstanceMetadata", instance(settings))
        .profile_name(session.files.profile())
        .build();
    Ok(provider.provide_credentials().await)
}

/// As for our own calls. A sign-in of `aws login` belongs to the Region of its profile.
fn provider_settings(session: &Session<'_>) -> ProviderConfig {
    let shared = session.settings();
    let region = match (session.files.path().origin(), session.files.region()) {
        (Origin::SignIn("aws login"), Some(region)) => Some(Region::new(region.to_owned())),
        _ => shared.region().cloned(),
    };
    ProviderConfig::without_region()
        .with_region(region)
        .with_http_client(session.transport.clone())
        .with_retry_config(retries())
        .with_timeout_config(timeouts())
        .with_use_fips(shared.use_fips())
        .with_use_dual_stack(shared.use_dual_stack())
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
