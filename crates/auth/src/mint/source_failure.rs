//! Explains why a source of credentials failed, in that source's own words.

use std::path::Path;

use aws_credential_types::provider::error::CredentialsError;

use super::refusal;
use super::session::Session;
use super::shared_files::SharedFiles;
use super::unreachable::unreachable_host;
use crate::aws_files::Base;
use crate::error::{Failure, row};
use crate::user_file::require_regular;

/// No proxy is on the way to a container's credentials, so none is to be checked.
pub(super) fn of_container(
    base: &Base,
    error: &CredentialsError,
    session: &Session<'_>,
) -> Box<Failure> {
    let reason = match unreachable_host(error) {
        Some(failure) => failure.words().to_owned(),
        None => refusal::last_words(error),
    };
    row::SOURCE_FAILED
        .with("source", name_of(base, &session.files))
        .with("reason", reason)
        .with(
            "correction",
            "check the AWS_CONTAINER_ variables, which the container's platform sets, and that the task or pod has a role",
        )
}

/// A sign-in that AWS rejects is over, whatever its file says.
pub(super) fn of_sign_in(failure: Box<Failure>, session: &Session<'_>) -> Box<Failure> {
    match session.files.identity() {
        Ok(identity) if failure.is(&[&row::SIGN_IN_OVER]) => {
            sign_in_over(failure, &identity.base, session)
        }
        _ => failure,
    }
}

/// A sign-in of `aws login` is that command's alone.
pub(super) fn sign_in_over(
    failure: Box<Failure>,
    base: &Base,
    session: &Session<'_>,
) -> Box<Failure> {
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

/// For a reason in words.
pub(super) fn failed(session: &Session<'_>, base: &Base, reason: String) -> Box<Failure> {
    row::SOURCE_FAILED
        .with("source", name_of(base, &session.files))
        .with("reason", reason)
}

/// A sign-in is a file, and no pipe that is waited for.
pub(super) fn require_readable(
    session: &Session<'_>,
    base: &Base,
    file: &Path,
) -> Result<(), Box<Failure>> {
    require_regular(file)
        .map_err(|error| failed(session, base, format!("{}: {error}", file.display())))
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
