//! The one session of the service: which refresh tokens it knows, and the proofs that its caller has the key.

use std::cell::RefCell;
use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value;

use crate::call::Call;
use crate::clock::Seconds;
use crate::reply::Refusal;
use crate::scenario::Login;

/// The greatest age of a proof.
const PROOF: Seconds = 300;

/// The service's memory of its one session.
#[derive(Default)]
pub(crate) struct LoginSession {
    /// The key of the first proof, to which the session belongs from then on.
    key: RefCell<Option<String>>,
    proofs: RefCell<HashSet<String>>,
    /// Those that were issued.
    pub(super) refresh_tokens: RefCell<HashSet<String>>,
}

impl LoginSession {
    pub(super) fn require_known(
        &self,
        login: &Login,
        refresh_token: Option<&str>,
    ) -> Result<(), Refusal> {
        let issued = self.refresh_tokens.borrow();
        let known = |token: &&str| *token == login.refresh_token || issued.contains(*token);
        match refresh_token.filter(known) {
            Some(_) => Ok(()),
            None => {
                let text = "The session has expired";
                Err(Refusal::new(403, "AccessDeniedException", text)
                    .member("error", "TOKEN_EXPIRED"))
            }
        }
    }

    /// A proof is for this call, fresh, used once, and by the key of the session.
    pub(super) fn prove(&self, call: &Call) -> Result<(), Refusal> {
        let proof = call.header("dpop").and_then(Proof::read);
        let proof = proof.ok_or_else(|| invalid("the proof of possession is missing or wrong"))?;
        let claims = &proof.claims;
        let here = format!("{}{}", call.host, call.path);
        let is_of_call = claims["htm"] == "POST"
            && claims["htu"]
                .as_str()
                .is_some_and(|url| url.ends_with(&here));
        let age = claims["iat"].as_i64().map(|issued| call.now - issued);
        if !is_of_call || age.is_none_or(|age| age.abs() > PROOF) {
            return Err(invalid("the proof of possession is another call's, or old"));
        }
        let id = claims["jti"].as_str().unwrap_or_default().to_owned();
        if !self.proofs.borrow_mut().insert(id) {
            return Err(invalid("the proof of possession was used before"));
        }
        let mut key = self.key.borrow_mut();
        if *key.get_or_insert_with(|| proof.key.clone()) == proof.key {
            Ok(())
        } else {
            Err(invalid("the proof of possession is by another key"))
        }
    }
}

pub(super) fn invalid(message: &str) -> Refusal {
    Refusal::new(400, "ValidationException", message).member("error", "INVALID_REQUEST")
}

/// A JSON Web Token whose signature is right by the key that it names.
struct Proof {
    key: String,
    claims: Value,
}

impl Proof {
    fn read(text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let json = |part| serde_json::from_slice::<Value>(&decode(part)?).ok();
        let header = json(header)?;
        let jwk = &header["jwk"];
        let is_usual = header["typ"] == "dpop+jwt" && header["alg"] == "ES256";
        (is_usual && jwk["kty"] == "EC" && jwk["crv"] == "P-256").then_some(())?;
        let (x, y) = (jwk["x"].as_str()?, jwk["y"].as_str()?);
        let point = [vec![4], decode(x)?, decode(y)?].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(signed.as_bytes(), &decode(signature)?)
            .ok()?;
        Some(Self {
            key: format!("{x}.{y}"),
            claims: json(claims)?,
        })
    }
}

fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9449, section 4.1.
    const EXAMPLE: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    #[test]
    fn a_proof_is_verified() {
        let proof = Proof::read(EXAMPLE).unwrap();
        assert_eq!(proof.claims["htu"], "https://server.example.com/token");
        assert!(Proof::read(&EXAMPLE.replace("2-Gx", "3-Gx")).is_none());
        assert!(Proof::read("x.y.z").is_none());
    }
}
