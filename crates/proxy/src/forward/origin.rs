//! The way out: a client whose connections are kept, through the user's own proxy where the parent's variables name one.
//! HTTP/1.1 alone: all that CodeArtifact's clients need, and its framing is hyper's on both sides.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use codeartifact_auth::environment::Environment;
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;
use tower_service::Service;

use super::address::{is_elsewhere, is_public};
use super::body::{Body, Error};
use crate::tls;
use crate::upstream::{Stream, Upstream};

/// How long the head of an answer may take: AWS may have to fetch the package from its own upstream first.
const ANSWER: Duration = Duration::from_secs(120);

const KEPT: Duration = Duration::from_secs(30);

/// The largest piece of a body. hyper's own limit is 400 KB, all of which a client that waits would hold.
const LARGEST_PIECE: usize = 64 << 10;

/// Hosts outside, as the proxy reaches them.
pub(crate) struct Origin {
    upstream: Arc<Upstream>,
    client: Client<Connector, Body>,
}

impl Origin {
    /// Trusts these roots, DER.
    pub(crate) fn new<'a>(
        environment: &Environment,
        roots: impl IntoIterator<Item = &'a Vec<u8>>,
    ) -> Result<Self, rustls::Error> {
        let mut store = RootCertStore::empty();
        // A bundle may hold certificates that TLS cannot use.
        store.add_parsable_certificates(roots.into_iter().map(|root| root.clone().into()));
        let config = ClientConfig::builder_with_provider(Arc::new(tls::provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(store)
            .with_no_client_auth();
        let upstream = Arc::new(Upstream::read(environment));
        let connector = Connector {
            upstream: Arc::clone(&upstream),
            tls: TlsConnector::from(Arc::new(config)),
        };
        let mut builder = Client::builder(TokioExecutor::new());
        builder
            .pool_idle_timeout(KEPT)
            .pool_timer(TokioTimer::new())
            .http1_max_buf_size(LARGEST_PIECE);
        Ok(Self {
            upstream,
            client: builder.build(connector),
        })
    }

    /// Sends a request and waits for the head of the answer.
    pub(crate) async fn send(
        &self,
        mut request: Request<Body>,
    ) -> Result<Response<Incoming>, Error> {
        if request.uri().scheme_str() == Some("http") {
            let host = request.uri().host().unwrap_or_default().to_owned();
            self.upstream.authorize_plain(&host, &mut request);
        }
        let answer = self.client.request(request);
        Ok(tokio::time::timeout(ANSWER, answer)
            .await
            .map_err(|_| "there is no answer in time")??)
    }

    /// Sends an upload, which may take as long as it takes.
    pub(crate) async fn upload(&self, request: Request<Body>) -> Result<Response<Incoming>, Error> {
        Ok(self.client.request(request).await?)
    }

    /// Opens a tunnel to a host of the public Internet.
    pub(crate) async fn tunnel(&self, host: &str, port: u16) -> io::Result<Box<dyn Stream>> {
        self.upstream.tunnel_if(host, port, is_public).await
    }
}

#[derive(Clone)]
struct Connector {
    upstream: Arc<Upstream>,
    tls: TlsConnector,
}

impl Connector {
    async fn connect(self, uri: Uri) -> Result<TokioIo<Wire>, Error> {
        let host = uri.host().ok_or("the URL has no host")?.to_owned();
        if uri.scheme_str() == Some("http") {
            let port = uri.port_u16().unwrap_or(80);
            let (stream, is_proxied) = self.upstream.plain_if(&host, port, is_public).await?;
            return Ok(TokioIo::new(Wire {
                stream: Box::new(stream),
                is_proxied,
            }));
        }
        let port = uri.port_u16().unwrap_or(443);
        let stream = self.upstream.tunnel_if(&host, port, is_elsewhere).await?;
        let stream = self.tls.connect(ServerName::try_from(host)?, stream);
        Ok(TokioIo::new(Wire {
            stream: Box::new(stream.await?),
            is_proxied: false,
        }))
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Wire>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

/// A connection, and whether a proxy takes its requests.
struct Wire {
    stream: Box<dyn Stream>,
    is_proxied: bool,
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        Connected::new().proxy(self.is_proxied)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
