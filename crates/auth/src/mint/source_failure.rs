//! Why a source of credentials failed. The SDK nests the call that AWS refused several errors deep;
//! here it is found again, so that AWS's words reach the person.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::aws::Dialogue;
use super::codes;
use super::profile_path::Origin;
use super::refusal::{self, Refusal};
use super::source::Source;
use super::unreachable::unreachable_host;
use crate::error::Cause;

impl Dialogue<'_> {
    /// A call that AWS refused decides, however deep it lies; then a host that could not be reached.
    pub(super) fn refusal_of(&self, source: Source, error: &CredentialsError) -> Refusal {
        let mut next: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(error) = next {
            if let Some(refusal) = self.refusal_of_call(error) {
                return refusal;
            }
            next = error.source();
        }
        let cause = match (unreachable_host(error), self.files.path().origin()) {
            (Some(unreachable), _) => Cause::Unreachable(unreachable),
            (None, Origin::SignIn(command))
                if source == Source::Profile && !is_misconfigured(error) =>
            {
                self.sign_in_over(command)
            }
            (None, _) => Cause::SourceFailed(format!("{}: {}", self.name_of(source), words(error))),
        };
        cause.into()
    }

    fn refusal_of_call(&self, error: &(dyn Error + 'static)) -> Option<Refusal> {
        if let Some(call) = error.downcast_ref::<SdkError<AssumeRoleError, HttpResponse>>() {
            return Some(refusal::of_call(call, codes::at_hop));
        }
        if let Some(call) =
            error.downcast_ref::<SdkError<AssumeRoleWithWebIdentityError, HttpResponse>>()
        {
            return Some(refusal::of_call(call, codes::at_web_identity));
        }
        let call = error.downcast_ref::<SdkError<GetRoleCredentialsError, HttpResponse>>()?;
        let refusal = refusal::of_call(call, codes::at_sign_in);
        let is_over = matches!(
            call.as_service_error(),
            Some(GetRoleCredentialsError::UnauthorizedException(_))
        );
        Some(match is_over {
            true => Refusal {
                cause: self.sign_in_over("aws sso login"),
                ..refusal
            },
            false => refusal,
        })
    }

    fn sign_in_over(&self, command: &'static str) -> Cause {
        Cause::SignInOver {
            profile: self.files.profile().to_owned(),
            command,
        }
    }

    pub(super) fn name_of(&self, source: Source) -> String {
        match source {
            Source::Environment => "environment".to_owned(),
            Source::Profile => format!("profile `{}`", self.files.profile()),
            Source::WebIdentity => "web identity".to_owned(),
            Source::Container => "container credentials".to_owned(),
            Source::Instance => "instance metadata".to_owned(),
        }
    }
}

/// The SDK's own words, without the name of its module in front.
fn words(error: &CredentialsError) -> String {
    let words = refusal::last_words(error);
    match words.strip_prefix("ProfileFile provider could not be built: ") {
        Some(words) => words.to_owned(),
        None => words,
    }
}

/// Something in the shared files is wrong, which no sign-in mends.
fn is_misconfigured(error: &CredentialsError) -> bool {
    matches!(
        error,
        CredentialsError::InvalidConfiguration(_) | CredentialsError::CredentialsNotLoaded(_)
    )
}
