//! Errors of the SDK → what was decided and what AWS said. The one place that knows AWS's error codes.
//! How that is worded for a person is in `error/mint.rs`.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::transport::unreachable_host;
use crate::error::{AwsSaid, Cause, Permission};

/// Enough for the longest sentence; encoded authorization messages of many kilobytes are cut.
const LONGEST_MESSAGE: usize = 1000;

/// Why a step failed, before it is known for whom and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) cause: Cause,
    pub(super) aws: Option<AwsSaid>,
}

impl From<Cause> for Refusal {
    fn from(cause: Cause) -> Self {
        Self { cause, aws: None }
    }
}

/// Decides about the codes of one kind of call.
pub(super) type Judge = fn(&AwsSaid) -> Option<Cause>;

/// What a failed call means. `judge` decides about the codes that mean something else at every step.
pub(super) fn of_call<E>(error: &SdkError<E, HttpResponse>, judge: Judge) -> Refusal
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let raw = match error {
        SdkError::ServiceError(context) => context.raw(),
        SdkError::ResponseError(context) => context.raw(),
        SdkError::ConstructionFailure(_) => return Cause::Bug(last_words(error)).into(),
        _ => return not_answered(error).into(),
    };
    let status = raw.status().as_u16();
    let Some(said) = what_aws_said(error) else {
        return Cause::Garbled { status }.into();
    };
    let cause = common(&said)
        .or_else(|| judge(&said))
        .unwrap_or(if status >= 500 {
            Cause::ServerFailed
        } else {
            Cause::Invalid
        });
    Refusal {
        cause,
        aws: Some(said),
    }
}

/// No answer at all. Without a host it is the SDK's patience with a silent one that ended.
fn not_answered<E: Error + 'static>(error: &E) -> Cause {
    match unreachable_host(error) {
        Some(unreachable) => Cause::Unreachable(unreachable),
        None => Cause::TimedOut,
    }
}

fn what_aws_said<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<AwsSaid> {
    let meta = error.as_service_error()?.meta();
    Some(AwsSaid {
        code: meta.code()?.to_owned(),
        message: presentable(meta.message().unwrap_or_default()),
        request_id: error.request_id().or(meta.request_id()).map(str::to_owned),
    })
}

/// The first line. After it a signature error repeats the request with its session token, which is a secret.
fn presentable(message: &str) -> String {
    let line = message.trim().lines().next().unwrap_or_default();
    let line = line
        .split("The Canonical String")
        .next()
        .unwrap_or_default();
    line.trim_end()
        .chars()
        .filter(|character| !character.is_control())
        .take(LONGEST_MESSAGE)
        .collect()
}

/// Codes that mean the same whoever says them.
fn common(said: &AwsSaid) -> Option<Cause> {
    Some(match said.code.as_str() {
        "RequestTimeTooSkewed" | "RequestExpired" => Cause::ClockWrong,
        "SignatureDoesNotMatch" | "InvalidSignatureException" if tells_the_time(&said.message) => {
            Cause::ClockWrong
        }
        "ExpiredToken" | "ExpiredTokenException" => Cause::Expired,
        "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "InvalidAccessKeyId"
        | "AuthFailure"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException" => Cause::Rejected,
        "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "SlowDown" => Cause::Throttled,
        "RegionDisabledException" => Cause::RegionOff,
        _ => return None,
    })
}

/// `Signature expired: 20260101T000000Z is now earlier than …`, `Signature not yet current: …`.
fn tells_the_time(message: &str) -> bool {
    message.contains("Signature expired") || message.contains("Signature not yet current")
}

/// What STS's other codes mean for an AssumeRole.
pub(super) fn at_hop(said: &AwsSaid) -> Option<Cause> {
    Some(match said.code.as_str() {
        "AccessDenied" | "AccessDeniedException"
            if said.message.contains("no identity-based policy allows") =>
        {
            Cause::CallerNotAllowed
        }
        "AccessDenied" | "AccessDeniedException" => Cause::RoleRefused,
        "MalformedPolicyDocument" | "PackedPolicyTooLarge" => Cause::PolicyRefused,
        _ => return None,
    })
}

/// What STS's other codes mean for a web identity.
pub(super) fn at_web_identity(said: &AwsSaid) -> Option<Cause> {
    Some(match said.code.as_str() {
        "AccessDenied" => Cause::RoleRefused,
        "InvalidIdentityToken" | "IDPRejectedClaim" => Cause::Rejected,
        "IDPCommunicationError" => Cause::ServerFailed,
        _ => return None,
    })
}

/// What IAM Identity Center's codes mean for the credentials of a role.
pub(super) fn at_sign_in(said: &AwsSaid) -> Option<Cause> {
    match said.code.as_str() {
        "ForbiddenException" | "ResourceNotFoundException" => Some(Cause::Rejected),
        _ => None,
    }
}

/// What CodeArtifact's codes mean for a GetAuthorizationToken.
pub(super) fn at_token(said: &AwsSaid) -> Option<Cause> {
    Some(match said.code.as_str() {
        "AccessDeniedException" | "AccessDenied" => Cause::TokenRefused(lacking(&said.message)),
        "ResourceNotFoundException" => Cause::NoDomain,
        _ => return None,
    })
}

fn lacking(message: &str) -> Permission {
    if message.contains("sts:GetServiceBearerToken") {
        Permission::GetServiceBearerToken
    } else if message.contains("codeartifact:GetAuthorizationToken") {
        Permission::GetAuthorizationToken
    } else {
        Permission::Unknown
    }
}

/// The innermost message of an error's chain, as one line: the outer ones only say that something failed.
pub(super) fn last_words(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = last.source() {
        last = next;
    }
    presentable(&last.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: &str, message: &str) -> AwsSaid {
        AwsSaid {
            code: code.into(),
            message: message.into(),
            request_id: None,
        }
    }

    #[test]
    fn codes_mean_decisions_at_every_step() {
        let rows = [
            (
                "ExpiredToken",
                "The security token included in the request is expired",
                Some(Cause::Expired),
            ),
            ("ExpiredTokenException", "", Some(Cause::Expired)),
            (
                "InvalidClientTokenId",
                "The security token included in the request is invalid.",
                Some(Cause::Rejected),
            ),
            ("UnrecognizedClientException", "", Some(Cause::Rejected)),
            (
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match",
                Some(Cause::Rejected),
            ),
            (
                "SignatureDoesNotMatch",
                "Signature expired: 20260101T000000Z is now earlier than 2026",
                Some(Cause::ClockWrong),
            ),
            (
                "InvalidSignatureException",
                "Signature not yet current: 20270101T000000Z",
                Some(Cause::ClockWrong),
            ),
            ("RequestTimeTooSkewed", "", Some(Cause::ClockWrong)),
            ("Throttling", "Rate exceeded", Some(Cause::Throttled)),
            ("ThrottlingException", "", Some(Cause::Throttled)),
            ("RegionDisabledException", "", Some(Cause::RegionOff)),
            ("AccessDenied", "", None),
            ("ValidationError", "", None),
        ];
        for (code, message, cause) in rows {
            assert_eq!(common(&said(code, message)), cause, "{code}: {message}");
        }
    }

    #[test]
    fn access_denied_means_another_thing_at_each_step() {
        let trust = "User: arn:aws:sts::198331734661:assumed-role/IntegrationReadOnly/codeartifact is not authorized \
            to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/CodeArtifactReader";
        let own =
            format!("{trust} because no identity-based policy allows the sts:AssumeRole action");
        let token = "User: arn:aws:sts::111122223333:assumed-role/R/S is not authorized to perform: \
            codeartifact:GetAuthorizationToken on resource: arn:aws:codeartifact:us-east-1:111122223333:domain/my-domain \
            because no identity-based policy allows the codeartifact:GetAuthorizationToken action";
        let bearer = "User: arn:aws:sts::111122223333:assumed-role/R/S is not authorized to perform: \
            sts:GetServiceBearerToken on resource: arn:aws:sts::111122223333:self";
        let rows: [(Judge, &str, &str, Option<Cause>); 9] = [
            (at_hop, "AccessDenied", trust, Some(Cause::RoleRefused)),
            (at_hop, "AccessDenied", &own, Some(Cause::CallerNotAllowed)),
            (
                at_hop,
                "PackedPolicyTooLarge",
                "",
                Some(Cause::PolicyRefused),
            ),
            (at_hop, "ValidationError", "", None),
            (
                at_token,
                "AccessDeniedException",
                token,
                Some(Cause::TokenRefused(Permission::GetAuthorizationToken)),
            ),
            (
                at_token,
                "AccessDeniedException",
                bearer,
                Some(Cause::TokenRefused(Permission::GetServiceBearerToken)),
            ),
            (
                at_token,
                "AccessDeniedException",
                "",
                Some(Cause::TokenRefused(Permission::Unknown)),
            ),
            (
                at_token,
                "ResourceNotFoundException",
                "",
                Some(Cause::NoDomain),
            ),
            (at_token, "ValidationException", "", None),
        ];
        for (judge, code, message, cause) in rows {
            assert_eq!(judge(&said(code, message)), cause, "{code}: {message}");
        }
    }

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
            assert_eq!(presentable(&row), message);
        }
    }

    #[test]
    fn messages_are_one_line_that_a_terminal_may_show() {
        assert_eq!(
            presentable("no\u{1b}[31m \tcolour\nsecond"),
            "no[31m colour"
        );
        assert_eq!(presentable(&"x".repeat(20_000)).len(), LONGEST_MESSAGE);
        assert_eq!(presentable(""), "");
    }
}
