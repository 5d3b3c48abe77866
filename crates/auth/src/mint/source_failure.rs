//! Why a source of credentials failed. The SDK nests the call that AWS refused several errors deep;
//! here it is found again, so that AWS's words reach the person.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::profile_path::Origin;
use super::refusal;
use super::shared_files::SharedFiles;
use super::sources::Source;
use super::unreachable::unreachable_host;
use crate::error::{Call, Failure, row};

/// A call that AWS refused decides, however deep it is nested; then a host that could not be reached.
pub(super) fn of(source: Source, error: &CredentialsError, files: &SharedFiles) -> Box<Failure> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(failure) = of_call(error, files) {
            return failure;
        }
        next = error.source();
    }
    match (unreachable_host(error), files.path().origin()) {
        (Some(failure), _) => failure,
        (None, Origin::SignIn(command))
            if source == Source::Profile && !is_misconfigured(error) =>
        {
            sign_in_over(row::SIGN_IN_OVER.failure(), command, files)
        }
        (None, _) => row::SOURCE_FAILED
            .with("source", source.name(files))
            .with("reason", words(error)),
    }
}

fn of_call(error: &(dyn Error + 'static), files: &SharedFiles) -> Option<Box<Failure>> {
    if let Some(call) = error.downcast_ref::<SdkError<AssumeRoleError, HttpResponse>>() {
        return Some(refusal::of_call(call, Call::AssumeRole));
    }
    if let Some(call) =
        error.downcast_ref::<SdkError<AssumeRoleWithWebIdentityError, HttpResponse>>()
    {
        return Some(refusal::of_call(call, Call::AssumeRoleWithWebIdentity));
    }
    let call = error.downcast_ref::<SdkError<GetRoleCredentialsError, HttpResponse>>()?;
    let failure = refusal::of_call(call, Call::GetRoleCredentials);
    Some(match call.as_service_error() {
        Some(GetRoleCredentialsError::UnauthorizedException(_)) => {
            sign_in_over(failure, "aws sso login", files)
        }
        _ => failure,
    })
}

fn sign_in_over(failure: Box<Failure>, command: &str, files: &SharedFiles) -> Box<Failure> {
    let kind = if command == "aws login" {
        "login"
    } else {
        "SSO"
    };
    failure
        .turned(&row::SIGN_IN_OVER)
        .with("kind", kind)
        .with("command", command)
        .with("profile", files.profile())
}

/// The SDK's own words, without the name of its module in front.
fn words(error: &CredentialsError) -> String {
    let words = refusal::last_words(error);
    match words.strip_prefix("ProfileFile provider could not be built: ") {
        Some(words) => words.to_owned(),
        None => words,
    }
}

/// Something in the shared files is wrong, which no sign-in fixes.
fn is_misconfigured(error: &CredentialsError) -> bool {
    matches!(
        error,
        CredentialsError::InvalidConfiguration(_) | CredentialsError::CredentialsNotLoaded(_)
    )
}
