//! What leads Java to a proxy of ours: it reads neither the variables nor a PEM file. Its trust store is a JKS of trusted
//! certificates, which the JDK writes and reads without a library of ours. It holds no key; its digest is a checksum,
//! whose password everybody knows.

use std::collections::BTreeSet;
use std::path::Path;

use sha1::{Digest as _, Sha1};

use crate::authority::Authority;

const MAGIC: u32 = 0xfeed_feed;
const VERSION: u32 = 2;
const TRUSTED_CERTIFICATE: u32 = 2;

/// Every machine of Java's reads its options in here, a daemon's too, and says so on stderr.
pub(crate) const VARIABLE: &str = "JAVA_TOOL_OPTIONS";

/// Java's own default.
const PASSWORD: &str = "changeit";

/// Part of the digest (`sun.security.provider.JavaKeyStore`).
const WHITENER: &[u8] = b"Mighty Aphrodite";

/// The options that lead Java there. Maven 3.9 reads the properties only with the last of them.
pub(crate) fn options(host: &str, port: u16, store: &Path) -> String {
    format!(
        "-Dhttps.proxyHost={host} -Dhttps.proxyPort={port} -Dhttp.proxyHost={host} -Dhttp.proxyPort={port} \
         -Djavax.net.ssl.trustStore={} -Djavax.net.ssl.trustStoreType=JKS \
         -Djavax.net.ssl.trustStorePassword={PASSWORD} -Daether.connector.http.useSystemProperties=true",
        store.display(),
    )
}

/// The store's bytes: the authority and these roots.
pub(crate) fn write(authority: &Authority, roots: &BTreeSet<Vec<u8>>) -> Vec<u8> {
    of(authority.with_roots(roots).collect())
}

fn of(certificates: Vec<Vec<u8>>) -> Vec<u8> {
    let mut store = Vec::new();
    put_number(&mut store, MAGIC);
    put_number(&mut store, VERSION);
    put_number(&mut store, length(certificates.len()));
    for (index, certificate) in certificates.iter().enumerate() {
        put_number(&mut store, TRUSTED_CERTIFICATE);
        put_text(&mut store, &format!("root-{index}"));
        // The time of the entry, which nothing reads.
        store.extend([0; 8]);
        put_text(&mut store, "X.509");
        put_number(&mut store, length(certificate.len()));
        store.extend(certificate);
    }
    let digest = digest(&store);
    store.extend(digest);
    store
}

fn digest(store: &[u8]) -> [u8; 20] {
    let mut sha1 = Sha1::new();
    for unit in PASSWORD.encode_utf16() {
        sha1.update(unit.to_be_bytes());
    }
    sha1.update(WHITENER);
    sha1.update(store);
    sha1.finalize().into()
}

fn put_number(store: &mut Vec<u8>, number: u32) {
    store.extend(number.to_be_bytes());
}

fn put_text(store: &mut Vec<u8>, text: &str) {
    store.extend(u16::try_from(text.len()).unwrap_or_default().to_be_bytes());
    store.extend(text.as_bytes());
}

/// A certificate, and the number of them, is far below four thousand million.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_to_the_byte() {
        let store = of(vec![b"DER".to_vec()]);
        let expected = b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01\0\0\0\x02\0\x06root-0\0\0\0\0\0\0\0\0\0\x05X.509\0\0\0\x03DER";
        assert_eq!(store[..store.len() - 20], expected[..]);
        assert_eq!(store[store.len() - 20..], digest(&expected[..]));
    }
}
