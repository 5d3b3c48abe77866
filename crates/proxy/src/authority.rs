//! The certificate authority of one run. Its private key never leaves the process, and only the clients that are
//! started with its file trust it.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use codeartifact_auth::authorities::require_usable;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::user_file::read_regular;
use pem::{EncodeConfig, LineEnding, Pem};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints,
};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::tls;

/// Valid from before the start, because clocks of containers differ, and no longer than a run needs.
const BEFORE: Duration = Duration::from_hours(24);
const AFTER: Duration = Duration::from_hours(24);

/// For a fleet, whose jobs get the certificate when they start. A restart makes another one of the same key.
const AFTER_FOR_FLEET: Duration = Duration::from_hours(365 * 24);

pub(crate) struct Authority {
    made_at: SystemTime,
    valid_for: Duration,
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
    leaf_key: KeyPair,
    servers: Mutex<HashMap<String, Arc<ServerConfig>>>,
}

impl Authority {
    /// One that can vouch for any host: the trials' stand-in answers for all.
    pub(crate) fn new(made_at: SystemTime) -> Result<Self, rcgen::Error> {
        Self::of(
            made_at,
            AFTER,
            "codeartifact trial",
            None,
            KeyPair::generate()?,
        )
    }

    /// One that can vouch for these hosts alone: a client refuses its certificate for any other name or address, even
    /// if the key should leak.
    pub(crate) fn for_hosts<'a>(
        made_at: SystemTime,
        hosts: impl Iterator<Item = &'a str>,
    ) -> Result<Self, rcgen::Error> {
        let constraints = constraints(hosts);
        let key = KeyPair::generate()?;
        Self::of(made_at, AFTER, "codeartifact proxy", Some(constraints), key)
    }

    /// The same with a key that replicas share, in PEM, and for as long as they run.
    pub(crate) fn for_fleet<'a>(
        made_at: SystemTime,
        hosts: impl Iterator<Item = &'a str>,
        key: &str,
    ) -> Result<Self, rcgen::Error> {
        let (after, key) = (AFTER_FOR_FLEET, KeyPair::from_pem(key)?);
        let constraints = Some(constraints(hosts));
        Self::of(made_at, after, "codeartifact broker", constraints, key)
    }

    fn of(
        made_at: SystemTime,
        valid_for: Duration,
        common_name: &str,
        constraints: Option<NameConstraints>,
        key: KeyPair,
    ) -> Result<Self, rcgen::Error> {
        let mut params = params(made_at, valid_for, Vec::new())?;
        let mut name = DistinguishedName::new();
        name.push(DnType::CommonName, common_name);
        params.distinguished_name = name;
        params.name_constraints = constraints;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key)?.der().clone();
        Ok(Self {
            made_at,
            valid_for,
            certificate,
            issuer: Issuer::new(params, key),
            leaf_key: KeyPair::generate()?,
            servers: Mutex::default(),
        })
    }

    /// The authority's certificate alone, for clients that add it to their own roots.
    pub(crate) fn pem(&self) -> String {
        encode([self.certificate.to_vec()])
    }

    /// The authority's certificate, the system's roots and those of `files`, for clients that replace their roots:
    /// what they reach beside the stand-in is still verified.
    pub(crate) fn bundle<'a>(
        &self,
        environment: &Environment,
        files: impl IntoIterator<Item = &'a Path>,
    ) -> io::Result<String> {
        Ok(encode(self.with_roots(&system_roots(environment, files)?)))
    }

    /// The authority's certificate, then these.
    pub(crate) fn with_roots(&self, roots: &BTreeSet<Vec<u8>>) -> impl Iterator<Item = Vec<u8>> {
        let own = std::iter::once(self.certificate.to_vec());
        own.chain(roots.iter().cloned())
    }

    /// TLS as the server of `host`; made once for each host.
    pub(crate) fn server(&self, host: &str) -> io::Result<Arc<ServerConfig>> {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = servers.get(host) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(self.make(host).map_err(io::Error::other)?);
        servers.insert(host.to_owned(), Arc::clone(&made));
        Ok(made)
    }

    fn make(&self, host: &str) -> Result<ServerConfig, Box<dyn std::error::Error + Send + Sync>> {
        let leaf = self.leaf(host)?;
        let key = PrivateKeyDer::Pkcs8(self.leaf_key.serialize_der().into());
        let mut config = ServerConfig::builder_with_provider(Arc::new(tls::provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![leaf], key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // Most clients put the larger key first.
        config.ignore_client_order = true;
        Ok(config)
    }

    fn leaf(&self, host: &str) -> Result<CertificateDer<'static>, rcgen::Error> {
        let mut params = params(self.made_at, self.valid_for, vec![host.to_owned()])?;
        // The host is an alternative name only: a common name is limited to 64 characters, and hosts are longer.
        params.distinguished_name = DistinguishedName::new();
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        Ok(params
            .signed_by(&self.leaf_key, &self.issuer)?
            .der()
            .clone())
    }
}

fn constraints<'a>(hosts: impl Iterator<Item = &'a str>) -> NameConstraints {
    let hosts = hosts.map(|host| GeneralSubtree::DnsName(host.to_owned()));
    let addresses = [
        CidrSubnet::V4([0; 4], [0; 4]),
        CidrSubnet::V6([0; 16], [0; 16]),
    ];
    NameConstraints {
        permitted_subtrees: hosts.collect(),
        // A permitted name says nothing about addresses.
        excluded_subtrees: addresses.map(GeneralSubtree::IpAddress).to_vec(),
    }
}

fn params(
    made_at: SystemTime,
    valid_for: Duration,
    names: Vec<String>,
) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.not_before = (made_at - BEFORE).into();
    params.not_after = (made_at + valid_for).into();
    Ok(params)
}

/// The system's roots and those of `files`, each once.
pub(crate) fn system_roots<'a>(
    environment: &Environment,
    files: impl IntoIterator<Item = &'a Path>,
) -> io::Result<BTreeSet<Vec<u8>>> {
    require_usable(environment)
        .map_err(|(path, error)| io::Error::other(format!("{}: {error}", path.display())))?;
    let system = rustls_native_certs::load_native_certs().certs;
    let own = files.into_iter().flat_map(certificates);
    let all = system.into_iter().chain(own);
    Ok(all.map(|it| it.to_vec()).collect())
}

/// The certificates in a file; a file that cannot be read has none, as for the client that it is meant for.
fn certificates(file: &Path) -> Vec<CertificateDer<'static>> {
    let text = read_regular(file).unwrap_or_default();
    CertificateDer::pem_slice_iter(&text).flatten().collect()
}

pub(crate) fn encode(certificates: impl IntoIterator<Item = Vec<u8>>) -> String {
    let pems: Vec<Pem> = certificates
        .into_iter()
        .map(|der| Pem::new("CERTIFICATE", der))
        .collect();
    pem::encode_many_config(&pems, EncodeConfig::new().set_line_ending(LineEnding::LF))
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use rustls::crypto::ring;

    use super::*;

    fn authority() -> Authority {
        Authority::new(SystemTime::UNIX_EPOCH + BEFORE).unwrap()
    }

    #[test]
    fn its_file_holds_one_certificate_and_no_key() {
        let pem = authority().pem();
        assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), 1);
        assert!(!pem.contains("PRIVATE KEY") && !pem.contains('\r'));
    }

    #[test]
    fn the_bundle_has_a_certificate_once_and_takes_no_key() {
        let (mine, other) = (authority(), authority());
        let folder = tempfile::tempdir().unwrap();
        let (file, missing) = (folder.path().join("roots.pem"), folder.path().join("none"));
        std::fs::write(&file, other.pem() + &other.leaf_key.serialize_pem()).unwrap();
        let environment = Environment::fixed(&[], folder.path().to_owned(), Timestamp(0));
        let bundle_with =
            |files: &[&Path]| mine.bundle(&environment, files.iter().copied()).unwrap();
        let alone = bundle_with(&[]).matches("BEGIN CERTIFICATE").count();
        let bundle = bundle_with(&[&file, &file, &missing]);
        assert_eq!(bundle.matches("BEGIN CERTIFICATE").count(), alone + 1);
        assert!(bundle.starts_with(mine.pem().trim_end()));
        assert!(!bundle.contains("PRIVATE KEY"));
    }

    #[test]
    fn it_vouches_for_its_hosts_alone() {
        let mine = Authority::for_hosts(
            SystemTime::UNIX_EPOCH + BEFORE,
            ["a.example.com"].into_iter(),
        )
        .unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(mine.certificate.clone()).unwrap();
        let provider = Arc::new(ring::default_provider());
        let verifier =
            rustls::client::WebPkiServerVerifier::builder_with_provider(roots.into(), provider);
        let verifier = verifier.build().unwrap();
        let now = rustls::pki_types::UnixTime::since_unix_epoch(BEFORE);
        for (name, expected) in [
            ("a.example.com", true),
            ("b.example.com", false),
            ("127.0.0.1", false),
        ] {
            let leaf = mine.leaf(name).unwrap();
            let name = name.try_into().unwrap();
            let found = rustls::client::danger::ServerCertVerifier::verify_server_cert(
                &*verifier,
                &leaf,
                &[],
                &name,
                &[],
                now,
            );
            assert_eq!(found.is_ok(), expected, "{name:?} {found:?}");
        }
    }

    #[test]
    fn a_host_longer_than_a_common_name_gets_a_certificate_once() {
        let authority = authority();
        let host = format!(
            "{}-111122223333.d.codeartifact.ap-southeast-1.amazonaws.com",
            "a".repeat(50)
        );
        let first = authority.server(&host).unwrap();
        assert!(Arc::ptr_eq(&first, &authority.server(&host).unwrap()));
    }
}
