//! The second factor of a call: serial number and code of the caller's own device.

use crate::emulator::Emulator;
use crate::principal::{Principal, PrincipalKind};
use crate::reply::Refusal;
use crate::scenario::Mfa;

use super::parameters::Parameters;

const WRONG: &str = " with invalid MFA one time pass code";
const INCOMPLETE: &str = ", must provide both MFA serial number and one time pass code";

/// Tells if the call carries the right code of the caller's device; a wrong one fails the call.
pub(super) fn check(
    emulator: &Emulator,
    principal: &Principal,
    parameters: &Parameters,
) -> Result<bool, Refusal> {
    let (serial, code) = parameters.second_factor()?;
    let (Some(serial), Some(code)) = (serial, code) else {
        return match (serial, code) {
            (None, None) => Ok(false),
            _ => Err(failed(INCOMPLETE)),
        };
    };
    let device = device(emulator, principal);
    let right = device.filter(|device| device.serial_number == serial && device.token_code == code);
    if right.is_some_and(|device| !device.once || emulator.use_code(serial)) {
        Ok(true)
    } else {
        Err(failed(WRONG))
    }
}

fn device<'a>(emulator: &'a Emulator, principal: &Principal) -> Option<&'a Mfa> {
    let account = emulator.scenario.accounts.get(&principal.account)?;
    match &principal.kind {
        PrincipalKind::User(name) => account.users.get(name)?.mfa.as_ref(),
        PrincipalKind::Root | PrincipalKind::Session(_) => None,
    }
}

fn failed(how: &str) -> Refusal {
    let text = format!("MultiFactorAuthentication failed{how}. ");
    Refusal::new(403, "AccessDenied", text)
}
