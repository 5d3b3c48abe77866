//! One TLS connection to one host through the proxy, and requests over it.

use std::sync::Arc;

use anyhow::{Context, ensure};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::credentials::Headers;

/// Whom to trust, and the proxy's address.
#[derive(Clone)]
pub(crate) struct Roots {
    config: Arc<ClientConfig>,
    proxy: String,
}

impl Roots {
    #[expect(
        clippy::disallowed_methods,
        reason = "a program of its own, without our crates"
    )]
    pub(crate) fn from_environment() -> anyhow::Result<Self> {
        let file = std::env::var("SSL_CERT_FILE").context("SSL_CERT_FILE")?;
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_file_iter(file)? {
            roots.add(certificate?)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let proxy = std::env::var("HTTPS_PROXY").context("HTTPS_PROXY")?;
        let proxy = proxy.trim_start_matches("http://").trim_end_matches('/');
        Ok(Self {
            config: Arc::new(config),
            proxy: proxy.to_owned(),
        })
    }
}

pub(crate) struct Channel {
    host: String,
    sender: SendRequest<Full<Bytes>>,
}

impl Channel {
    pub(crate) async fn open(host: String, roots: Roots) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(&roots.proxy).await?;
        stream.set_nodelay(true)?;
        tunnel(&mut stream, &host).await?;
        let name = ServerName::try_from(host.clone())?;
        let stream = TlsConnector::from(roots.config)
            .connect(name, stream)
            .await?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { host, sender })
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) async fn post(
        &mut self,
        target: &str,
        headers: Headers,
        body: String,
    ) -> anyhow::Result<String> {
        let mut request = Request::post(target)
            .header("host", &self.host)
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(body)))?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        ensure!(status.is_success(), "{status}: {body}");
        Ok(body)
    }
}

async fn tunnel(stream: &mut TcpStream, host: &str) -> anyhow::Result<()> {
    let request = format!("CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(stream.read_u8().await?);
    }
    ensure!(answer.starts_with(b"HTTP/1.1 200"), "no tunnel to {host}");
    Ok(())
}
