//! Sealed records: what a shared store has of a token is nothing to whoever reads the store, and good for its own connection
//! alone. AES-256-GCM; each connection has a key of its own, derived by HKDF from one of the keys in a file; the record's
//! name, version and key are authenticated with it. The expiry is inside.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

const VERSION: &str = "1";

/// So that a key which serves another purpose too opens nothing here.
const PURPOSE: &[u8] = b"codeartifact store 1";

const KEY_BYTES: usize = 32;

/// The first one seals; each of them opens, so that keys can be changed one after the other.
pub(super) struct Keys(Vec<(String, Zeroizing<Vec<u8>>)>);

impl Keys {
    /// Reads lines of `NAME BASE64`; a `#` begins a remark.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let keys: Option<Vec<_>> = lines.map(key).collect();
        match keys {
            Some(keys) if !keys.is_empty() => Ok(Self(keys)),
            _ => Err("must have lines of a name and 32 bytes in base64".to_owned()),
        }
    }

    /// A record of `name` that only these keys open.
    pub(super) fn seal(&self, name: &str, text: &[u8]) -> Option<Vec<u8>> {
        let (id, key) = self.0.first()?;
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut sealed = text.to_vec();
        let nonce_of_record = Nonce::assume_unique_for_key(nonce);
        derived(key, name)?
            .seal_in_place_append_tag(nonce_of_record, aad(name, id), &mut sealed)
            .ok()?;
        let head = format!("{VERSION} {id} ");
        Some([head.as_bytes(), &nonce, &sealed].concat())
    }

    /// What was sealed under `name`; `None` for anything else.
    pub(super) fn open(&self, name: &str, record: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (version, rest) = word(record)?;
        let (id, rest) = word(rest)?;
        let (id, key) = self.0.iter().find(|(known, _)| known.as_bytes() == id)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = Zeroizing::new(sealed.to_vec());
        let length = derived(key, name)?
            .open_in_place(nonce, aad(name, id), &mut text)
            .ok()?
            .len();
        text.truncate(length);
        (version == VERSION.as_bytes()).then_some(text)
    }
}

fn key(line: &str) -> Option<(String, Zeroizing<Vec<u8>>)> {
    let (id, key) = line.split_once(char::is_whitespace)?;
    let key = Zeroizing::new(STANDARD.decode(key.trim()).ok()?);
    (key.len() == KEY_BYTES).then(|| (id.to_owned(), key))
}

fn derived(key: &[u8], name: &str) -> Option<LessSafeKey> {
    let pseudorandom = Salt::new(HKDF_SHA256, PURPOSE).extract(key);
    let info = [name.as_bytes()];
    let derived = pseudorandom.expand(&info, &AES_256_GCM).ok()?;
    Some(LessSafeKey::new(UnboundKey::from(derived)))
}

fn aad(name: &str, id: &str) -> Aad<Vec<u8>> {
    Aad::from(format!("{VERSION} {id} {name}").into_bytes())
}

fn word(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == b' ')?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &[&str]) -> Keys {
        let lines = names.iter().map(|name| {
            let byte = name.as_bytes()[0];
            format!("{name} {}\n", STANDARD.encode([byte; KEY_BYTES]))
        });
        Keys::parse(&lines.collect::<String>()).unwrap()
    }

    #[test]
    fn a_record_opens_under_its_own_name_and_key() {
        let sealed = keys(&["a"]).seal("acme", b"hush").unwrap();
        assert!(!sealed.windows(4).any(|part| part == b"hush"));
        let open =
            |names: &[&str], name: &str| keys(names).open(name, &sealed).map(|it| it.to_vec());
        assert_eq!(open(&["a"], "acme").as_deref(), Some(&b"hush"[..]));
        assert_eq!(open(&["b", "a"], "acme").as_deref(), Some(&b"hush"[..]));
        assert_eq!(open(&["a"], "globex"), None, "moved to another name");
        assert_eq!(open(&["b"], "acme"), None, "its key is gone");
        let again = keys(&["a"]).seal("acme", b"hush").unwrap();
        assert_ne!(sealed, again, "each has a nonce of its own");
    }

    #[test]
    fn what_was_changed_does_not_open() {
        let keys = keys(&["a", "b"]);
        let sealed = keys.seal("acme", b"hush").unwrap();
        for at in 0..sealed.len() {
            for changed in [sealed[at] ^ 1, sealed[at] ^ 0x80] {
                let mut forged = sealed.clone();
                forged[at] = changed;
                assert!(keys.open("acme", &forged).is_none(), "byte {at}");
            }
            assert!(keys.open("acme", &sealed[..at]).is_none(), "cut at {at}");
        }
    }

    #[test]
    fn a_file_of_keys() {
        let good = STANDARD.encode([7; KEY_BYTES]);
        let rows = [
            (format!("2026-11 {good}\n"), true),
            (
                format!("# remark\n\n 2026-11\t{good} \n2026-10 {good}"),
                true,
            ),
            (String::new(), false),
            (good.clone(), false),
            ("2026-11 c2hvcnQ=".to_owned(), false),
            (format!("2026-11 {good}\nnonsense"), false),
        ];
        for (text, expected) in rows {
            assert_eq!(Keys::parse(&text).is_ok(), expected, "{text}");
        }
    }
}
