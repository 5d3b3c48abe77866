//! Who asks: an identity token of OpenID Connect, verified against its issuer's keys. Only issuers of the broker's file count,
//! and only RS256 and ES256. What a caller may do is decided in `clients.rs`.

mod keys;
mod ring;

use std::collections::BTreeMap;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::id_token::Claims;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;

use super::clients::Caller;
use super::config::BrokerConfig;
use crate::forward::Stop;
use keys::Keys;

/// Clocks of clusters and CI systems differ.
const LEEWAY_SECONDS: u64 = 60;

/// The longest that STS takes.
const LONGEST_TOKEN: usize = 20_000;

/// Why a caller is nobody.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unproved {
    /// The token is at fault; said in words that have nothing of it.
    Token(String),
    /// The issuer's keys are not there, so nobody can tell.
    Keys(String),
}

/// The issuers of the broker's file.
pub(crate) struct Issuers(BTreeMap<String, Issuer>);

struct Issuer {
    audiences: Vec<String>,
    keys: Keys,
}

/// What is read of a verified token.
#[derive(Deserialize)]
struct Verified {
    sub: String,
}

impl Issuers {
    pub(crate) fn new(config: &BrokerConfig, environment: &Environment) -> Result<Self, Stop> {
        ring::install();
        let mut issuers = BTreeMap::<String, Issuer>::new();
        for client in &config.clients {
            if !issuers.contains_key(&client.issuer) {
                let keys = Keys::new(config.issuer(&client.issuer), environment)?;
                let audiences = Vec::new();
                issuers.insert(client.issuer.clone(), Issuer { audiences, keys });
            }
            if let Some(issuer) = issuers.get_mut(&client.issuer) {
                issuer.audiences.push(client.audience.clone());
            }
        }
        Ok(Self(issuers))
    }

    /// Who has this token.
    pub(crate) async fn verify(&self, token: &str) -> Result<Caller, Unproved> {
        let refused = |words: &str| Unproved::Token(words.to_owned());
        if token.len() > LONGEST_TOKEN {
            return Err(refused("the identity token is too long"));
        }
        // Before anything is verified, the token only says where to look for its keys.
        let claims = Claims::of(token)
            .ok_or_else(|| refused("what was sent is no identity token of OpenID Connect"))?;
        let issuer = self.0.get(&claims.issuer);
        let issuer = issuer.ok_or_else(|| refused("the identity token is of an unknown issuer"))?;
        let header = decode_header(token).map_err(|error| refused(words(error.kind())))?;
        if !ring::ALGORITHMS.contains(&header.alg) {
            return Err(refused(words(&ErrorKind::InvalidAlgorithm)));
        }
        issuer.verify(token, &header, claims).await
    }
}

impl Issuer {
    async fn verify(
        &self,
        token: &str,
        header: &Header,
        claims: Claims,
    ) -> Result<Caller, Unproved> {
        let key = self.keys.find(header.kid.as_deref()).await;
        let key = key.map_err(Unproved::Keys)?.ok_or_else(|| {
            Unproved::Token("the identity token is signed with none of its issuer's keys".into())
        })?;
        let invalid =
            |error: jsonwebtoken::errors::Error| Unproved::Token(words(error.kind()).to_owned());
        let key = DecodingKey::from_jwk(&key).map_err(invalid)?;
        let mut validation = Validation::new(header.alg);
        validation.leeway = LEEWAY_SECONDS;
        validation.validate_nbf = true;
        validation.set_issuer(&[&claims.issuer]);
        validation.set_audience(&self.audiences);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        let verified = decode::<Verified>(token, &key, &validation).map_err(invalid)?;
        Ok(Caller {
            issuer: claims.issuer,
            subject: verified.claims.sub,
            audiences: claims.audiences,
        })
    }
}

fn words(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ExpiredSignature => "the identity token has expired",
        ErrorKind::ImmatureSignature => "the identity token is not valid yet",
        ErrorKind::InvalidAudience => "the identity token is for another audience",
        ErrorKind::InvalidSignature => {
            "the identity token is not signed with its issuer's key of that name"
        }
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => {
            "the identity token is signed with neither RS256 nor ES256"
        }
        ErrorKind::MissingRequiredClaim(_) => {
            "the identity token lacks its audience, subject or expiry"
        }
        _ => "what was sent is no valid identity token",
    }
}

#[cfg(test)]
mod tests;
