//! The roles that a profile asks for, assumed before those of the connection.

use aws_credential_types::Credentials;

use crate::aws_files::Role;
use crate::error::{Call, Failure, row};
use crate::mint::role_session::{SESSION_SECONDS, session_credentials, session_name};
use crate::mint::session::Session;
use crate::mint::{call, mfa};

/// A session that other session credentials ask for lasts an hour at most; STS refuses a longer one.
pub(super) async fn assume(
    session: &Session<'_>,
    role: &Role,
    credentials: Credentials,
) -> Result<Credentials, Box<Failure>> {
    let longest = match credentials.session_token() {
        Some(_) => SESSION_SECONDS.into(),
        None => i32::MAX,
    };
    let name = role.role_session_name.clone();
    let client = call::sts(&session.settings_of(credentials));
    let request = client
        .assume_role()
        .role_arn(&role.role_arn)
        .role_session_name(name.unwrap_or_else(|| session_name(session.connection())))
        .set_external_id(role.external_id.clone())
        .set_duration_seconds(role.duration_seconds.map(|seconds| seconds.min(longest)));
    if role.mfa_serial.is_some() {
        let assumed = mfa::assume_role(session, role, request).await;
        return assumed.map_err(|failure| of_profile(failure, role));
    }
    let send = || request.clone().send();
    let asked = session.send(Call::AssumeRole, None, send).await;
    let answer = asked.map_err(|failure| of_profile(failure, role))?;
    let credentials = answer.credentials.map(session_credentials);
    credentials.ok_or_else(|| row::ANSWER_GARBLED.with("status", 200))
}

/// The settings of a profile are to blame, not those of the connection.
fn of_profile(failure: Box<Failure>, role: &Role) -> Box<Failure> {
    let rows = [
        &row::ROLE_REFUSED,
        &row::VALUE_REFUSED,
        &row::SESSION_TOO_LONG,
    ];
    if !failure.is(&rows) {
        return failure;
    }
    failure
        .turned(&row::PROFILE_ROLE_REFUSED)
        .with("profile", &role.profile)
        .with("profile_role", &role.role_arn)
}
