//! The cryptography of both sides of the proxy.

use rustls::crypto::{CryptoProvider, ring};
use rustls::{CipherSuite, SupportedCipherSuite};

/// Ring's, with AES of 128 bits first: a file is decrypted and encrypted again, and a larger key takes 14 rounds for each
/// block instead of 10.
pub(crate) fn provider() -> CryptoProvider {
    let mut provider = ring::default_provider();
    // Stable: what comes first of the others still does.
    provider
        .cipher_suites
        .sort_by_key(|suite| !is_quickest(suite));
    provider
}

fn is_quickest(suite: &SupportedCipherSuite) -> bool {
    suite.suite() == CipherSuite::TLS13_AES_128_GCM_SHA256
}
