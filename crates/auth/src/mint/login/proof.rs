//! Demonstrates possession of a sign-in's key: a JSON Web Token for each request (DPoP, RFC 9449). Which request is for
//! `login`.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::SecretKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};

use crate::token::Timestamp;

/// It is not shown: `SigningKey` keeps its number to itself.
#[derive(Debug, Clone)]
pub(super) struct Key(Arc<SigningKey>);

impl Key {
    /// SEC1 in PEM, as the AWS CLI writes it; some write its line breaks as `\n`.
    pub(super) fn read(pem: &str) -> Option<Self> {
        let key = SecretKey::from_sec1_pem(&pem.replace("\\n", "\n")).ok()?;
        Some(Self(Arc::new(key.into())))
    }

    /// The proof for one POST to `url`.
    pub(super) fn prove(&self, url: &str, now: Timestamp) -> String {
        let point = self.0.verifying_key().to_encoded_point(false);
        let number = |bytes: Option<&p256::FieldBytes>| {
            let bytes = bytes.map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
            bytes.unwrap_or_default()
        };
        let header = json!({
            "typ": "dpop+jwt",
            "alg": "ES256",
            "jwk": { "kty": "EC", "crv": "P-256", "x": number(point.x()), "y": number(point.y()) },
        });
        let id = format!("{:032x}", fastrand::u128(..));
        let claims = json!({ "jti": id, "htm": "POST", "htu": url, "iat": now.0 });
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let signature: Signature = self.0.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Verifier as _;

    use super::*;

    /// Of the documentation of AWS's SDK for Rust.
    const PEM: &str = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIFDZHUzOG1Pzq+6F0mjMlOSp1syN9LRPBuHMoCFXTcXhoAoGCCqGSM49\nAwEHoUQDQgAE9qhj+KtcdHj1kVgwxWWWw++tqoh7H7UHs7oXh8jBbgF47rrYGC+t\ndjiIaHK3dBvvdE7MGj5HsepzLm3Kj91bqA==\n-----END EC PRIVATE KEY-----\n";

    #[test]
    fn a_proof_is_signed_and_of_its_request() {
        let key = Key::read(PEM).unwrap();
        assert!(Key::read(&PEM.replace('\n', "\\n")).is_some());
        assert!(Key::read("x").is_none());
        let proof = key.prove(
            "https://us-east-1.signin.aws.amazon.com/v1/token",
            Timestamp(7),
        );
        let (signed, signature) = proof.rsplit_once('.').unwrap();
        let decode = |part| URL_SAFE_NO_PAD.decode(part).unwrap();
        let signature = Signature::from_slice(&decode(signature)).unwrap();
        let verified = key.0.verifying_key().verify(signed.as_bytes(), &signature);
        assert!(verified.is_ok());
        let claims: Value =
            serde_json::from_slice(&decode(signed.rsplit_once('.').unwrap().1)).unwrap();
        assert_eq!(
            (claims["htm"].as_str(), claims["iat"].as_i64()),
            (Some("POST"), Some(7))
        );
        assert!(!format!("{key:?}").contains("50d91d4c"));
    }
}
