//! AWS Signature Version 4, verified by making the signature again. Follows AWS's "Create a signed request";
//! shares no code with the SDK's signer, which the tests use against it.

use std::collections::BTreeMap;
use std::rc::Rc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

use crate::call::Call;
use crate::clock::{self, Seconds};
use crate::credentials::{Credentials, Keys};
use crate::reply::Refusal;

/// How far a client's clock may be off.
const TOLERANCE: Seconds = 300;

/// Everything but RFC 3986's unreserved characters.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same for paths, which keep their slashes.
const PATH: &AsciiSet = &STRICT.remove(b'/');

/// Two families of error codes say the same things.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Dialect {
    /// STS's query protocol.
    Query,
    /// REST-JSON.
    Json,
}

#[derive(Debug, PartialEq)]
enum Failure {
    Missing,
    Incomplete(&'static str),
    Unknown(String),
    Expired,
    Scope(String),
    Skewed(String),
    Different,
}

/// What the service expects of a signature's scope.
pub(crate) struct Scope<'a> {
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
}

/// Whose signature a request carries, if it is right.
pub(crate) fn verify(
    call: &Call,
    keys: &Keys,
    scope: &Scope<'_>,
    dialect: Dialect,
) -> Result<Rc<Credentials>, Refusal> {
    check(call, keys, scope).map_err(|failure| failure.refusal(dialect))
}

fn check(call: &Call, keys: &Keys, scope: &Scope<'_>) -> Result<Rc<Credentials>, Failure> {
    let header = call.header("authorization").ok_or(Failure::Missing)?;
    let signed = Signed::parse(header)?;
    let credentials = find(call, keys, &signed)?;
    let date = call
        .header("x-amz-date")
        .ok_or(Failure::Incomplete("X-Amz-Date"))?;
    signed.check_scope(scope, date)?;
    check_date(date, call.now)?;
    signed.check_headers()?;
    let canonical = canonical_request(call, &signed);
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

fn find(call: &Call, keys: &Keys, signed: &Signed<'_>) -> Result<Rc<Credentials>, Failure> {
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

fn canonical_request(call: &Call, signed: &Signed<'_>) -> String {
    let request = &call.request;
    let values = |name: &str| {
        let all = request.headers().get_all(name).iter();
        let texts = all.map(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        });
        texts.collect::<Vec<_>>().join(",")
    };
    let headers: String = signed
        .headers
        .iter()
        .map(|name| format!("{name}:{}\n", values(name)))
        .collect();
    let payload = match call.header("x-amz-content-sha256") {
        Some("UNSIGNED-PAYLOAD") => "UNSIGNED-PAYLOAD".to_owned(),
        _ => hex::encode(Sha256::digest(request.body())),
    };
    // The path as sent is encoded once; every service but S3 signs it encoded once more.
    let path = utf8_percent_encode(request.uri().path(), PATH);
    let query = canonical_query(request.uri().query().unwrap_or_default());
    format!(
        "{}\n{path}\n{query}\n{headers}\n{}\n{payload}",
        request.method(),
        signed.headers.join(";")
    )
}

fn canonical_query(query: &str) -> String {
    let encode = |text: &str| {
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        utf8_percent_encode(&decoded, STRICT).to_string()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(k, v)| (encode(k), encode(v)))
        .collect();
    pairs.sort();
    pairs
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

impl Failure {
    fn refusal(self, dialect: Dialect) -> Refusal {
        let pick = |query, json| {
            if dialect == Dialect::Query {
                query
            } else {
                json
            }
        };
        let mismatch = pick("SignatureDoesNotMatch", "InvalidSignatureException");
        match self {
            Self::Missing => Refusal::new(
                403,
                pick("MissingAuthenticationToken", "MissingAuthenticationTokenException"),
                pick("Request is missing Authentication Token", "Missing Authentication Token"),
            ),
            Self::Incomplete(what) => Refusal::new(
                if dialect == Dialect::Query { 400 } else { 403 },
                pick("IncompleteSignature", "IncompleteSignatureException"),
                format!("Authorization header requires '{what}' parameter."),
            ),
            Self::Unknown(reason) => Refusal::new(
                403,
                pick("InvalidClientTokenId", "UnrecognizedClientException"),
                "The security token included in the request is invalid.",
            )
            .reason(reason),
            Self::Expired => Refusal::new(
                403,
                pick("ExpiredToken", "ExpiredTokenException"),
                "The security token included in the request is expired",
            ),
            Self::Scope(text) | Self::Skewed(text) => Refusal::new(403, mismatch, text),
            Self::Different => Refusal::new(
                403,
                mismatch,
                "The request signature we calculated does not match the signature you provided. Check your AWS \
                 Secret Access Key and signing method. Consult the service documentation for details.",
            )
            .reason("the secret access key is another one, or the request was changed after it was signed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_queries_are_sorted_and_encoded_strictly() {
        for (query, expected) in [
            ("", ""),
            ("b=2&a=1", "a=1&b=2"),
            ("a=b%20c", "a=b%20c"),
            ("a=b/c", "a=b%2Fc"),
            ("flag", "flag="),
            ("a=2&a=1", "a=1&a=2"),
        ] {
            assert_eq!(canonical_query(query), expected, "{query}");
        }
    }

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
