//! What all steps of one mint share: the one runtime, the one deadline, the shared files, the settings of every call.
//! The steps themselves are in `source`, `hop`, `authorization` and beside them.

use std::future::Future;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use tokio::runtime::{self, Runtime};
use tokio::time::Instant;

use super::shared_files::SharedFiles;
use super::sign_in::SignIn;
use super::transport::Transport;
use super::{authorities, settings};
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::error::{Failure, Step, row};
use crate::minter::MintRequest;

/// One mint's conversation with AWS.
pub(super) struct Session<'a> {
    pub(super) environment: &'a Environment,
    pub(super) request: MintRequest<'a>,
    pub(super) files: SharedFiles,
    pub(super) transport: Transport,
    /// The person who may be asked, if there is one.
    pub(super) sign_in: Option<&'a SignIn>,
    settings: SdkConfig,
    deadline: Instant,
}

impl<'a> Session<'a> {
    pub(super) async fn open(
        environment: &'a Environment,
        request: MintRequest<'a>,
    ) -> Result<Self, Box<Failure>> {
        Self::open_with(environment, request, None).await
    }

    pub(super) async fn open_with(
        environment: &'a Environment,
        request: MintRequest<'a>,
        sign_in: Option<&'a SignIn>,
    ) -> Result<Self, Box<Failure>> {
        let opened = Self::open_somewhere(environment, request, sign_in).await;
        opened.map_err(|failure| failure.at(&Step::start(), request.connection.name.as_deref()))
    }

    async fn open_somewhere(
        environment: &'a Environment,
        request: MintRequest<'a>,
        sign_in: Option<&'a SignIn>,
    ) -> Result<Self, Box<Failure>> {
        let deadline = Instant::now() + request.deadline;
        let files = SharedFiles::load(environment, request.connection)?;
        let bundle = files.ca_bundle(environment);
        let authorities = authorities::trusted(environment, bundle.as_deref())?;
        let transport = Transport::new(authorities, environment, deadline)
            .map_err(|error| row::BUG.with("reason", error))?;
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
            sign_in,
            settings,
            deadline,
        })
    }

    /// Returns what one step yields, if it does so before the deadline; its failure says which step it was.
    pub(super) async fn step<T>(
        &self,
        step: Step,
        work: impl Future<Output = Result<T, Box<Failure>>>,
    ) -> Result<T, Box<Failure>> {
        let result = match tokio::time::timeout_at(self.deadline, work).await {
            Ok(result) => result,
            Err(_) => Err(row::TIMED_OUT.failure()),
        };
        result.map_err(|failure| failure.at(&step, self.connection()))
    }

    /// The account of whoever has taken so many hops; `None` where only AWS knows it.
    pub(super) fn account_after(&self, hops: usize) -> Option<&str> {
        let before = self.request.connection.hops.get(..hops)?;
        match before.last() {
            Some(hop) => hop.role_arn.split(':').nth(4),
            None => self.files.identity().ok()?.account(),
        }
    }

    /// What `codeartifact login` is given to get this token: a connection's name, or the URL of the domain.
    pub(super) fn login(&self) -> String {
        let domain = self.request.domain;
        let url = || Endpoint::of_domain(domain).map(|endpoint| endpoint.root());
        let name = self.connection().map(str::to_owned);
        name.or_else(|| url().ok()).unwrap_or_default()
    }

    /// The connection's name.
    pub(super) fn connection(&self) -> Option<&'a str> {
        self.request.connection.name.as_deref()
    }

    /// When all of it must have ended.
    pub(super) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Lets the connection to CodeArtifact be made beside the first call to another host, which saves its round trips.
    pub(super) fn connect_early(&self) {
        let region = &self.request.domain.region;
        if let Some(url) = settings::usual_codeartifact_url(&self.settings, region) {
            self.transport.connect_early(url);
        }
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

/// Starts a runtime for `work`, here and nowhere else. It is not waited for at the end: a name lookup
/// that hangs in a thread of its own would outlast every deadline.
pub(super) fn with_runtime<T>(
    request: &MintRequest<'_>,
    work: impl FnOnce(&Runtime) -> T,
) -> Result<T, Box<Failure>> {
    let built = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = built.map_err(|error| {
        let bug = row::BUG.with("reason", error);
        bug.at(&Step::start(), request.connection.name.as_deref())
    })?;
    let result = work(&runtime);
    runtime.shutdown_background();
    Ok(result)
}
