//! The proxy's own side: a port of loopback, its password, and what a client asks there. A tunnel to one of the
//! connection's hosts ends here, as that host; any other goes on unread, or is refused.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderMap, Method, Request, Response, Uri, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::body::{self, Body};
use super::golang::plain as plain_go;
use super::idle::Watched;
use super::policy::LONGEST_HEAD;
use super::proxy::Proxy;
use super::refusal::Refusal;
use super::{headers, peer, relay};
use crate::upstream::Stream;

/// How long a client may take for a handshake or for the next request's head.
const HEAD: Duration = Duration::from_secs(60);

/// TLS begins with a record of this type.
const HANDSHAKE: u8 = 0x16;

/// Who may use a listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// Who has the run's secret.
    Secret,
    /// Who is this user, on this machine: Java cannot send a proxy's password for https.
    SameUser,
    /// Anybody: the listener is in a network namespace of the build's own.
    #[cfg(target_os = "linux")]
    Open,
}

/// Decides who is let in, and which proxy he gets.
pub(crate) trait Reception: Send + Sync + 'static {
    /// Tells whether a connection is answered at all.
    fn meets(&self, _: &TcpStream) -> bool {
        true
    }

    /// The one run that this is for, whose secret may be in a path.
    fn run(&self) -> Option<&Proxy> {
        None
    }

    /// The proxy for a request with these headers to this host.
    fn admit(
        &self,
        headers: &HeaderMap,
        host: &str,
    ) -> impl Future<Output = Result<Arc<Proxy>, Refusal>> + Send;
}

/// One run's proxy behind one of its doors.
struct RunsDoor {
    proxy: Arc<Proxy>,
    door: Door,
}

impl Reception for RunsDoor {
    fn meets(&self, stream: &TcpStream) -> bool {
        self.door != Door::SameUser || peer::is_this_user(stream)
    }

    fn run(&self) -> Option<&Proxy> {
        Some(&self.proxy)
    }

    async fn admit(&self, headers: &HeaderMap, _: &str) -> Result<Arc<Proxy>, Refusal> {
        let is_let_in =
            self.door != Door::Secret || self.proxy.is_known(headers, header::PROXY_AUTHORIZATION);
        if is_let_in {
            Ok(Arc::clone(&self.proxy))
        } else {
            Err(Refusal::Stranger)
        }
    }
}

/// Accepts connections to one run's proxy for ever.
pub(crate) async fn accept(proxy: Arc<Proxy>, listener: TcpListener, door: Door) {
    receive(Arc::new(RunsDoor { proxy, door }), listener).await;
}

/// Accepts connections for ever.
pub(crate) async fn receive(reception: Arc<impl Reception>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(Arc::clone(&reception), stream));
            }
            // No file descriptor is free, for example.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn serve(reception: Arc<impl Reception>, stream: TcpStream) {
    if !reception.meets(&stream) {
        return;
    }
    // Small answers do not wait for a client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let (stream, watch) = Watched::new(stream);
    let next = Next::default();
    let service =
        service_fn(|request| async { io::Result::Ok(answer(&*reception, &next, request).await) });
    let connection = http(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let serving = async {
        // Only the client knows why a connection ended, and says so itself.
        let _ = connection.await;
        let tunnel = next.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(tunnel) = tunnel {
            tunnel.await;
        }
    };
    watch.guard(serving).await;
}

/// What a connection becomes once its CONNECT is answered.
type Next = Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>;

/// HTTP/1.1 as every listener of this program speaks it; `head` is how long a request's head may take.
pub(crate) fn http(head: Duration) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(LONGEST_HEAD);
    builder
}

/// A request to the proxy itself.
async fn answer(
    reception: &impl Reception,
    next: &Next,
    request: Request<Incoming>,
) -> Response<Body> {
    if let Some(proxy) = reception.run()
        && let Some((host, path)) = plain_go::target(request.uri(), &proxy.reach, &proxy.secret)
    {
        let request = plain_go::as_tunnelled(request, &host, path);
        return relay::answer(proxy, &host, request).await;
    }
    let host = named(request.uri());
    let proxy = match reception.admit(request.headers(), &host).await {
        Ok(proxy) => proxy,
        Err(refusal) => return relay::refuse(&refusal, None),
    };
    let answered = match *request.method() {
        Method::CONNECT => connect(&proxy, next, request).await,
        _ if request.uri().scheme_str() == Some("http") => plain(&proxy, request).await,
        _ => Err(Refusal::Unclear(
            "is for a proxy, which takes CONNECT and whole http:// URLs",
        )),
    };
    answered.unwrap_or_else(|refusal| relay::refuse(&refusal, None))
}

async fn connect(
    proxy: &Arc<Proxy>,
    next: &Next,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Refusal> {
    let Some((name, port)) = target(request.uri()) else {
        return Err(Refusal::Unclear("is no CONNECT to HOST:PORT"));
    };
    let host = if port == 443 {
        name.clone()
    } else {
        format!("{name}:{port}")
    };
    let upgrade = hyper::upgrade::on(&mut request);
    let tunnel: Pin<Box<dyn Future<Output = ()> + Send>> = if proxy.reach.has_host(&host) {
        let proxy = Arc::clone(proxy);
        Box::pin(async move { serve_tls(&proxy, host, upgrade).await })
    } else {
        proxy.others.judge(&name, port, 443)?;
        let far = proxy.origin.tunnel(&name, port).await;
        let far = far.map_err(|error| unreached(&name, &error))?;
        Box::pin(pass(upgrade, far))
    };
    *next.lock().unwrap_or_else(PoisonError::into_inner) = Some(tunnel);
    Ok(Response::new(body::empty()))
}

/// A tunnel that is not read. The connection's watch ends it when it is idle.
async fn pass(upgrade: OnUpgrade, mut far: Box<dyn Stream>) {
    if let Ok(near) = upgrade.await {
        let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(near), &mut far).await;
    }
}

/// TLS as one of the connection's hosts.
async fn serve_tls(proxy: &Proxy, host: String, upgrade: OnUpgrade) {
    let (Ok(stream), Ok(config)) = (upgrade.await, proxy.authority.server(&host)) else {
        return;
    };
    let mut stream = BufReader::new(TokioIo::new(stream));
    let Ok(Ok(sent)) = tokio::time::timeout(HEAD, stream.fill_buf()).await else {
        return;
    };
    if sent.first().is_some_and(|first| *first != HANDSHAKE) {
        return refuse_plain(proxy, &host, stream).await;
    }
    let handshake = TlsAcceptor::from(config).accept(stream);
    let Ok(Ok(stream)) = tokio::time::timeout(HEAD, handshake).await else {
        return;
    };
    // What a client says inside of a tunnel is for the tunnel's host.
    if stream
        .get_ref()
        .1
        .server_name()
        .is_some_and(|name| !name.eq_ignore_ascii_case(&host))
    {
        return;
    }
    let host = &*host;
    let service =
        service_fn(
            |request| async move { io::Result::Ok(relay::answer(proxy, host, request).await) },
        );
    let _ = http(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// Answers a client that speaks plain HTTP in a tunnel, as older ones of Node do for `http://` URLs.
async fn refuse_plain(proxy: &Proxy, host: &str, stream: impl Stream) {
    let service = service_fn(|request: Request<Incoming>| async move {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let line = proxy.journal.line(host, method, path);
        let refusal = Refusal::Unclear("is not encrypted, and a tunnel is for TLS");
        io::Result::Ok(relay::refuse(&refusal, Some(line)))
    });
    let _ = http(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// A plain request to another host. None goes to a repository: the token would be seen on the way.
async fn plain(proxy: &Proxy, request: Request<Incoming>) -> Result<Response<Body>, Refusal> {
    let name = request
        .uri()
        .host()
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_ascii_lowercase();
    let port = request.uri().port_u16().unwrap_or(80);
    let is_ours = proxy.reach.has_host(&name) || proxy.reach.has_host(&format!("{name}:{port}"));
    if is_ours {
        return Err(Refusal::Plain { host: name });
    }
    proxy.others.judge(&name, port, 80)?;
    let (head, sent) = request.into_parts();
    let mut outgoing = Request::new(body::upload(sent));
    *outgoing.method_mut() = head.method;
    *outgoing.uri_mut() = head.uri;
    *outgoing.headers_mut() = headers::without_hops(&head.headers);
    outgoing.headers_mut().remove(header::HOST);
    let answer = proxy.origin.upload(outgoing).await;
    let answer = answer
        .map_err(|error| Refusal::Failed(format!("codeartifact proxy: {name}: {error}\n")))?;
    let (mut head, body) = answer.into_parts();
    head.headers = headers::without_hops(&head.headers);
    Ok(Response::from_parts(head, body::upload(body)))
}

fn unreached(host: &str, error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Refusal::Address {
            host: host.to_owned(),
        },
        _ => Refusal::Failed(format!(
            "codeartifact proxy: {host} cannot be reached: {error}\n"
        )),
    }
}

/// The host that a request names, as [`Reach`] has it.
fn named(uri: &Uri) -> String {
    match target(uri) {
        Some((name, 443)) => name,
        Some((name, port)) => format!("{name}:{port}"),
        None => uri.host().unwrap_or_default().to_ascii_lowercase(),
    }
}

/// The host in lower case, without its last dot.
fn target(uri: &Uri) -> Option<(String, u16)> {
    let authority = uri.authority()?;
    let host = authority.host().to_ascii_lowercase();
    let host = host.strip_suffix('.').unwrap_or(&host);
    let is_bare = !authority.as_str().contains('@');
    (is_bare && !host.is_empty()).then_some((host.to_owned(), authority.port_u16()?))
}
