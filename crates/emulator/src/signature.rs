//! AWS Signature Version 4, verified by making the signature again. Follows AWS's "Create a signed request";
//! shares no code with the SDK's signer, which the tests use against it.

mod canonical;
mod failure;

use std::collections::BTreeMap;
use std::rc::Rc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::call::Call;
use crate::clock::{self, Seconds};
use crate::credentials::{Credentials, KeyStore};
use crate::reply::Refusal;

pub(crate) use failure::Dialect;
use failure::Failure;

/// How far a client's clock may be off.
const TOLERANCE: Seconds = 300;

/// What the service expects of a signature's scope.
pub(crate) struct Scope<'a> {
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
}

/// Whose signature a request carries, if it is right.
pub(crate) fn verify(
    call: &Call,
    keys: &KeyStore,
    scope: &Scope<'_>,
    dialect: Dialect,
) -> Result<Rc<Credentials>, Refusal> {
    check(call, keys, scope).map_err(|failure| failure.refusal(dialect))
}

fn check(call: &Call, keys: &KeyStore, scope: &Scope<'_>) -> Result<Rc<Credentials>, Failure> {
    let header = call.header("authorization").ok_or(Failure::Missing)?;
    let signed = Signed::parse(header)?;
    let credentials = find(call, keys, &signed)?;
    let date = call
        .header("x-amz-date")
        .ok_or(Failure::Incomplete("X-Amz-Date"))?;
    signed.check_scope(scope, date)?;
    check_date(date, call.now)?;
    signed.check_headers()?;
    let canonical = canonical::request(call, &signed.headers);
    if signed.sign(&credentials.secret_access_key, date, &canonical) != signed.signature {
        return Err(Failure::Different);
    }
    if credentials
        .expires_at
        .is_some_and(|expiry| expiry <= call.now)
    {
        return Err(Failure::Expired);
    }
    Ok(credentials)
}

fn find(call: &Call, keys: &KeyStore, signed: &Signed<'_>) -> Result<Rc<Credentials>, Failure> {
    let id = signed.access_key_id;
    let credentials = keys
        .find(id)
        .ok_or_else(|| Failure::Unknown(format!("access key {id} is unknown")))?;
    if call.header("x-amz-security-token") != credentials.session_token.as_deref() {
        return Err(Failure::Unknown(format!(
            "the session token is not the one of access key {id}"
        )));
    }
    Ok(credentials)
}

fn check_date(date: &str, now: Seconds) -> Result<(), Failure> {
    let at = clock::parse_compact(date).ok_or(Failure::Incomplete("X-Amz-Date"))?;
    if at < now - TOLERANCE {
        let (limit, now) = (clock::compact(now - TOLERANCE), clock::compact(now));
        return Err(Failure::Skewed(format!(
            "Signature expired: {date} is now earlier than {limit} ({now} - 5 min.)"
        )));
    }
    if at > now + TOLERANCE {
        let (limit, now) = (clock::compact(now + TOLERANCE), clock::compact(now));
        return Err(Failure::Skewed(format!(
            "Signature not yet current: {date} is still later than {limit} ({now} + 5 min.)"
        )));
    }
    Ok(())
}

/// The parts of an `Authorization: AWS4-HMAC-SHA256 …` header.
struct Signed<'a> {
    access_key_id: &'a str,
    /// Day, Region, service, `aws4_request`.
    scope: &'a str,
    headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Signed<'a> {
    fn parse(header: &'a str) -> Result<Self, Failure> {
        let fields = header
            .strip_prefix("AWS4-HMAC-SHA256")
            .ok_or(Failure::Incomplete("AWS4-HMAC-SHA256"))?;
        let fields: BTreeMap<&str, &str> = fields
            .split(',')
            .filter_map(|field| field.trim().split_once('='))
            .collect();
        let field = |name| fields.get(name).copied().ok_or(Failure::Incomplete(name));
        let (access_key_id, scope) = field("Credential")?
            .split_once('/')
            .ok_or(Failure::Incomplete("Credential"))?;
        Ok(Self {
            access_key_id,
            scope,
            headers: field("SignedHeaders")?.split(';').collect(),
            signature: field("Signature")?,
        })
    }

    fn check_scope(&self, wanted: &Scope<'_>, date: &str) -> Result<(), Failure> {
        let parts: Vec<&str> = self.scope.split('/').collect();
        let [day, region, service, "aws4_request"] = parts[..] else {
            return Err(Failure::Incomplete("Credential"));
        };
        if !date.starts_with(day) {
            return Err(Failure::Scope("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP".to_owned()));
        }
        if region != wanted.region {
            return Err(Failure::Scope(format!(
                "Credential should be scoped to a valid region, not '{region}'."
            )));
        }
        if service != wanted.service {
            return Err(Failure::Scope(format!(
                "Credential should be scoped to correct service: '{}'.",
                wanted.service
            )));
        }
        Ok(())
    }

    fn check_headers(&self) -> Result<(), Failure> {
        let missing = ["host", "x-amz-date"]
            .into_iter()
            .find(|name| !self.headers.contains(name));
        missing.map_or(Ok(()), |name| Err(Failure::Incomplete(name)))
    }

    fn sign(&self, secret: &str, date: &str, canonical: &str) -> String {
        let digest = hex::encode(Sha256::digest(canonical));
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{}\n{digest}", self.scope);
        let seed = format!("AWS4{secret}").into_bytes();
        let key = self
            .scope
            .split('/')
            .fold(seed, |key, part| keyed_hash(&key, part));
        hex::encode(keyed_hash(&key, &text))
    }
}

fn keyed_hash(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of any length, so there is no error to lose here.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_five_minutes_off() {
        let now = 1_769_860_800;
        for (offset, expected) in [
            (0, ""),
            (300, ""),
            (-300, ""),
            (301, "not yet current"),
            (-301, "Signature expired"),
        ] {
            let failure = check_date(&clock::compact(now + offset), now).err();
            match failure {
                None => assert_eq!(expected, "", "{offset}"),
                Some(Failure::Skewed(text)) => assert!(
                    !expected.is_empty() && text.contains(expected),
                    "{offset}: {text}"
                ),
                Some(other) => panic!("{offset}: {other:?}"),
            }
        }
    }

    #[test]
    fn headers_that_are_no_signature() {
        for (header, expected) in [
            ("Bearer x", "AWS4-HMAC-SHA256"),
            ("AWS4-HMAC-SHA256 Signature=0", "Credential"),
            (
                "AWS4-HMAC-SHA256 Credential=AKIA/1, Signature=0",
                "SignedHeaders",
            ),
        ] {
            assert_eq!(
                Signed::parse(header).err(),
                Some(Failure::Incomplete(expected)),
                "{header}"
            );
        }
    }

    #[test]
    fn scopes() {
        let scope = |text| Signed {
            access_key_id: "AKIA",
            scope: text,
            headers: vec![],
            signature: "",
        };
        let wanted = Scope {
            service: "sts",
            region: "us-east-1",
        };
        for (text, ok) in [
            ("20260131/us-east-1/sts/aws4_request", true),
            ("20260130/us-east-1/sts/aws4_request", false),
            ("20260131/us-west-2/sts/aws4_request", false),
            ("20260131/us-east-1/codeartifact/aws4_request", false),
            ("20260131/us-east-1/sts", false),
        ] {
            assert_eq!(
                scope(text).check_scope(&wanted, "20260131T120000Z").is_ok(),
                ok,
                "{text}"
            );
        }
    }
}
