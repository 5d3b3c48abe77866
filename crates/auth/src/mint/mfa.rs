//! Roles of profiles that want an MFA code: asked for once, of a person at a terminal. A role's session then serves every
//! connection of this run, since a code works only once.

use aws_credential_types::Credentials;
use aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder;

use super::role_session::session_credentials;
use super::session::Session;
use crate::aws_files::Role;
use crate::error::{Call, Failure, row};

/// As often as `sudo` asks.
const TRIES: usize = 3;

/// Fails before anything is asked of AWS, if one of `roles` wants a code and nobody is there to give it.
pub(super) fn require_person(session: &Session<'_>, roles: &[Role]) -> Result<(), Box<Failure>> {
    let role = roles.iter().find(|role| role.mfa_serial.is_some());
    match (role, session.sign_in) {
        (Some(role), None) => Err(needed(session, role)),
        _ => Ok(()),
    }
}

/// Sends `request` with a code. A wrong one is asked for again.
pub(super) async fn assume_role(
    session: &Session<'_>,
    role: &Role,
    request: AssumeRoleFluentBuilder,
) -> Result<Credentials, Box<Failure>> {
    let sign_in = session.sign_in.ok_or_else(|| needed(session, role))?;
    if let Some(outcome) = sign_in.outcome_of(role) {
        return outcome;
    }
    let outcome = ask(session, role, request).await;
    sign_in.remember(role, &outcome);
    outcome
}

async fn ask(
    session: &Session<'_>,
    role: &Role,
    request: AssumeRoleFluentBuilder,
) -> Result<Credentials, Box<Failure>> {
    let device = role.mfa_serial.as_deref().unwrap_or_default();
    let mut failure = needed(session, role);
    for _ in 0..TRIES {
        let code = session
            .sign_in
            .and_then(|sign_in| sign_in.prompt.code(device, &role.profile));
        let Some(code) = code else { break };
        let request = request.clone().serial_number(device).token_code(code);
        let send = || request.clone().send();
        failure = match session.send(Call::AssumeRole, None, send).await {
            Ok(answer) => {
                let credentials = answer.credentials.map(session_credentials);
                return credentials.ok_or_else(|| row::ANSWER_GARBLED.with("status", 200));
            }
            Err(failure) => failure
                .with("profile", &role.profile)
                .with("device", device),
        };
        if !failure.is(&[&row::MFA_CODE_REFUSED]) {
            break;
        }
        if let Some(sign_in) = session.sign_in {
            sign_in.prompt.refused(&failure);
        }
    }
    Err(failure)
}

fn needed(session: &Session<'_>, role: &Role) -> Box<Failure> {
    row::MFA_NEEDED
        .with("profile", &role.profile)
        .with("login", session.login())
}
