//! The way to AWS's own hosts: through the user's proxy where the user's variables name one, else directly.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use codeartifact_auth::environment::{Environment, PROXIES};
use codeartifact_auth::token::Secret;
use http::{HeaderValue, Method, Request, Response, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// How long a connection may take, to the proxy and through it.
const CONNECT_DEADLINE: Duration = Duration::from_secs(10);

/// A metadata service answers with less.
const LARGEST_ANSWER: usize = 1 << 20;

/// A tunnel's far end.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// The proxies of the user's environment.
#[derive(Debug)]
pub(crate) struct Upstream {
    https: Option<Proxy>,
    http: Option<Proxy>,
    direct: Vec<String>,
}

#[derive(Debug)]
struct Proxy {
    host: String,
    port: u16,
    authorization: Option<Secret>,
}

impl Upstream {
    /// Lower case first, as a mint reads them.
    pub(crate) fn read(environment: &Environment) -> Self {
        let proxy = |names: &[&str]| {
            let found = names.iter().find_map(|name| environment.text(name));
            found.and_then(|url| Proxy::read(&url))
        };
        let direct = ["no_proxy", "NO_PROXY"];
        let direct = direct.iter().find_map(|name| environment.text(name));
        Self {
            https: proxy(&PROXIES),
            http: proxy(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
            direct: direct
                .unwrap_or_default()
                .split(',')
                .map(|entry| entry.trim().to_ascii_lowercase())
                .filter(|entry| !entry.is_empty())
                .collect(),
        }
    }

    /// The variable that names a proxy for https which cannot be asked: it wants TLS or another protocol itself.
    pub(crate) fn unusable(environment: &Environment) -> Option<&'static str> {
        let set = |name: &&str| environment.variable(name).is_some();
        let name = PROXIES.into_iter().find(set)?;
        let url = environment.text(name).unwrap_or_default();
        Proxy::read(&url).is_none().then_some(name)
    }

    /// Opens a connection that TLS can be spoken on.
    pub(crate) async fn tunnel(&self, host: &str, port: u16) -> io::Result<Box<dyn Stream>> {
        self.tunnel_if(host, port, |_| true).await
    }

    /// The same; an address that is not allowed is not connected to. A proxy of the user's resolves names itself.
    pub(crate) async fn tunnel_if(
        &self,
        host: &str,
        port: u16,
        is_allowed: impl Fn(IpAddr) -> bool,
    ) -> io::Result<Box<dyn Stream>> {
        let opened = async {
            match self.https.as_ref().filter(|_| self.is_proxied(host)) {
                Some(proxy) => proxy.tunnel(host, port).await,
                None => Ok(Box::new(connect_if(host, port, is_allowed).await?) as Box<dyn Stream>),
            }
        };
        tokio::time::timeout(CONNECT_DEADLINE, opened).await?
    }

    /// Opens a connection for plain requests, and tells if a proxy takes them. That wants whole URLs.
    pub(crate) async fn plain_if(
        &self,
        host: &str,
        port: u16,
        is_allowed: impl Fn(IpAddr) -> bool,
    ) -> io::Result<(TcpStream, bool)> {
        match self.http.as_ref().filter(|_| self.is_proxied(host)) {
            Some(proxy) => Ok((connect(&proxy.host, proxy.port).await?, true)),
            None => Ok((connect_if(host, port, is_allowed).await?, false)),
        }
    }

    /// Adds the password of the proxy that takes plain requests to `host`.
    pub(crate) fn authorize_plain<B>(&self, host: &str, request: &mut Request<B>) {
        if let Some(proxy) = self.http.as_ref().filter(|_| self.is_proxied(host)) {
            proxy.authorize(request);
        }
    }

    /// Passes a plain request on: to a metadata service.
    pub(crate) async fn forward(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> io::Result<Response<Bytes>> {
        let uri = request.uri().clone();
        let host = uri.host().unwrap_or_default();
        let stream = match self.http.as_ref().filter(|_| self.is_proxied(host)) {
            Some(proxy) => {
                proxy.authorize(&mut request);
                connect(&proxy.host, proxy.port).await?
            }
            None => {
                *request.uri_mut() = origin_form(&uri);
                connect(host, uri.port_u16().unwrap_or(80)).await?
            }
        };
        let (mut sender, connection) = handshake(stream).await?;
        tokio::spawn(connection);
        let response = sender
            .send_request(request)
            .await
            .map_err(io::Error::other)?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LARGEST_ANSWER).collect().await;
        let body = body.map_err(io::Error::other)?.to_bytes();
        Ok(Response::from_parts(head, body))
    }

    /// Compares as curl does: the host itself, or its end at a dot; `*` is every host.
    fn is_proxied(&self, host: &str) -> bool {
        !self.direct.iter().any(|entry| {
            let name = entry.trim_start_matches('.');
            let rest = host.strip_suffix(name);
            entry == "*" || rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

impl Proxy {
    /// Reads `http://USER:PASSWORD@HOST:PORT`, with or without the scheme. A proxy that wants TLS itself is not read.
    fn read(text: &str) -> Option<Self> {
        let uri: Uri = text.trim_end_matches('/').parse().ok()?;
        if uri.scheme_str().is_some_and(|scheme| scheme != "http") {
            return None;
        }
        let authority = uri.authority()?;
        let user = authority.as_str().rsplit_once('@').map(|(user, _)| user);
        Some(Self {
            host: uri.host()?.to_owned(),
            port: uri.port_u16().unwrap_or(80),
            authorization: user.map(|user| {
                let user = percent_decode_str(user).decode_utf8_lossy();
                Secret::new(format!("Basic {}", STANDARD.encode(user.as_bytes())))
            }),
        })
    }

    async fn tunnel(&self, host: &str, port: u16) -> io::Result<Box<dyn Stream>> {
        let target = format!("{host}:{port}");
        let mut request = Request::new(Full::<Bytes>::default());
        *request.method_mut() = Method::CONNECT;
        *request.uri_mut() = target.parse().map_err(io::Error::other)?;
        let value = HeaderValue::from_str(&target).map_err(io::Error::other)?;
        request.headers_mut().insert(header::HOST, value);
        self.authorize(&mut request);
        let (mut sender, connection) = handshake(connect(&self.host, self.port).await?).await?;
        tokio::spawn(connection.with_upgrades());
        let response = sender
            .send_request(request)
            .await
            .map_err(io::Error::other)?;
        if !response.status().is_success() {
            let text = format!("the proxy answered {} to CONNECT", response.status());
            return Err(io::Error::other(text));
        }
        let upgraded = hyper::upgrade::on(response)
            .await
            .map_err(io::Error::other)?;
        Ok(Box::new(TokioIo::new(upgraded)))
    }

    fn authorize<B>(&self, request: &mut Request<B>) {
        let value = self.authorization.as_ref().map(Secret::expose);
        if let Some(mut value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
            value.set_sensitive(true);
            request
                .headers_mut()
                .insert(header::PROXY_AUTHORIZATION, value);
        }
    }
}

async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    connect_if(host, port, |_| true).await
}

/// Connects to the address that was judged: a name may have another one a moment later.
async fn connect_if(
    host: &str,
    port: u16,
    is_allowed: impl Fn(IpAddr) -> bool,
) -> io::Result<TcpStream> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::net::lookup_host((host, port)).await?;
    let (allowed, refused): (Vec<SocketAddr>, Vec<_>) = found.partition(|it| is_allowed(it.ip()));
    if allowed.is_empty() && !refused.is_empty() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let connected = TcpStream::connect(&*allowed);
    let stream = tokio::time::timeout(CONNECT_DEADLINE, connected).await??;
    stream.set_nodelay(true)?;
    Ok(stream)
}

type Sender = http1::SendRequest<Full<Bytes>>;
type Connection = http1::Connection<TokioIo<TcpStream>, Full<Bytes>>;

async fn handshake(stream: TcpStream) -> io::Result<(Sender, Connection)> {
    http1::handshake(TokioIo::new(stream))
        .await
        .map_err(io::Error::other)
}

fn origin_form(uri: &Uri) -> Uri {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    path.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests;
