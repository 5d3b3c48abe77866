//! Tokens of a real key, and everything that is wrong with others.

use std::time::{SystemTime, UNIX_EPOCH};

use ::ring::rand::SystemRandom;
use ::ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use codeartifact_auth::token::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::broker::config::{ClientRule, IssuerConfig};

const ISSUER: &str = "https://i.example.com";

struct Signer(EcdsaKeyPair);

impl Signer {
    fn new() -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap())
    }

    /// The public half, named `1`.
    fn public(&self) -> Value {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
        json!({ "kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "x": encode(x), "y": encode(y) })
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = self
            .0
            .sign(&SystemRandom::new(), signed.as_bytes())
            .unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

fn issuers(keys: &Value) -> (Issuers, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jwks.json");
    std::fs::write(&file, json!({ "keys": keys }).to_string()).unwrap();
    let config = BrokerConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        metrics: None,
        tls: None,
        proxy: None,
        issuers: vec![IssuerConfig {
            issuer: ISSUER.into(),
            jwks_file: Some(file),
            ..IssuerConfig::default()
        }],
        clients: vec![ClientRule {
            issuer: ISSUER.into(),
            audience: "codeartifact-broker".into(),
            subject: "acme:*".into(),
            connections: vec!["acme".into()],
        }],
    };
    let environment = Environment::fixed(&[], folder.path().into(), Timestamp(0));
    let Ok(issuers) = Issuers::new(&config, &environment) else {
        panic!("no issuers")
    };
    (issuers, folder)
}

fn verify(issuers: &Issuers, token: &str) -> Result<Caller, Unproved> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    runtime.block_on(issuers.verify(token))
}

fn claims(changed: Value) -> Value {
    let now = now();
    let mut claims = json!({ "iss": ISSUER, "aud": ["codeartifact-broker", "x"], "sub": "acme:job", "exp": now + 600 });
    for (name, value) in changed.as_object().unwrap() {
        match value.as_i64() {
            Some(offset) => claims[name] = json!(now + offset),
            None if value.is_null() => drop(claims.as_object_mut().unwrap().remove(name)),
            None => claims[name] = value.clone(),
        }
    }
    claims
}

#[expect(
    clippy::disallowed_methods,
    reason = "a token is valid by the real clock, by which the broker judges it"
)]
fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    now.as_secs().cast_signed()
}

fn header() -> Value {
    json!({ "alg": "ES256", "typ": "JWT", "kid": "1" })
}

#[test]
fn claims_decide() {
    let signer = Signer::new();
    let (issuers, _folder) = issuers(&json!([signer.public()]));
    let rows = [
        (json!({}), ""),
        (json!({ "aud": "codeartifact-broker" }), ""),
        (json!({ "exp": -30 }), ""),
        (json!({ "nbf": 30 }), ""),
        (json!({ "exp": -90 }), "has expired"),
        (json!({ "nbf": 90 }), "not valid yet"),
        (json!({ "aud": "sts.amazonaws.com" }), "another audience"),
        (json!({ "aud": null }), "lacks"),
        (json!({ "exp": null }), "lacks"),
        (json!({ "exp": "never" }), "identity token"),
        (json!({ "sub": null }), "no identity token"),
        (json!({ "iss": "https://j.example.com" }), "unknown issuer"),
        (json!({ "iss": "https://i.example.com/" }), "unknown issuer"),
    ];
    for (changed, expected) in rows {
        let found = verify(&issuers, &signer.sign(&header(), &claims(changed.clone())));
        match found {
            Ok(caller) => {
                assert_eq!(
                    (expected, caller.subject.as_str()),
                    ("", "acme:job"),
                    "{changed}"
                );
                assert_eq!(caller.audiences[0], "codeartifact-broker");
            }
            Err(Unproved::Token(words)) => {
                assert!(
                    !expected.is_empty() && words.contains(expected),
                    "{changed}: {words}"
                );
            }
            Err(Unproved::Keys(words)) => panic!("{changed}: {words}"),
        }
    }
}

#[test]
fn signatures_decide() {
    let (signer, other) = (Signer::new(), Signer::new());
    // A public key that would do as a secret, if a broker let the token choose HS256.
    let secret = json!({ "kty": "oct", "kid": "2", "k": "c2VjcmV0" });
    let mut encryption = signer.public();
    encryption["kid"] = json!("3");
    encryption["use"] = json!("enc");
    let (issuers, _folder) = issuers(&json!([signer.public(), secret, encryption]));
    let good = signer.sign(&header(), &claims(json!({})));
    assert!(verify(&issuers, &good).is_ok());
    let (head, signature) = good.rsplit_once('.').unwrap();
    let (_, body) = head.split_once('.').unwrap();
    let with_header = |header: Value| URL_SAFE_NO_PAD.encode(header.to_string());
    let none = with_header(json!({ "alg": "none" }));
    let named =
        |kid: &str, alg: &str| signer.sign(&json!({ "alg": alg, "kid": kid }), &claims(json!({})));
    let rows = [
        (
            other.sign(&header(), &claims(json!({}))),
            "not signed with its issuer's key",
        ),
        (format!("{none}.{body}."), ""),
        (format!("{none}.{body}.{signature}"), ""),
        (named("1", "HS256"), "neither RS256 nor ES256"),
        (named("2", "HS256"), "neither RS256 nor ES256"),
        (named("2", "ES256"), "neither RS256 nor ES256"),
        (named("1", "RS256"), "neither RS256 nor ES256"),
        (named("1", "ES384"), "neither RS256 nor ES256"),
        (named("3", "ES256"), "none of its issuer's keys"),
        (named("9", "ES256"), "none of its issuer's keys"),
        (
            format!(
                "{head}.{}",
                signature.replace(|it: char| it.is_ascii_digit(), "A")
            ),
            "not signed",
        ),
        (format!("{head}."), ""),
        (head.to_owned(), ""),
        (String::new(), ""),
        ("x".repeat(20_001), "too long"),
    ];
    for (token, expected) in rows {
        match verify(&issuers, &token) {
            Err(Unproved::Token(words)) => assert!(words.contains(expected), "{token}: {words}"),
            found => panic!("{token}: {found:?}"),
        }
    }
}

/// Strangers' tokens name keys that no issuer has: those are looked for once a minute.
#[test]
fn a_new_key_is_looked_for_once() {
    let (first, second) = (Signer::new(), Signer::new());
    let (issuers, folder) = issuers(&json!([first.public()]));
    assert!(verify(&issuers, &first.sign(&header(), &claims(json!({})))).is_ok());
    let mut newer = second.public();
    newer["kid"] = json!("2");
    let keys = json!({ "keys": [first.public(), newer] });
    std::fs::write(folder.path().join("jwks.json"), keys.to_string()).unwrap();
    let token = second.sign(&json!({ "alg": "ES256", "kid": "2" }), &claims(json!({})));
    assert!(verify(&issuers, &token).is_err(), "a look was a moment ago");
    issuers.0[ISSUER].keys.forget_the_last_look();
    assert!(verify(&issuers, &token).is_ok());
}

#[test]
fn without_keys_nobody_can_tell() {
    let signer = Signer::new();
    let (issuers, folder) = issuers(&json!([signer.public()]));
    let file = folder.path().join("jwks.json");
    std::fs::remove_file(&file).unwrap();
    let token = signer.sign(&header(), &claims(json!({})));
    let found = verify(&issuers, &token).unwrap_err();
    assert!(
        matches!(&found, Unproved::Keys(words) if words.contains("jwks.json")),
        "{found:?}"
    );
}
