//! The certificate authorities that a user adds (`AWS_CA_BUNDLE`, `ca_bundle` of the profile), which the SDK does
//! not read. They are checked here, because the SDK panics on a file that is not what it should be.

use aws_smithy_http_client::tls::TrustStore;
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::authorities::require_usable;
use crate::environment::Environment;
use crate::error::{Failure, row};
use crate::user_file::read_regular;

const END: &str = "-----END CERTIFICATE-----";

/// The system's authorities, or those that variables name instead, and those in the file at `path`.
pub(super) fn trusted(
    environment: &Environment,
    path: Option<&str>,
) -> Result<TrustStore, Box<Failure>> {
    require_usable(environment).map_err(|(path, error)| {
        let failure = row::CA_BUNDLE_UNUSABLE.with("path", path.display());
        failure.with("reason", format!("cannot be read: {error}"))
    })?;
    with_bundle(path)
}

fn with_bundle(path: Option<&str>) -> Result<TrustStore, Box<Failure>> {
    let Some(path) = path else {
        return Ok(TrustStore::default());
    };
    let blame = |reason: String| {
        let failure = row::CA_BUNDLE_UNUSABLE.with("path", path);
        failure.with("reason", reason)
    };
    let bytes =
        read_regular(path.as_ref()).map_err(|error| blame(format!("cannot be read: {error}")))?;
    let blocks = usable_blocks(&bytes).map_err(blame)?;
    Ok(blocks
        .into_iter()
        .fold(TrustStore::default(), TrustStore::with_pem_certificate))
}

/// The certificates that TLS can use, each as a PEM text of its own. Real bundles hold a few odd ones,
/// which are left out; none that is usable, or one that is cut short, is the user's to fix.
fn usable_blocks(bytes: &[u8]) -> Result<Vec<String>, String> {
    for (index, certificate) in CertificateDer::pem_slice_iter(bytes).enumerate() {
        certificate.map_err(|_| format!("is damaged at certificate {}", index + 1))?;
    }
    let text = String::from_utf8_lossy(bytes);
    let blocks: Vec<String> = text
        .split_inclusive(END)
        .filter(|block| is_usable(block))
        .map(str::to_owned)
        .collect();
    if blocks.is_empty() {
        return Err("holds no certificate".to_owned());
    }
    Ok(blocks)
}

fn is_usable(block: &str) -> bool {
    CertificateDer::from_pem_slice(block.as_bytes())
        .is_ok_and(|certificate| RootCertStore::empty().add(certificate).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::default();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        parameters.self_signed(&key).unwrap().pem()
    }

    #[test]
    fn bundles_are_checked_before_the_sdk_sees_them() {
        let one = certificate();
        let two = format!("# Corporate CA\r\n{one}\nand another\n{}", certificate());
        let odd = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let cut = one.split_at(one.len() / 2).0.to_owned();
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        let rows = [
            ("one", one.clone(), Ok(1)),
            ("two, with remarks", two.clone(), Ok(2)),
            ("one odd among good ones", format!("{odd}{two}"), Ok(2)),
            ("behind a key", format!("{key}{one}"), Ok(1)),
            ("odd alone", odd.to_owned(), Err("holds no certificate")),
            ("empty", String::new(), Err("holds no certificate")),
            ("a key", key.to_owned(), Err("holds no certificate")),
            (
                "no PEM",
                "\u{1}\u{2}garbage".to_owned(),
                Err("holds no certificate"),
            ),
            (
                "second cut short",
                format!("{one}{cut}"),
                Err("is damaged at certificate 2"),
            ),
        ];
        for (what, text, expected) in rows {
            let found = usable_blocks(text.as_bytes()).map(|blocks| blocks.len());
            assert_eq!(found, expected.map_err(str::to_owned), "{what}");
        }
    }

    #[test]
    fn a_missing_bundle_is_named() {
        let failure = with_bundle(Some("/does/not/exist.pem")).unwrap_err();
        assert!(failure.is(&[&row::CA_BUNDLE_UNUSABLE]), "{failure}");
        let words = "the CA bundle `/does/not/exist.pem` cannot be read: ";
        assert!(failure.words().starts_with(words), "{failure}");
    }
}
