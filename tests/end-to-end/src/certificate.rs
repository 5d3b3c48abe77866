//! A server's certificate for a test, signed by an authority that is made for it.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use crate::Sandbox;

/// Writes `tls.crt` and `tls.key` of a server of this name into the folder, and returns the authority's certificate.
///
/// # Panics
/// No key can be made, or no file written.
pub fn certify(sandbox: &Sandbox, folder: &str, name: &str) -> String {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    // A server's certificate has another name: OpenSSL tells by it who has signed.
    params
        .distinguished_name
        .push(DnType::CommonName, "platform");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let authority = Issuer::new(params, key);
    let leaf_key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let leaf = leaf.signed_by(&leaf_key, &authority).unwrap();
    sandbox.write(&format!("{folder}/tls.crt"), &leaf.pem());
    sandbox.write(&format!("{folder}/tls.key"), &leaf_key.serialize_pem());
    certificate.pem()
}
