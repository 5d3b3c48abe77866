//! Why a source of credentials failed. The SDK nests the call that AWS refused several errors deep;
//! here it is found again, so that AWS's words reach the person.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::refusal;
use super::shared_files::SharedFiles;
use super::unreachable::unreachable_host;
use crate::aws_files::Base;
use crate::error::{Call, Failure, row};

/// A call that AWS refused decides, however deep it is nested; then a host that could not be reached.
pub(super) fn of(base: &Base, error: &CredentialsError, files: &SharedFiles) -> Box<Failure> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(failure) = of_call(error, files) {
            return failure;
        }
        next = error.source();
    }
    match (unreachable_host(error), command_of(base)) {
        (Some(failure), _) => failure,
        (None, Some(command)) if !is_misconfigured(error) => {
            sign_in_over(row::SIGN_IN_OVER.failure(), command, files)
        }
        (None, _) => row::SOURCE_FAILED
            .with("source", name_of(base, files))
            .with("reason", refusal::last_words(error)),
    }
}

fn of_call(error: &(dyn Error + 'static), files: &SharedFiles) -> Option<Box<Failure>> {
    if let Some(call) =
        error.downcast_ref::<SdkError<AssumeRoleWithWebIdentityError, HttpResponse>>()
    {
        return Some(refusal::of_call(call, Call::AssumeRoleWithWebIdentity));
    }
    let call = error.downcast_ref::<SdkError<GetRoleCredentialsError, HttpResponse>>()?;
    Some(of_sso(call, files))
}

/// A sign-in that AWS rejects is over, whatever its file says.
pub(super) fn of_sso(
    call: &SdkError<GetRoleCredentialsError, HttpResponse>,
    files: &SharedFiles,
) -> Box<Failure> {
    let failure = refusal::of_call(call, Call::GetRoleCredentials);
    match call.as_service_error() {
        Some(GetRoleCredentialsError::UnauthorizedException(_)) => {
            sign_in_over(failure, SSO_LOGIN, files)
        }
        _ => failure,
    }
}

const SSO_LOGIN: &str = "aws sso login";
const LOGIN: &str = "aws login";

/// The command by which a person signs in, if the source is a sign-in.
pub(super) fn command_of(base: &Base) -> Option<&'static str> {
    match base {
        Base::Sso(_) => Some(SSO_LOGIN),
        Base::Login { .. } => Some(LOGIN),
        _ => None,
    }
}

fn sign_in_over(failure: Box<Failure>, command: &str, files: &SharedFiles) -> Box<Failure> {
    let kind = if command == LOGIN { "login" } else { "SSO" };
    failure
        .turned(&row::SIGN_IN_OVER)
        .with("kind", kind)
        .with("command", command)
        .with("profile", files.profile())
}

/// In words; what a profile says is named after the profile in use.
pub(super) fn name_of(base: &Base, files: &SharedFiles) -> String {
    match base {
        Base::Environment(_) => "environment".to_owned(),
        Base::Profile { .. } | Base::Sso(_) | Base::Login { .. } | Base::Process { .. } => {
            format!("profile `{}`", files.profile())
        }
        Base::WebIdentity { .. } => "web identity".to_owned(),
        Base::Container { .. } => "container credentials".to_owned(),
        Base::Instance { .. } => "instance metadata".to_owned(),
    }
}

/// Something in the shared files is wrong, which no sign-in fixes.
fn is_misconfigured(error: &CredentialsError) -> bool {
    matches!(
        error,
        CredentialsError::InvalidConfiguration(_) | CredentialsError::CredentialsNotLoaded(_)
    )
}
