//! Makes external ids. Who assumes the role makes them, a different one for each customer, so that no one can guess
//! them.

const LENGTH: usize = 32;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// 32 random letters and digits: 190 bits.
pub(super) fn generate() -> anyhow::Result<String> {
    let mut external_id = String::with_capacity(LENGTH);
    while external_id.len() < LENGTH {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes)?;
        let characters = bytes.iter().filter_map(|byte| character(*byte));
        external_id.extend(characters.take(LENGTH - external_id.len()));
    }
    Ok(external_id)
}

/// Bytes beyond the last whole multiple of the alphabet would favour its beginning.
fn character(byte: u8) -> Option<char> {
    let byte = usize::from(byte);
    let fair = usize::from(u8::MAX) / ALPHABET.len() * ALPHABET.len();
    (byte < fair).then(|| char::from(ALPHABET[byte % ALPHABET.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_another_one_of_32_letters_and_digits() {
        let ids = [generate().unwrap(), generate().unwrap()];
        assert_ne!(ids[0], ids[1]);
        for id in ids {
            assert_eq!(id.len(), 32);
            assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
        }
    }

    #[test]
    fn every_character_is_as_likely() {
        let mut counts = std::collections::BTreeMap::new();
        for character in (0..=u8::MAX).filter_map(character) {
            *counts.entry(character).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 62);
        assert!(counts.values().all(|count| *count == 4), "{counts:?}");
    }
}
