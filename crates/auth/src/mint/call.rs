//! Sends a call of ours: again and again while AWS throttles it, until the deadline. Other trouble is the SDK's own
//! to repeat, a few times.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority, RetryReason,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::ErrorKind;
use tokio::time::Instant;

use super::refusal;
use super::session::Session;
use crate::error::{Call, Failure, row};

/// The first pause is at most this long, and each one may be twice as long as the one before. A thousand hosts that are
/// throttled at once come back spread over the pause. Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
const FIRST_PAUSE: Duration = Duration::from_millis(300);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// The time that is left for the call after the last pause.
const LAST_CALL: Duration = Duration::from_millis(500);

impl Session<'_> {
    /// Sends a call until AWS answers it otherwise than by throttling. `account` is the one whose quota it counts against,
    /// if that is known.
    pub(super) async fn send<T, E, F>(
        &self,
        call: Call,
        account: Option<&str>,
        attempt: impl Fn() -> F,
    ) -> Result<T, Box<Failure>>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let mut bound = FIRST_PAUSE;
        loop {
            let error = match attempt().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let failure = refusal::of_call(&error, call);
            let left = self.deadline().saturating_duration_since(Instant::now());
            let asked_for = retry_after(&error).filter(|pause| *pause + LAST_CALL < left);
            let pause = asked_for.unwrap_or_default() + bound.mul_f64(fastrand::f64());
            if !failure.is(&[&row::THROTTLED]) {
                return Err(failure);
            }
            if pause + LAST_CALL > left {
                return Err(failure.with_any("throttled", account));
            }
            tokio::time::sleep(pause).await;
            bound = (bound * 2).min(LONGEST_PAUSE);
        }
    }
}

/// A client whose calls are for [`Session::send`].
pub(super) fn sts(settings: &SdkConfig) -> aws_sdk_sts::Client {
    let config = aws_sdk_sts::config::Builder::from(settings);
    aws_sdk_sts::Client::from_conf(config.retry_classifier(NotThrottles).build())
}

/// The same of CodeArtifact.
pub(super) fn codeartifact(settings: &SdkConfig) -> aws_sdk_codeartifact::Client {
    let config = aws_sdk_codeartifact::config::Builder::from(settings);
    aws_sdk_codeartifact::Client::from_conf(config.retry_classifier(NotThrottles).build())
}

/// The same of IAM Identity Center.
pub(super) fn sso(settings: &SdkConfig) -> aws_sdk_sso::Client {
    let config = aws_sdk_sso::config::Builder::from(settings);
    aws_sdk_sso::Client::from_conf(config.retry_classifier(NotThrottles).build())
}

/// In seconds, as AWS's services send it.
fn retry_after<E>(error: &SdkError<E, HttpResponse>) -> Option<Duration> {
    let seconds = error.raw_response()?.headers().get("retry-after")?;
    seconds.parse().ok().map(Duration::from_secs)
}

/// Keeps the SDK from repeating what is throttled: it would give up after its few attempts.
#[derive(Debug)]
struct NotThrottles;

impl ClassifyRetry for NotThrottles {
    fn classify_retry(&self, _: &InterceptorContext) -> RetryAction {
        RetryAction::NoActionIndicated
    }

    fn classify_retry_v2(&self, _: &InterceptorContext, previous: &RetryAction) -> RetryAction {
        match previous {
            RetryAction::RetryIndicated(RetryReason::RetryableError {
                kind: ErrorKind::ThrottlingError,
                ..
            }) => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "throttles are repeated until the deadline"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
