//! Authorization tokens: made, remembered, found again. Opaque to everyone but this file, as AWS's are;
//! only the first of their five parts can be read, and it tells when they end.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::clock::Seconds;
use crate::credentials::Credentials;
use crate::domain::DomainId;
use crate::random;

pub(crate) struct IssuedToken {
    pub(crate) minted_by: Rc<Credentials>,
    pub(crate) domain: DomainId,
    /// When it stops working; a fault may set that earlier than the stated expiry.
    pub(crate) expires_at: Seconds,
}

#[derive(Default)]
pub(crate) struct Tokens(RefCell<HashMap<String, Rc<IssuedToken>>>);

/// The life of a token according to its answer, and its true one.
pub(crate) struct Lifetime {
    pub(crate) issued_at: Seconds,
    pub(crate) stated_expiry: Seconds,
    pub(crate) expires_at: Seconds,
}

impl Tokens {
    pub(crate) fn issue(
        &self,
        minted_by: &Rc<Credentials>,
        domain: DomainId,
        lifetime: &Lifetime,
        size: usize,
    ) -> String {
        let text = encode(lifetime, size);
        let token = IssuedToken {
            minted_by: Rc::clone(minted_by),
            domain,
            expires_at: lifetime.expires_at,
        };
        self.0.borrow_mut().insert(text.clone(), Rc::new(token));
        text
    }

    pub(crate) fn find(&self, text: &str) -> Option<Rc<IssuedToken>> {
        self.0.borrow().get(text).cloned()
    }

    pub(crate) fn revoke(&self, text: &str) {
        self.0.borrow_mut().remove(text);
    }

    pub(crate) fn revoke_all(&self) {
        self.0.borrow_mut().clear();
    }
}

/// A compact JWE by its looks: header, key, nonce, ciphertext, tag.
fn encode(lifetime: &Lifetime, size: usize) -> String {
    let header = json!({
        "ver": 1,
        "isu": lifetime.issued_at,
        "enc": "A128GCM",
        "tag": random::base64url(22),
        "exp": lifetime.stated_expiry,
        "alg": "A128GCMKW",
        "iv": random::base64url(16),
    });
    let header = URL_SAFE_NO_PAD.encode(header.to_string());
    let (key, nonce, tag) = (
        random::base64url(22),
        random::base64url(16),
        random::base64url(22),
    );
    let others = header.len() + key.len() + nonce.len() + tag.len() + 4;
    let ciphertext = random::base64url(size.saturating_sub(others).max(64));
    [header, key, nonce, ciphertext, tag].join(".")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const LIFETIME: Lifetime = Lifetime {
        issued_at: 1_769_860_800,
        stated_expiry: 1_769_904_000,
        expires_at: 1_769_860_801,
    };

    #[test]
    fn a_token_has_five_parts_and_the_size_asked_for() {
        for (size, expected) in [(1200, 1200), (4000, 4000)] {
            let token = encode(&LIFETIME, size);
            assert_eq!(token.len(), expected);
            assert_eq!(token.split('.').count(), 5);
            assert!(
                token
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
            );
        }
    }

    #[test]
    fn the_first_part_tells_what_the_client_was_told() {
        let token = encode(&LIFETIME, 1200);
        let header = URL_SAFE_NO_PAD
            .decode(token.split('.').next().unwrap())
            .unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(
            header["exp"].as_i64().unwrap() - header["isu"].as_i64().unwrap(),
            43200
        );
        assert_eq!(header["alg"], "A128GCMKW");
    }
}
