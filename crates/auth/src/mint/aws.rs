//! Asks AWS for a token: first credentials → one AssumeRole per hop → GetAuthorizationToken.
//! Here are the order of the steps, the one runtime and the one deadline;
//! the steps themselves are in `source`, `hop` and `authorization`.

use std::future::Future;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use tokio::runtime::{self, Runtime};
use tokio::time::Instant;

use super::refusal::Refusal;
use super::shared_files::SharedFiles;
use super::transport::Transport;
use super::{MintRequest, Minter, authorities, settings, warm_up};
use crate::environment::Environment;
use crate::error::{Cause, MintError, Step};
use crate::token::Token;

/// [`Minter`] that asks AWS.
#[derive(Debug)]
pub struct AwsMinter {
    pub(super) environment: Environment,
}

impl AwsMinter {
    /// `environment` is what our own code reads; the AWS SDK reads its own variables beside it.
    pub fn new(environment: Environment) -> Self {
        Self { environment }
    }
}

impl Minter for AwsMinter {
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<MintError>> {
        with_runtime(request, |runtime| runtime.block_on(self.walk(request)))?
    }
}

impl AwsMinter {
    async fn walk(&self, request: &MintRequest<'_>) -> Result<Token, Box<MintError>> {
        let dialogue = Dialogue::open(&self.environment, *request).await?;
        let mut credentials = dialogue.first_credentials().await?;
        if !request.connection.hops.is_empty() {
            warm_up::connect_to_codeartifact(&dialogue.settings);
        }
        for number in 1..=request.connection.hops.len() {
            credentials = dialogue.assume_role(number, credentials).await?;
        }
        let duration = request.connection.duration;
        dialogue.authorization_token(credentials, duration).await
    }
}

/// Starts a runtime for `work`, here and nowhere else. It is not waited for at the end: a name lookup
/// that hangs in a thread of its own would outlast every deadline.
pub(super) fn with_runtime<T>(
    request: &MintRequest<'_>,
    work: impl FnOnce(&Runtime) -> T,
) -> Result<T, Box<MintError>> {
    let built = runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        built.map_err(|error| fail(request, Step::Start, Cause::Bug(error.to_string())))?;
    let result = work(&runtime);
    runtime.shutdown_background();
    Ok(result)
}

pub(super) fn fail(
    request: &MintRequest<'_>,
    step: Step,
    refusal: impl Into<Refusal>,
) -> Box<MintError> {
    let Refusal { cause, aws } = refusal.into();
    Box::new(MintError {
        step,
        connection: request.connection.name.clone(),
        cause,
        aws,
    })
}

/// One mint's conversation with AWS: what all its steps share.
pub(super) struct Dialogue<'a> {
    pub(super) environment: &'a Environment,
    pub(super) request: MintRequest<'a>,
    pub(super) files: SharedFiles,
    pub(super) transport: Transport,
    settings: SdkConfig,
    deadline: Instant,
}

impl<'a> Dialogue<'a> {
    pub(super) async fn open(
        environment: &'a Environment,
        request: MintRequest<'a>,
    ) -> Result<Self, Box<MintError>> {
        let deadline = Instant::now() + request.deadline;
        let opened = async {
            let files = SharedFiles::load(environment, request.connection.profile.as_deref())?;
            let authorities = authorities::with_bundle(files.ca_bundle(environment).as_deref())?;
            let transport = Transport::new(authorities, environment, deadline)
                .map_err(|error| Cause::Bug(error.to_string()))?;
            let settings = settings::load(
                &request.domain.region,
                files.for_sdk()?,
                files.attempts(environment),
                transport.clone(),
            )
            .await?;
            Ok(Self {
                environment,
                request,
                files,
                transport,
                settings,
                deadline,
            })
        };
        opened
            .await
            .map_err(|refusal: Refusal| fail(&request, Step::Start, refusal))
    }

    /// What one step yields, if it does so before the deadline.
    pub(super) async fn step<T>(
        &self,
        step: Step,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Box<MintError>> {
        match tokio::time::timeout_at(self.deadline, work).await {
            Ok(result) => result.map_err(|refusal| fail(&self.request, step, refusal)),
            Err(_) => Err(fail(&self.request, step, Cause::TimedOut)),
        }
    }

    /// When all of it must have ended.
    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The settings of every call, without credentials.
    pub(super) fn settings(&self) -> &SdkConfig {
        &self.settings
    }

    /// The settings of a call that `credentials` sign.
    pub(super) fn settings_of(&self, credentials: Credentials) -> SdkConfig {
        self.settings
            .to_builder()
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build()
    }
}
