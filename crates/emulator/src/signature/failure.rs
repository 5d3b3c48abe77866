//! The reasons why a signature does not count, as either protocol says them.

use crate::reply::Refusal;

/// Two families of error codes say the same things.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Dialect {
    /// STS's query protocol.
    Query,
    /// REST-JSON.
    Json,
}

#[derive(Debug, PartialEq)]
pub(super) enum SignatureFailure {
    Missing,
    Incomplete(&'static str),
    Unknown(String),
    Expired,
    Scope(String),
    Skewed(String),
    Different,
}

impl SignatureFailure {
    pub(super) fn refusal(self, dialect: Dialect) -> Refusal {
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
