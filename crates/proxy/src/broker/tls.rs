//! The broker's certificate and key. They are read again when they are a minute old, because platforms renew them in place;
//! until the new ones are whole, the old ones serve.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use codeartifact_auth::user_file::read_regular;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::config::TlsFiles;

const AGED: Duration = Duration::from_mins(1);

/// Certificate and key, as they were read last.
pub(crate) struct ServerTls {
    files: TlsFiles,
    read: Mutex<(Instant, Arc<ServerConfig>)>,
}

impl ServerTls {
    pub(crate) fn load(files: &TlsFiles) -> io::Result<Self> {
        Ok(Self {
            files: files.clone(),
            read: Mutex::new((Instant::now(), read(files)?)),
        })
    }

    pub(crate) fn now(&self) -> Arc<ServerConfig> {
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0.elapsed() >= AGED {
            let newer = read(&self.files).unwrap_or_else(|_| Arc::clone(&known.1));
            *known = (Instant::now(), newer);
        }
        Arc::clone(&known.1)
    }
}

fn read(files: &TlsFiles) -> io::Result<Arc<ServerConfig>> {
    let text = read_regular(&files.certificate)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let key = PrivateKeyDer::from_pem_slice(&read_regular(&files.key)?);
    let (chain, key) = (
        chain.map_err(io::Error::other)?,
        key.map_err(io::Error::other)?,
    );
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
