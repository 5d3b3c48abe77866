//! Errors of the SDK → the failure that they mean, with AWS's own words. Which code means what is in the rows
//! (`error/row/`).

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::error_body;
use super::unreachable::unreachable_host;
use crate::error::{AwsSaid, Call, Failure, Row, row};
use crate::visible::one_line;

/// Returns what a failed call means, before it is known for whom and at which step.
pub(super) fn of_call<E>(error: &SdkError<E, HttpResponse>, call: Call) -> Box<Failure>
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let raw = match error {
        SdkError::ServiceError(context) => context.raw(),
        SdkError::ResponseError(context) => context.raw(),
        SdkError::TimeoutError(_) => return row::TIMED_OUT.failure(),
        _ => return not_sent(error),
    };
    let status = raw.status().as_u16();
    let Some(said) = what_aws_said(error).or_else(|| of_body(raw)) else {
        return row::ANSWER_GARBLED.with("status", status);
    };
    let unknown = if status >= 500 {
        &row::SERVER_FAILED
    } else {
        &row::VALUE_REFUSED
    };
    let meant = Row::meant(call, &said).unwrap_or(unknown);
    meant.with("quota", quota_of(call)).said(said)
}

/// Returns the quota that a throttled call has used up. Source: the pages on quotas of CodeArtifact, STS and IAM Identity Center.
fn quota_of(call: Call) -> &'static str {
    match call {
        Call::GetAuthorizationToken => {
            "CodeArtifact's quota of GetAuthorizationToken calls (40 a second, unless it was raised)"
        }
        Call::List => "CodeArtifact's quota of calls",
        Call::Publish => {
            "CodeArtifact's quota of published files (10 a second, unless it was raised)"
        }
        Call::GetRoleCredentials | Call::SignIn | Call::Renewal => "the quota of sign-in calls",
        Call::Any | Call::AssumeRole | Call::AssumeRoleWithWebIdentity => "STS's quota of calls",
    }
}

fn of_body(response: &HttpResponse) -> Option<AwsSaid> {
    let said = error_body::read(response)?;
    let message = first_line(&said.message);
    let id = said.request_id.as_deref();
    Some(AwsSaid::new(&said.code, message, id))
}

/// Returns the host of a call. A call that fails before it has one: switches and overrides that contradict each other.
fn not_sent<E: Error + 'static>(error: &E) -> Box<Failure> {
    unreachable_host(error).unwrap_or_else(|| row::CALL_NOT_MADE.with("reason", last_words(error)))
}

fn what_aws_said<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<AwsSaid> {
    let meta = error.as_service_error()?.meta();
    Some(AwsSaid::new(
        meta.code()?,
        first_line(meta.message().unwrap_or_default()),
        error.request_id().or(meta.request_id()),
    ))
}

/// The first line. After it a signature error repeats the request with its session token, which is a secret.
fn first_line(message: &str) -> &str {
    let line = message.trim().lines().next().unwrap_or_default();
    let before = line.split("The Canonical String").next();
    before.unwrap_or_default().trim()
}

/// The innermost message of an error's chain, as one line: the outer ones only say that something failed.
pub(super) fn last_words(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    one_line(&last.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_error_does_not_repeat_the_session_token() {
        let message = "The request signature we calculated does not match the signature you provided. Check your AWS \
            Secret Access Key and signing method.";
        let rows = [
            format!(
                "{message}\n\nThe Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:IQoJ'"
            ),
            format!(
                "{message} The Canonical String for this request should have been 'POST / x-amz-security-token:IQoJ'"
            ),
            format!("\n{message}\r\n"),
        ];
        for row in rows {
            assert_eq!(first_line(&row), message);
        }
        assert_eq!(first_line("  "), "");
    }

    #[test]
    fn an_error_of_this_machine_is_told_whole() {
        let error = std::io::Error::other("error parsing config on line 3:\n\tbracket expected\n");
        assert_eq!(
            last_words(&error),
            "error parsing config on line 3: bracket expected"
        );
    }
}
