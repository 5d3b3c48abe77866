//! One connection to the stand-in: a proxy's CONNECT and absolute URLs, and TLS as whatever host a tunnel is for.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use codeartifact_auth::token::Secret;
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use crate::answer;
use crate::hosts::HostKind;
use crate::repository;
use crate::run::Run;
use crate::seen::SentCredentials;
use crate::upstream::Stream;

/// How long a client may take for a handshake or for the next request.
const IDLE: Duration = Duration::from_secs(30);

/// How long a tunnel to AWS may be used: longer than any mint.
const TUNNEL_DEADLINE: Duration = Duration::from_secs(120);

/// The largest body that is read, an upload's, before the answer.
const LARGEST_BODY: usize = 16 << 20;

/// The next state of a connection, after CONNECT was answered.
struct Tunnel {
    upgrade: OnUpgrade,
    end: End,
}

enum End {
    /// The stand-in itself, as this host.
    Here(String),
    Aws(Box<dyn Stream>),
}

/// Serves a client until it closes the connection.
pub(crate) async fn serve(run: Run, stream: TcpStream) {
    // Small answers do not wait for a client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let tunnel = Mutex::new(None);
    let service = service_fn(|request| answer_plain(&run, &tunnel, request));
    let connection = http()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    // Only the client knows why a connection ended, and says so itself.
    let _ = connection.await;
    let tunnel = tunnel.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(tunnel) = tunnel {
        pass(&run, tunnel).await;
    }
}

fn http() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(IDLE);
    builder
}

async fn pass(run: &Run, tunnel: Tunnel) {
    let Ok(client) = tunnel.upgrade.await else {
        return;
    };
    match tunnel.end {
        End::Here(host) => serve_tls(run, &host, TokioIo::new(client)).await,
        End::Aws(mut aws) => {
            let mut client = TokioIo::new(client);
            let copy = tokio::io::copy_bidirectional(&mut client, &mut aws);
            let _ = tokio::time::timeout(TUNNEL_DEADLINE, copy).await;
        }
    }
}

async fn serve_tls(run: &Run, host: &str, stream: impl Stream) {
    let Ok(config) = run.shared.authority.server(host) else {
        return;
    };
    let handshake = TlsAcceptor::from(config).accept(stream);
    let Ok(Ok(stream)) = tokio::time::timeout(IDLE, handshake).await else {
        run.log.add_distrusted(host);
        return;
    };
    let service = service_fn(|request| answer_host(run, host, request));
    let _ = http().serve_connection(TokioIo::new(stream), service).await;
}

/// A proxy's requests, without TLS.
async fn answer_plain(
    run: &Run,
    tunnel: &Mutex<Option<Tunnel>>,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    if request.method() == Method::CONNECT {
        return Ok(connect(run, tunnel, request).await.map(Full::new));
    }
    let Some(host) = request.uri().host() else {
        return Ok(answer::nowhere().map(Full::new));
    };
    let host = normalise(host, request.uri().port_u16().unwrap_or(80));
    if run.kind(&host) == HostKind::Aws {
        return forward(run, &host, request).await;
    }
    answer_host(run, &host, request).await
}

async fn connect(
    run: &Run,
    tunnel: &Mutex<Option<Tunnel>>,
    mut request: Request<Incoming>,
) -> Response<Bytes> {
    let Some((name, port)) = target(request.uri()) else {
        return answer::text(StatusCode::BAD_REQUEST, "CONNECT takes HOST:PORT\n");
    };
    let host = normalise(&name, port);
    let end = if run.kind(&host) == HostKind::Aws {
        run.note_passed(&host, &request);
        match run.shared.upstream.tunnel(&name, port).await {
            Ok(stream) => End::Aws(stream),
            Err(_) => return answer::text(StatusCode::BAD_GATEWAY, "the host is not reached\n"),
        }
    } else {
        End::Here(host)
    };
    let upgrade = hyper::upgrade::on(&mut request);
    *tunnel.lock().unwrap_or_else(PoisonError::into_inner) = Some(Tunnel { upgrade, end });
    Response::new(Bytes::new())
}

/// A request to a host that the stand-in answers for.
async fn answer_host(
    run: &Run,
    host: &str,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let sent = SentCredentials::read(request.headers());
    // `https://aws@HOST` makes pip send an empty password first, and ask its keyring once that is refused.
    let is_empty = |secret: &Secret| secret.expose().is_empty();
    let accepted = !sent.secret().is_none_or(is_empty) && (run.accepts)(&sent);
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    let response = if run.kind(host) != HostKind::Repository {
        answer::nowhere()
    } else if accepted {
        repository::answer(host, path, &head.method, &run.shared.mapped)
    } else {
        answer::challenge(host, path)
    };
    run.note(host, &head, sent, response.status());
    read(body).await?;
    Ok(response.map(Full::new))
}

/// A plain request to a metadata service.
async fn forward(
    run: &Run,
    host: &str,
    request: Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    run.note_passed(host, &request);
    let (mut head, body) = request.into_parts();
    let body = read(body).await?;
    drop_hop_headers(&mut head.headers);
    let request = Request::from_parts(head, Full::new(body));
    let answer = tokio::time::timeout(IDLE, run.shared.upstream.forward(request)).await;
    let mut response = answer
        .map_err(io::Error::from)
        .flatten()
        .unwrap_or_else(|_| answer::text(StatusCode::BAD_GATEWAY, "the host is not reached\n"));
    drop_hop_headers(response.headers_mut());
    Ok(response.map(Full::new))
}

/// Headers that are for one connection only.
fn drop_hop_headers(headers: &mut HeaderMap) {
    for name in [
        header::CONNECTION,
        header::PROXY_AUTHORIZATION,
        header::TRANSFER_ENCODING,
    ] {
        headers.remove(name);
    }
}

async fn read(body: Incoming) -> io::Result<Bytes> {
    let body = Limited::new(body, LARGEST_BODY).collect().await;
    Ok(body.map_err(io::Error::other)?.to_bytes())
}

fn target(uri: &Uri) -> Option<(String, u16)> {
    let authority = uri.authority()?;
    Some((authority.host().to_owned(), authority.port_u16()?))
}

/// Lower case, without the last dot, with the port unless that is 443.
fn normalise(host: &str, port: u16) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if port == 443 {
        host
    } else {
        format!("{host}:{port}")
    }
}
