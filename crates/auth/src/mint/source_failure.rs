//! Why a source of credentials failed. The SDK nests the call that AWS refused several errors deep;
//! here it is found again, so that AWS's words reach the person.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::refusal;
use super::session::Session;
use super::shared_files::SharedFiles;
use super::unreachable::unreachable_host;
use crate::aws_files::Base;
use crate::error::{Call, Failure, row};

/// A call that AWS refused decides, however deep it is nested; then a host that could not be reached.
pub(super) fn of(base: &Base, error: &CredentialsError, session: &Session<'_>) -> Box<Failure> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(call) = error.downcast_ref::<SdkError<GetRoleCredentialsError, HttpResponse>>()
        {
            return of_sso(refusal::of_call(call, Call::GetRoleCredentials), session);
        }
        next = error.source();
    }
    match (unreachable_host(error), base) {
        // No proxy is on the way to these, so none is to be checked.
        (Some(failure), Base::Container { .. } | Base::Instance { .. }) => {
            of_source(base, failure.words(), session)
        }
        (Some(failure), _) => failure,
        (None, Base::Sso(_) | Base::Login { .. }) => {
            sign_in_over(row::SIGN_IN_OVER.failure(), base, session)
        }
        (None, _) => of_source(base, &refusal::last_words(error), session),
    }
}

fn of_source(base: &Base, reason: &str, session: &Session<'_>) -> Box<Failure> {
    row::SOURCE_FAILED
        .with("source", name_of(base, &session.files))
        .with("reason", reason)
        .with("correction", correction(base))
}

/// A sign-in that AWS rejects is over, whatever its file says.
pub(super) fn of_sso(failure: Box<Failure>, session: &Session<'_>) -> Box<Failure> {
    match session.files.identity() {
        Ok(identity) if failure.is(&[&row::SIGN_IN_OVER]) => {
            sign_in_over(failure, &identity.base, session)
        }
        _ => failure,
    }
}

/// A sign-in of `aws login` is that command's alone.
fn sign_in_over(failure: Box<Failure>, base: &Base, session: &Session<'_>) -> Box<Failure> {
    let profile = session.files.profile();
    let (kind, command) = match base {
        Base::Login { .. } => ("login", format!("aws login --profile {profile}")),
        _ => ("SSO", format!("codeartifact login {}", session.login())),
    };
    failure
        .turned(&row::SIGN_IN_OVER)
        .with("kind", kind)
        .with("command", command)
        .with("profile", profile)
}

/// The command by which a person signs in, if the source is a sign-in.
pub(super) fn command_of(base: &Base) -> Option<&'static str> {
    match base {
        Base::Sso(_) => Some("aws sso login"),
        Base::Login { .. } => Some("aws login"),
        _ => None,
    }
}

/// In words; what a profile says is named after the profile in use.
pub(super) fn name_of(base: &Base, files: &SharedFiles) -> String {
    match base {
        Base::Environment(_) => "environment".to_owned(),
        Base::Profile { .. } | Base::Sso(_) | Base::Login { .. } | Base::Process { .. } => {
            format!("profile `{}`", files.profile())
        }
        Base::OlderFile { file, .. } => file.clone(),
        Base::WebIdentity { .. } => "web identity".to_owned(),
        Base::Container { .. } => "container credentials".to_owned(),
        Base::Instance { .. } => "instance metadata".to_owned(),
    }
}

/// What a person looks at who can change what the machine is given.
fn correction(base: &Base) -> &'static str {
    match base {
        Base::Container { .. } => {
            "check the AWS_CONTAINER_ variables, which the container's platform sets, and that the task or pod has a role"
        }
        Base::Instance { .. } => {
            "check that the instance has a role; in a container on it, its metadata needs a hop limit of 2 (`aws ec2 modify-instance-metadata-options`)"
        }
        _ => "check that `aws sts get-caller-identity` works with the same profile",
    }
}
