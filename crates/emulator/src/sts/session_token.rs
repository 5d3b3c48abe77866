//! GetSessionToken: temporary keys of a user, with which a second factor is entered once for many calls.

use crate::call::Call;
use crate::credentials::Credentials;
use crate::emulator::Emulator;
use crate::journal::Entry;
use crate::principal::UserSession;
use crate::reply::Refusal;

use super::mfa;
use super::parameters::Parameters;

pub(super) fn get(
    emulator: &Emulator,
    call: &Call,
    parameters: &Parameters,
    signer: &Credentials,
    entry: &mut Entry,
) -> Result<String, Refusal> {
    for (field, name) in [
        ("duration", "DurationSeconds"),
        ("serial_number", "SerialNumber"),
    ] {
        entry.parameter(field, parameters.get(name));
    }
    let duration = parameters.session_token_duration()?;
    let session = UserSession {
        mfa: mfa::check(emulator, &signer.principal, parameters)?,
        issued_at: call.now,
        expires_at: call.now + duration,
    };
    let refused = || {
        let text = "Cannot call GetSessionToken with session credentials";
        Refusal::new(403, "AccessDenied", text)
    };
    let principal = signer.principal.in_session(session).ok_or_else(refused)?;
    let opened = emulator.keys.open(principal, call.effects.expire);
    Ok(super::credentials_element(&opened))
}
