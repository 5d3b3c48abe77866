//! Reads what a request says about its own signature: in an `Authorization` header, or in the query of a presigned
//! URL. The parent verifies it.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use super::SignatureScope;
use super::failure::SignatureFailure;
use crate::call::Call;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

#[derive(Debug, Default, PartialEq)]
pub(super) struct Signed {
    pub(super) access_key_id: String,
    /// Day, Region, service, `aws4_request`.
    pub(super) scope: String,
    pub(super) headers: Vec<String>,
    pub(super) signature: String,
    pub(super) date: String,
    pub(super) session_token: Option<String>,
    pub(super) presigned: bool,
}

impl Signed {
    pub(super) fn of(call: &Call) -> Result<Self, SignatureFailure> {
        if let Some(header) = call.header("authorization") {
            let date = call.header("x-amz-date");
            return Ok(Self {
                date: date
                    .ok_or(SignatureFailure::Incomplete("X-Amz-Date"))?
                    .to_owned(),
                session_token: call.header("x-amz-security-token").map(str::to_owned),
                ..Self::parse_header(header)?
            });
        }
        match call.parameter("X-Amz-Algorithm") {
            Some(algorithm) if algorithm == ALGORITHM => Self::parse_query(call),
            Some(_) => Err(SignatureFailure::Incomplete("X-Amz-Algorithm")),
            None => Err(SignatureFailure::Missing),
        }
    }

    /// All but date and session token, which have headers of their own.
    pub(super) fn parse_header(header: &str) -> Result<Self, SignatureFailure> {
        let fields = header
            .strip_prefix(ALGORITHM)
            .ok_or(SignatureFailure::Incomplete(ALGORITHM))?;
        let fields: BTreeMap<&str, &str> = fields
            .split(',')
            .filter_map(|field| field.trim().split_once('='))
            .collect();
        Self::read(["Credential", "SignedHeaders", "Signature"], |name| {
            fields.get(name).map(|text| (*text).to_owned())
        })
    }

    fn parse_query(call: &Call) -> Result<Self, SignatureFailure> {
        let field = |name: &'static str| {
            call.parameter(name)
                .ok_or(SignatureFailure::Incomplete(name))
        };
        let names = ["X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Signature"];
        Ok(Self {
            date: field("X-Amz-Date")?,
            session_token: call.parameter("X-Amz-Security-Token"),
            presigned: true,
            ..Self::read(names, |name| call.parameter(name))?
        })
    }

    fn read(
        [credential, headers, signature]: [&'static str; 3],
        get: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, SignatureFailure> {
        let field = |name: &'static str| get(name).ok_or(SignatureFailure::Incomplete(name));
        let key_and_scope = field(credential)?;
        let (access_key_id, scope) = key_and_scope
            .split_once('/')
            .ok_or(SignatureFailure::Incomplete(credential))?;
        Ok(Self {
            access_key_id: access_key_id.to_owned(),
            scope: scope.to_owned(),
            headers: field(headers)?.split(';').map(str::to_owned).collect(),
            signature: field(signature)?,
            ..Self::default()
        })
    }

    /// Service and Region that the signature is for.
    pub(super) fn service_and_region(&self) -> Option<(&str, &str)> {
        let mut parts = self.scope.split('/').skip(1);
        let region = parts.next()?;
        Some((parts.next()?, region))
    }

    pub(super) fn check_scope(&self, wanted: &SignatureScope<'_>) -> Result<(), SignatureFailure> {
        let parts: Vec<&str> = self.scope.split('/').collect();
        let [day, region, service, "aws4_request"] = parts[..] else {
            return Err(SignatureFailure::Incomplete("Credential"));
        };
        if !self.date.starts_with(day) {
            return Err(SignatureFailure::Scope("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP".to_owned()));
        }
        if region != wanted.region {
            return Err(SignatureFailure::Scope(format!(
                "Credential should be scoped to a valid region, not '{region}'."
            )));
        }
        if service != wanted.service {
            return Err(SignatureFailure::Scope(format!(
                "Credential should be scoped to correct service: '{}'.",
                wanted.service
            )));
        }
        Ok(())
    }

    /// A presigned URL has its date in the query, which is signed as a whole.
    pub(super) fn check_headers(&self) -> Result<(), SignatureFailure> {
        let required: &[&str] = if self.presigned {
            &["host"]
        } else {
            &["host", "x-amz-date"]
        };
        let missing = required
            .iter()
            .find(|name| !self.headers.iter().any(|header| header == *name));
        missing.map_or(Ok(()), |name| Err(SignatureFailure::Incomplete(name)))
    }

    pub(super) fn sign(&self, secret: &str, canonical: &str) -> String {
        let digest = hex::encode(Sha256::digest(canonical));
        let text = format!("{ALGORITHM}\n{}\n{}\n{digest}", self.date, self.scope);
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
                Signed::parse_header(header).err(),
                Some(SignatureFailure::Incomplete(expected)),
                "{header}"
            );
        }
    }

    #[test]
    fn scopes() {
        let wanted = SignatureScope {
            service: "sts",
            region: "us-east-1",
        };
        for (scope, ok) in [
            ("20260131/us-east-1/sts/aws4_request", true),
            ("20260130/us-east-1/sts/aws4_request", false),
            ("20260131/us-west-2/sts/aws4_request", false),
            ("20260131/us-east-1/codeartifact/aws4_request", false),
            ("20260131/us-east-1/sts", false),
        ] {
            let signed = Signed {
                scope: scope.to_owned(),
                date: "20260131T120000Z".to_owned(),
                ..Signed::default()
            };
            assert_eq!(signed.check_scope(&wanted).is_ok(), ok, "{scope}");
        }
    }
}
