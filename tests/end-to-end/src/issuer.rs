//! An issuer of identity tokens, as a cluster or a CI system is: a key of its own, the key set that it shows, and tokens that
//! say what a test wants them to say.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

/// Signs with ES256.
#[derive(Debug)]
pub struct Issuer {
    url: String,
    key: EcdsaKeyPair,
}

impl Issuer {
    /// With a new key, which is named `1` like every issuer's.
    pub fn new(url: &str) -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self {
            url: url.to_owned(),
            key: EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap(),
        }
    }

    /// The document of its `jwks_uri`.
    pub fn key_set(&self) -> String {
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
        let key = json!({
            "kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "alg": "ES256", "x": encode(x), "y": encode(y)
        });
        json!({ "keys": [key] }).to_string()
    }

    /// A token of this subject for the broker, for ten minutes.
    pub fn token(&self, subject: &str) -> String {
        self.token_with(subject, &json!({}))
    }

    /// The same with other claims; a number is in seconds from now.
    pub fn token_with(&self, subject: &str, changed: &Value) -> String {
        let now = now();
        let mut claims = json!({
            "iss": self.url, "sub": subject, "aud": ["codeartifact-broker"], "iat": now, "nbf": now, "exp": now + 600,
        });
        for (name, value) in changed.as_object().unwrap() {
            let offset = value.as_i64().map(|offset| json!(now + offset));
            claims[name] = offset.unwrap_or_else(|| value.clone());
        }
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": "1" });
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.unwrap()))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a token is valid by the real clock, by which the broker judges it"
)]
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    now.as_secs().cast_signed()
}
