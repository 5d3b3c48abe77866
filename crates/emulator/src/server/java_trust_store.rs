//! Certificates as a Java key store (JKS): Java reads no PEM file and no variable for one. Written by hand, since its maker
//! (`keytool`) may not be there.
//!
//! The format is that of OpenJDK's `JavaKeyStore`. Its digest is keyed with a password that every reader may leave out.

use sha1::{Digest, Sha1};

const MAGIC: u32 = 0xFEED_FEED;
const VERSION: u32 = 2;
const TRUSTED_CERTIFICATE: u32 = 2;
const PASSWORD: &str = "changeit";
const WHITENER: &[u8] = b"Mighty Aphrodite";

/// A store that trusts this certificate alone.
pub(crate) fn of(certificate: &[u8]) -> Vec<u8> {
    let mut store = Vec::new();
    for number in [MAGIC, VERSION, 1, TRUSTED_CERTIFICATE] {
        store.extend(number.to_be_bytes());
    }
    text(&mut store, "codeartifact-emulator");
    // When the entry was made, in milliseconds: it does not matter to a reader.
    store.extend(0_u64.to_be_bytes());
    text(&mut store, "X.509");
    store.extend((certificate.len() as u32).to_be_bytes());
    store.extend(certificate);
    let password = PASSWORD.encode_utf16().flat_map(u16::to_be_bytes);
    let digest = Sha1::new()
        .chain_update(password.collect::<Vec<_>>())
        .chain_update(WHITENER)
        .chain_update(&store);
    store.extend(digest.finalize());
    store
}

fn text(store: &mut Vec<u8>, text: &str) {
    store.extend((text.len() as u16).to_be_bytes());
    store.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_those_that_java_reads() {
        let store = of(b"DER");
        let entry = hex::encode(&store);
        assert!(
            entry.starts_with("feedfeed0000000200000001000000020015"),
            "{entry}"
        );
        let end = format!("{:08}{}", 3, hex::encode("DER"));
        assert!(entry[..entry.len() - 40].ends_with(&end), "{entry}");
    }
}
