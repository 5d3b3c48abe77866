//! A record in pieces, for a keyring whose entries are shorter than a record may be.
//! The first piece that is not full is the last one, so no length has to be kept.

use zeroize::Zeroizing;

use super::{Bytes, KeyringError};

/// Windows takes so many bytes per entry (`CRED_MAX_CREDENTIAL_BLOB_SIZE`, five times 512 bytes).
pub(super) const FULL: usize = 2560;

/// A record of more pieces is not one of ours.
const MOST: usize = 32;

/// Writes `bytes` piece by piece under the names that [`name`] gives.
pub(super) fn write(
    user: &str,
    bytes: &[u8],
    mut set: impl FnMut(&str, &[u8]) -> Result<(), KeyringError>,
) -> Result<(), KeyringError> {
    let mut padded = Zeroizing::new(Vec::with_capacity(bytes.len() + 1));
    padded.extend_from_slice(bytes);
    if padded.len().is_multiple_of(FULL) {
        // So that there is a last piece that is not full. After a JSON object a space means nothing.
        padded.push(b' ');
    }
    if padded.len() > FULL * MOST {
        return Err(KeyringError::Failed(
            "the token is too long for it".to_owned(),
        ));
    }
    padded
        .chunks(FULL)
        .enumerate()
        .try_for_each(|(number, piece)| set(&name(user, number), piece))
}

/// Puts the pieces together again; `None` if one is missing.
pub(super) fn read(
    user: &str,
    mut get: impl FnMut(&str) -> Result<Option<Bytes>, KeyringError>,
) -> Result<Option<Bytes>, KeyringError> {
    let mut whole = Zeroizing::new(Vec::with_capacity(FULL * MOST));
    for number in 0..MOST {
        let Some(piece) = get(&name(user, number))? else {
            return Ok(None);
        };
        whole.extend_from_slice(&piece);
        if piece.len() != FULL {
            return Ok(Some(whole));
        }
    }
    Ok(None)
}

/// The name of the entry that holds a piece: the first one's is that of the whole.
fn name(user: &str, number: usize) -> String {
    match number {
        0 => user.to_owned(),
        _ => format!("{user}-{number}"),
    }
}

/// Tells whether `name` is that of a record, not of one of its further pieces.
pub(super) fn is_first(name: &str) -> bool {
    !name.contains('-')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Default)]
    struct Entries(BTreeMap<String, Vec<u8>>);

    impl Entries {
        fn write(&mut self, bytes: &[u8]) -> Result<(), KeyringError> {
            write("key", bytes, |name, piece| {
                self.0.insert(name.to_owned(), piece.to_owned());
                Ok(())
            })
        }

        fn read(&self) -> Option<Vec<u8>> {
            let get = |name: &str| Ok(self.0.get(name).cloned().map(Zeroizing::new));
            read("key", get)
                .unwrap()
                .map(|bytes| bytes.trim_ascii_end().to_owned())
        }
    }

    #[test]
    fn every_length_comes_back_whatever_was_there_before() {
        let lengths = [
            1,
            FULL - 1,
            FULL,
            FULL + 1,
            2 * FULL,
            3 * FULL + 7,
            MOST * FULL - 1,
            10,
        ];
        let mut entries = Entries::default();
        for length in lengths {
            let bytes = vec![b'x'; length];
            entries.write(&bytes).unwrap();
            assert!(
                entries.0.values().all(|piece| piece.len() <= FULL),
                "{length}"
            );
            assert_eq!(entries.read(), Some(bytes), "{length}");
        }
    }

    #[test]
    fn a_missing_piece_makes_a_miss() {
        let mut entries = Entries::default();
        assert_eq!(entries.read(), None);
        entries.write(&[b'x'; 3 * FULL + 7]).unwrap();
        entries.0.remove("key-2");
        assert_eq!(entries.read(), None);
    }

    #[test]
    fn what_is_too_long_is_not_kept() {
        let mut entries = Entries::default();
        assert!(entries.write(&vec![b'x'; MOST * FULL]).is_err());
        assert!(entries.0.is_empty());
    }

    #[test]
    fn only_first_pieces_are_records() {
        let firsts: Vec<_> = (0..3)
            .map(|number| is_first(&name("0123abcd", number)))
            .collect();
        assert_eq!(firsts, [true, false, false]);
    }
}
