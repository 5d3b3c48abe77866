//! Signed notes (golang.org/x/mod/sumdb/note): a text, and a line that says who signed it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sha2::{Digest as _, Sha256};

/// Ed25519, in a note's key.
const ALGORITHM: u8 = 1;

pub(super) struct NoteSigner {
    name: String,
    seed: [u8; 32],
}

impl NoteSigner {
    /// The same for the same name in every run, since go remembers in GOPATH whose log it saw. It proves nothing: this
    /// is no secret.
    pub(super) fn of(name: &str) -> Self {
        let seed = Sha256::digest(format!("codeartifact-emulator signs as {name}"));
        Self {
            name: name.to_owned(),
            seed: seed.into(),
        }
    }

    /// `NAME+HASH+KEY`, by which a reader knows this signer.
    pub(super) fn verifier(&self) -> String {
        let key = self.key();
        let hash = hex::encode(self.hash(&key));
        format!("{}+{hash}+{}", self.name, STANDARD.encode(key))
    }

    /// The text, which ends with a line, and its signature.
    pub(super) fn sign(&self, text: &str) -> String {
        let Some(pair) = self.pair() else {
            return String::new();
        };
        let mut signature = self.hash(&self.key()).to_vec();
        signature.extend(pair.sign(text.as_bytes()).as_ref());
        let signature = STANDARD.encode(signature);
        format!("{text}\n— {} {signature}\n", self.name)
    }

    fn key(&self) -> Vec<u8> {
        let public = self.pair().map(|pair| pair.public_key().as_ref().to_vec());
        [vec![ALGORITHM], public.unwrap_or_default()].concat()
    }

    /// Tells keys of one name apart.
    fn hash(&self, key: &[u8]) -> [u8; 4] {
        let hash = Sha256::digest([self.name.as_bytes(), b"\n", key].concat());
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// There is one for every seed of 32 bytes.
    fn pair(&self) -> Option<Ed25519KeyPair> {
        Ed25519KeyPair::from_seed_unchecked(&self.seed).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example in the documentation of golang.org/x/mod/sumdb/note.
    #[test]
    fn the_documented_note() {
        let key = STANDARD
            .decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
            .unwrap();
        let signer = NoteSigner {
            name: "PeterNeumann".to_owned(),
            seed: key[1..].try_into().unwrap(),
        };
        assert_eq!(
            signer.verifier(),
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        );
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
        let signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
        assert_eq!(
            signer.sign(text),
            format!("{text}\n— PeterNeumann {signature}\n")
        );
    }

    #[test]
    fn names_have_keys_of_their_own_that_never_change() {
        let [one, again, other] = ["a.example", "a.example", "b.example"].map(NoteSigner::of);
        assert_eq!(one.verifier(), again.verifier());
        assert_ne!(one.seed, other.seed);
    }
}
