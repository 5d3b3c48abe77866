//! AWS Signature Version 4, verified by making the signature again. Follows AWS's "Create a signed request";
//! shares no code with the SDK's signer, which the tests use against it.

mod canonical;
mod failure;
mod signed;
#[cfg(test)]
mod vectors;

use std::rc::Rc;

use crate::call::Call;
use crate::clock::{self, Seconds};
use crate::credentials::{Credentials, KeyStore};
use crate::reply::Refusal;

pub(crate) use failure::Dialect;
use failure::SignatureFailure;
use signed::Signed;

/// The greatest difference of a client's clock.
const TOLERANCE: Seconds = 300;

/// The life of a presigned URL. STS does not look at `X-Amz-Expires`: aws-iam-authenticator relies on it.
const PRESIGNED: Seconds = 900;

/// Service and Region that a signature must be for.
pub(crate) struct SignatureScope<'a> {
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
}

/// Whose signature a request carries, if it is right.
pub(crate) fn verify(
    call: &Call,
    keys: &KeyStore,
    scope: &SignatureScope<'_>,
    dialect: Dialect,
) -> Result<Rc<Credentials>, Refusal> {
    check(call, keys, scope).map_err(|failure| failure.refusal(dialect))
}

fn check(
    call: &Call,
    keys: &KeyStore,
    scope: &SignatureScope<'_>,
) -> Result<Rc<Credentials>, SignatureFailure> {
    let signed = Signed::of(call)?;
    let credentials = find(keys, &signed)?;
    signed.check_scope(scope)?;
    check_date(&signed, call.now)?;
    signed.check_headers()?;
    let canonical = canonical::request(call, &signed.headers);
    if signed.sign(&credentials.secret_access_key, &canonical) != signed.signature {
        return Err(SignatureFailure::Different);
    }
    if credentials
        .expires_at
        .is_some_and(|expiry| expiry <= call.now)
    {
        return Err(SignatureFailure::Expired);
    }
    Ok(credentials)
}

/// Service and Region that an `Authorization` header is signed for, right or not.
pub(crate) fn scope_of(header: &str) -> Option<(String, String)> {
    let signed = Signed::parse_header(header).ok()?;
    let (service, region) = signed.service_and_region()?;
    Some((service.to_owned(), region.to_owned()))
}

fn find(keys: &KeyStore, signed: &Signed) -> Result<Rc<Credentials>, SignatureFailure> {
    let id = &signed.access_key_id;
    let credentials = keys
        .find(id)
        .ok_or_else(|| SignatureFailure::Unknown(format!("access key {id} is unknown")))?;
    if signed.session_token != credentials.session_token {
        return Err(SignatureFailure::Unknown(format!(
            "the session token is not the one of access key {id}"
        )));
    }
    Ok(credentials)
}

fn check_date(signed: &Signed, now: Seconds) -> Result<(), SignatureFailure> {
    let date = &signed.date;
    let at = clock::parse_compact(date).ok_or(SignatureFailure::Incomplete("X-Amz-Date"))?;
    let age = if signed.presigned {
        PRESIGNED
    } else {
        TOLERANCE
    };
    if at < now - age {
        let (limit, now) = (clock::compact(now - age), clock::compact(now));
        let minutes = age / 60;
        return Err(SignatureFailure::Skewed(format!(
            "Signature expired: {date} is now earlier than {limit} ({now} - {minutes} min.)"
        )));
    }
    if at > now + TOLERANCE {
        let (limit, now) = (clock::compact(now + TOLERANCE), clock::compact(now));
        return Err(SignatureFailure::Skewed(format!(
            "Signature not yet current: {date} is still later than {limit} ({now} + 5 min.)"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_five_minutes_off() {
        let now = 1_769_860_800;
        for (offset, presigned, expected) in [
            (0, false, ""),
            (300, false, ""),
            (-300, false, ""),
            (301, false, "not yet current"),
            (-301, false, "Signature expired"),
            (-301, true, ""),
            (-900, true, ""),
            (-901, true, "Signature expired"),
            (301, true, "not yet current"),
        ] {
            let signed = Signed {
                date: clock::compact(now + offset),
                presigned,
                ..Signed::default()
            };
            match check_date(&signed, now).err() {
                None => assert_eq!(expected, "", "{offset}"),
                Some(SignatureFailure::Skewed(text)) => assert!(
                    !expected.is_empty() && text.contains(expected),
                    "{offset}: {text}"
                ),
                Some(other) => panic!("{offset}: {other:?}"),
            }
        }
    }
}
