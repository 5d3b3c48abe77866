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
use super::refusal::{self, Refusal};
use super::unreachable::unreachable_host;
use crate::aws_files::Base;
use crate::error::Cause;

impl Dialogue<'_> {
    /// A call that AWS refused decides, however deep it lies; then a host that could not be reached.
    pub(super) fn refusal_of(&self, base: &Base, error: &CredentialsError) -> Refusal {
        let mut next: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(error) = next {
            if let Some(refusal) = self.refusal_of_call(error) {
                return refusal;
            }
            next = error.source();
        }
        let cause = match (unreachable_host(error), base) {
            (Some(unreachable), _) => Cause::Unreachable(unreachable),
            (None, Base::Sso(_)) if !is_misconfigured(error) => self.sign_in_over("aws sso login"),
            (None, Base::Login { .. }) if !is_misconfigured(error) => {
                self.sign_in_over("aws login")
            }
            (None, _) => Cause::SourceFailed(format!("{}: {}", self.name_of(base), words(error))),
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
        Some(self.refusal_of_sso(call))
    }

    /// A sign-in that AWS does not take any more is over, whatever its file says.
    pub(super) fn refusal_of_sso(
        &self,
        call: &SdkError<GetRoleCredentialsError, HttpResponse>,
    ) -> Refusal {
        let refusal = refusal::of_call(call, codes::at_sign_in);
        let is_over = matches!(
            call.as_service_error(),
            Some(GetRoleCredentialsError::UnauthorizedException(_))
        );
        match is_over {
            true => Refusal {
                cause: self.sign_in_over("aws sso login"),
                ..refusal
            },
            false => refusal,
        }
    }

    fn sign_in_over(&self, command: &'static str) -> Cause {
        Cause::SignInOver {
            profile: self.files.profile().to_owned(),
            command,
        }
    }

    /// In words; what a profile says is named after the profile in use.
    pub(super) fn name_of(&self, base: &Base) -> String {
        match base {
            Base::Environment(_) => "environment".to_owned(),
            Base::Profile { .. } | Base::Sso(_) | Base::Login { .. } | Base::Process { .. } => {
                format!("profile `{}`", self.files.profile())
            }
            Base::WebIdentity { .. } => "web identity".to_owned(),
            Base::Container { .. } => "container credentials".to_owned(),
            Base::Instance { .. } => "instance metadata".to_owned(),
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
