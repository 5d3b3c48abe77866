//! The emulator's own certificate authority, made at start and forgotten at the end. Its private key never
//! leaves the process, so `ca.pem` can make a client trust nothing but this run.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;

use super::java_trust_store;

/// Valid from a little before the start, since clients' clocks may be off, and not for long.
const BEFORE: Duration = Duration::from_hours(48);
const AFTER: Duration = Duration::from_hours(24 * 30);

pub(crate) struct Authority {
    made_at: SystemTime,
    pem: String,
    der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
    leaf_key: KeyPair,
    servers: RefCell<HashMap<String, Arc<ServerConfig>>>,
}

impl Authority {
    pub(crate) fn new(made_at: SystemTime) -> anyhow::Result<Self> {
        let mut params = params(made_at, Vec::new())?;
        let mut name = DistinguishedName::new();
        name.push(DnType::CommonName, "codeartifact-emulator");
        params.distinguished_name = name;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?;
        let issuer = Issuer::new(params, key);
        Ok(Self {
            made_at,
            pem: certificate.pem(),
            der: certificate.der().to_vec(),
            issuer,
            leaf_key: KeyPair::generate()?,
            servers: RefCell::default(),
        })
    }

    /// The CA's certificate, alone.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// The same, as Java reads it.
    pub(crate) fn java_trust_store(&self) -> Vec<u8> {
        java_trust_store::of(&self.der)
    }

    /// TLS as the server of that name; made once a name.
    pub(crate) fn server(&self, host: &str) -> anyhow::Result<Arc<ServerConfig>> {
        if let Some(known) = self.servers.borrow().get(host) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(self.make(host)?);
        self.servers
            .borrow_mut()
            .insert(host.to_owned(), Arc::clone(&made));
        Ok(made)
    }

    fn make(&self, host: &str) -> anyhow::Result<ServerConfig> {
        let names = match host {
            "localhost" => vec![
                "localhost".to_owned(),
                "127.0.0.1".to_owned(),
                "::1".to_owned(),
            ],
            host => vec![host.to_owned()],
        };
        let mut params = params(self.made_at, names)?;
        // No name but the alternative ones: a common name is limited to 64 characters, and hosts are longer.
        params.distinguished_name = DistinguishedName::new();
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let leaf = params.signed_by(&self.leaf_key, &self.issuer)?;
        let key = PrivateKeyDer::Pkcs8(self.leaf_key.serialize_der().into());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn params(made_at: SystemTime, names: Vec<String>) -> anyhow::Result<CertificateParams> {
    let mut params = CertificateParams::new(names)?;
    params.not_before = (made_at - BEFORE).into();
    params.not_after = (made_at + AFTER).into();
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_one_certificate_and_no_key() {
        let authority = Authority::new(SystemTime::UNIX_EPOCH + BEFORE).unwrap();
        assert_eq!(authority.pem().matches("BEGIN CERTIFICATE").count(), 1);
        assert!(!authority.pem().contains("PRIVATE KEY"));
    }

    #[test]
    fn a_host_longer_than_a_common_name_gets_a_certificate_once() {
        let authority = Authority::new(SystemTime::UNIX_EPOCH + BEFORE).unwrap();
        let host = format!(
            "{}-111122223333.d.codeartifact.ap-southeast-1.amazonaws.com",
            "a".repeat(50)
        );
        let first = authority.server(&host).unwrap();
        assert!(Arc::ptr_eq(&first, &authority.server(&host).unwrap()));
    }
}
