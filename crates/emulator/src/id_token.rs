//! Identity tokens of OpenID Connect: JSON Web Tokens signed with RS256, issued and verified. Whom they let in is for
//! `sts`; who hands them out is for `github` and the control endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Seconds;
use crate::random;

/// Signs as every issuer that the scenario gives no keys of its own. It is published with this program and so proves
/// nothing outside it.
const PRIVATE_KEY: &[u8] = include_bytes!("id_token.pk8");

/// The name of that key.
const KEY_ID: &str = "codeartifact-emulator";

/// The keys of an issuer, as its `jwks_uri` shows them.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct KeySet {
    keys: Vec<PublicKey>,
}

#[derive(Clone, Debug, Deserialize)]
struct PublicKey {
    #[serde(default)]
    kid: Option<String>,
    n: String,
    e: String,
}

/// A token as it was presented: nothing in it is proved before `is_signed_by`.
pub(crate) struct IdToken<'a> {
    key_id: Option<String>,
    pub(crate) claims: Claims,
    signed: &'a str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
pub(crate) struct Claims {
    #[serde(rename = "iss")]
    pub(crate) issuer: String,
    #[serde(rename = "sub")]
    pub(crate) subject: String,
    #[serde(rename = "aud")]
    pub(crate) audience: Audience,
    #[serde(rename = "exp")]
    pub(crate) expires_at: Seconds,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub(crate) fn list(&self) -> &[String] {
        match self {
            Self::One(audience) => std::slice::from_ref(audience),
            Self::Several(audiences) => audiences,
        }
    }
}

/// A new token; `issuer` without a scheme is meant as an https URL.
pub(crate) fn issue(
    issuer: &str,
    subject: &str,
    audience: &str,
    now: Seconds,
    lifetime: Seconds,
) -> Option<String> {
    let claims = json!({
        "iss": format!("https://{}", host_and_path(issuer)),
        "sub": subject,
        "aud": audience,
        "jti": random::uuid(),
        "iat": now.min(now + lifetime),
        "nbf": now.min(now + lifetime),
        "exp": now + lifetime,
    });
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": KEY_ID });
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&header), encode(&claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(signed.as_bytes())?);
    Some(format!("{signed}.{signature}"))
}

/// An issuer as IAM names a provider: its URL without the scheme.
pub(crate) fn host_and_path(issuer: &str) -> &str {
    issuer.strip_prefix("https://").unwrap_or(issuer)
}

impl KeySet {
    pub(crate) fn parse(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// The one key with which this program signs.
    pub(crate) fn own() -> Self {
        let public = own_key().map(|pair| RsaPublicKeyComponents::<Vec<u8>>::from(pair.public()));
        let keys = public.map(|public| PublicKey {
            kid: Some(KEY_ID.to_owned()),
            n: URL_SAFE_NO_PAD.encode(public.n),
            e: URL_SAFE_NO_PAD.encode(public.e),
        });
        Self {
            keys: keys.into_iter().collect(),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        let keys = self.keys.iter().map(|key| {
            json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": key.kid, "n": key.n, "e": key.e })
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }
}

impl<'a> IdToken<'a> {
    /// Returns nothing for a text that is no token, or one that is not signed with RS256.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Value = serde_json::from_slice(&decode(header)?).ok()?;
        (header["alg"] == "RS256").then_some(())?;
        Some(Self {
            key_id: header["kid"].as_str().map(str::to_owned),
            claims: serde_json::from_slice(&decode(claims)?).ok()?,
            signed,
            signature: decode(signature)?,
        })
    }

    pub(crate) fn is_signed_by(&self, keys: &KeySet) -> bool {
        let named = |key: &&PublicKey| self.key_id.is_none() || key.kid == self.key_id;
        keys.keys
            .iter()
            .filter(named)
            .any(|key| self.verify(key).is_some())
    }

    fn verify(&self, key: &PublicKey) -> Option<()> {
        let key = RsaPublicKeyComponents {
            n: decode(&key.n)?,
            e: decode(&key.e)?,
        };
        let (signed, signature) = (self.signed.as_bytes(), &self.signature);
        key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
            .ok()
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn own_key() -> Option<RsaKeyPair> {
    RsaKeyPair::from_pkcs8(PRIVATE_KEY).ok()
}

fn sign(text: &[u8]) -> Option<Vec<u8>> {
    let pair = own_key()?;
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        text,
        &mut signature,
    )
    .ok()?;
    Some(signature)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> String {
        issue(
            "gitlab.com",
            "project_path:my-org/my-app",
            "sts.amazonaws.com",
            1000,
            300,
        )
        .unwrap()
    }

    #[test]
    fn a_token_is_read_and_verified() {
        let text = token();
        let token = IdToken::parse(&text).unwrap();
        assert_eq!(token.claims.issuer, "https://gitlab.com");
        assert_eq!(token.claims.audience.list(), ["sts.amazonaws.com"]);
        assert_eq!(token.claims.expires_at, 1300);
        let shown = KeySet::parse(&KeySet::own().to_json().to_string()).unwrap();
        assert!(token.is_signed_by(&shown));
    }

    #[test]
    fn a_changed_token_or_another_key_is_refused() {
        let text = token();
        let [header, claims, signature] = text.split('.').collect::<Vec<_>>()[..] else {
            panic!("{text}")
        };
        let other = String::from_utf8(decode(claims).unwrap()).unwrap();
        let other = URL_SAFE_NO_PAD.encode(other.replace("my-app", "my-api"));
        let changed = format!("{header}.{other}.{signature}");
        assert!(
            !IdToken::parse(&changed)
                .unwrap()
                .is_signed_by(&KeySet::own())
        );

        let mut strange = KeySet::own();
        strange.keys[0].n = URL_SAFE_NO_PAD.encode([0xc1; 256]);
        assert!(!IdToken::parse(&text).unwrap().is_signed_by(&strange));
        let mut unnamed = KeySet::own();
        unnamed.keys[0].kid = Some("another".to_owned());
        assert!(!IdToken::parse(&text).unwrap().is_signed_by(&unnamed));
    }

    #[test]
    fn what_is_no_rs256_token() {
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        let unsigned = format!("{none}.{}.", token().split('.').nth(1).unwrap());
        for text in ["", "my-web-identity-token", "a.b.c", &unsigned] {
            assert!(IdToken::parse(text).is_none(), "{text}");
        }
    }
}
