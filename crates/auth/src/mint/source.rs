//! The first credentials: those of the source that [`crate::aws_files::Identity`] found, then the roles of the
//! profile. Each source gets our limits, and errors name it.

mod profile_role;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;

use super::instance::{self, InstanceError};
use super::role_session::session_name;
use super::session::Session;
use super::settings::timeouts;
use super::{cli_cache, id_token, login, mfa, process, source_failure, sso};
use crate::aws_files::{Base, Keys};
use crate::environment::{AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, Environment};
use crate::error::{Failure, Step, row};
use crate::token::Secret;
use crate::user_file::{read_text, read_token};

/// The caller's proof to AWS.
#[derive(Debug, Clone)]
pub(super) enum Proof {
    /// An access key or a session signs the call.
    Keys(Credentials),
    /// A CI system's identity token, which only a role can be got for.
    IdToken(Secret),
}

impl Proof {
    /// The keys, which all calls but one need.
    pub(super) fn keys(self, session: &Session<'_>) -> Result<Credentials, Box<Failure>> {
        match self {
            Self::Keys(keys) => Ok(keys),
            Self::IdToken(_) => {
                let source = session.request.connection.source.as_ref();
                let failure = row::ID_TOKEN_WITHOUT_ROLE.with_any("source", source);
                Err(failure.at(&Step::credentials(), session.connection()))
            }
        }
    }
}

/// Finds what the role chain starts from.
pub(super) async fn first(session: &Session<'_>) -> Result<Proof, Box<Failure>> {
    let found = session.step(Step::credentials(), find(session)).await;
    found.map_err(|failure| {
        if failure.is(&[&row::TIMED_OUT]) {
            failure.turned(&row::SOURCE_SLOW)
        } else {
            failure
        }
    })
}

async fn find(session: &Session<'_>) -> Result<Proof, Box<Failure>> {
    match &session.request.connection.source {
        Some(source) => id_token::get(session, source).await.map(Proof::IdToken),
        None => find_credentials(session).await.map(Proof::Keys),
    }
}

/// The last session that the AWS CLI keeps saves what leads to it.
async fn find_credentials(session: &Session<'_>) -> Result<Credentials, Box<Failure>> {
    let identity = session.files.identity()?;
    let (kept, roles) = cli_cache::latest_session(session.environment, &identity.roles);
    mfa::require_person(session, roles)?;
    let mut credentials = match kept {
        Some(credentials) => credentials,
        None => ask(session, &identity.base).await?,
    };
    for role in roles {
        credentials = profile_role::assume(session, role, credentials).await?;
    }
    Ok(credentials)
}

async fn ask(session: &Session<'_>, base: &Base) -> Result<Credentials, Box<Failure>> {
    match base {
        Base::Environment(keys) | Base::Profile { keys, .. } | Base::OlderFile { keys, .. } => {
            Ok(of_keys(keys))
        }
        Base::Process { profile, command } => {
            let given = process::ask(command, session.environment, session.deadline()).await;
            given.map_err(|error| error.failure(profile))
        }
        Base::Sso(sign_in) => sso::ask(session, sign_in, base).await,
        Base::WebIdentity {
            token_file,
            role_arn,
            session_name,
            ..
        } => {
            let name = session_name.as_deref();
            ask_web_identity(session, base, token_file, role_arn, name).await
        }
        Base::Login {
            session: name,
            region,
            ..
        } => login::ask(session, base, name, region.as_deref()).await,
        Base::Container { .. } => ask_container(session, base).await,
        Base::Instance { endpoint } => {
            let asked = instance::ask(session, endpoint.as_deref()).await;
            asked.map_err(|error| of_instance(session, base, error))
        }
    }
}

/// An empty session token counts as none.
fn without_empty_token(given: Credentials) -> Credentials {
    match given.session_token() {
        Some("") => Credentials::builder()
            .access_key_id(given.access_key_id())
            .secret_access_key(given.secret_access_key())
            .provider_name("without a token")
            .build(),
        _ => given,
    }
}

async fn ask_web_identity(
    session: &Session<'_>,
    base: &Base,
    token_file: &str,
    role_arn: &str,
    name: Option<&str>,
) -> Result<Credentials, Box<Failure>> {
    let token = match read_token(token_file.as_ref()) {
        Ok(text) => Secret::new(text.trim().to_owned()),
        Err(error) => {
            let correction = "let the platform write the token to that file, or correct \
                AWS_WEB_IDENTITY_TOKEN_FILE or `web_identity_token_file`, which name it";
            let failure = source_failure::failed(session, base, format!("{token_file}: {error}"));
            return Err(failure.with("correction", correction));
        }
    };
    let wanted = id_token::Wanted {
        role_arn,
        session_name: name.map_or_else(|| session_name(session.connection()), str::to_owned),
        policy: None,
        seconds: None,
    };
    id_token::assume_role(session, &token, wanted).await
}

/// The SDK names neither the file nor the variable when the file cannot be used.
async fn ask_container(session: &Session<'_>, base: &Base) -> Result<Credentials, Box<Failure>> {
    let named = session
        .environment
        .text(AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE);
    if let Some(file) = named {
        let problem = match read_text(file.as_ref()) {
            Err(error) => Some(error.to_string()),
            Ok(text) if text.contains(['\r', '\n']) => Some("it has a line break".to_owned()),
            Ok(_) => None,
        };
        if let Some(problem) = problem {
            let variable = AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
            let reason = format!("{variable}={file} cannot be used: {problem}");
            let correction =
                format!("let {variable} name a file that holds the token and no line break");
            return Err(
                source_failure::failed(session, base, reason).with("correction", correction)
            );
        }
    }
    let provider = EcsCredentialsProvider::builder()
        .configure(&provider_settings(session))
        .build();
    let given = provider.provide_credentials().await;
    let given = given.map_err(|error| source_failure::of_container(base, &error, session));
    given.map(without_empty_token)
}

fn of_instance(session: &Session<'_>, base: &Base, error: InstanceError) -> Box<Failure> {
    match error {
        InstanceError::NotAsked(reason) => absent(session, reason),
        InstanceError::NoRole => absent(session, "has none"),
        error => source_failure::failed(session, base, error.to_string())
            .with("correction", error.correction()),
    }
}

/// Nothing is set up, not even on the machine itself, which is the last source.
fn absent(session: &Session<'_>, instance: &str) -> Box<Failure> {
    match session.files.named_profile() {
        Some(profile) => row::PROFILE_EMPTY.with("profile", profile),
        None => match session.files.other_profiles() {
            Some(existing) => row::PROFILE_NOT_CHOSEN.with("existing", existing),
            None if is_stripped(session.environment) => row::CREDENTIALS_STRIPPED.failure(),
            None => row::CREDENTIALS_ABSENT.failure(),
        }
        .with("instance", instance),
    }
}

/// Nothing of AWS's is set: what a person has in the shell is not passed on by everything that starts programs.
fn is_stripped(environment: &Environment) -> bool {
    environment.starting_with("AWS_").is_empty()
}

/// As for our own calls.
pub(super) fn provider_settings(session: &Session<'_>) -> ProviderConfig {
    let shared = session.settings();
    let retries = shared.retry_config().cloned();
    ProviderConfig::without_region()
        .with_region(shared.region().cloned())
        .with_http_client(session.transport.clone())
        .with_retry_config(retries.unwrap_or_else(RetryConfig::standard))
        .with_timeout_config(timeouts())
        .with_use_fips(shared.use_fips())
        .with_use_dual_stack(shared.use_dual_stack())
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
