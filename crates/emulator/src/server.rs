//! The one port: connections are accepted here, and their first byte decides. A TLS record means that a
//! client came directly (`https://localhost:PORT/h/HOST/…`); anything else is HTTP: a proxy's CONNECT, an
//! absolute URL, the control endpoint, or `/h/HOST/…` without TLS.

mod certificates;
mod java_trust_store;
mod plain;
mod socket;
mod tls;

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::Incoming;
use tokio::net::{TcpListener, TcpStream};

use crate::emulator::Emulator;
use crate::large::LargeFile;
use crate::{route, signature};

pub(crate) use certificates::Authority;
use socket::Socket;

/// A body that is there already, or is made while it is sent.
type Body = Either<Full<Bytes>, LargeFile>;

/// The first byte of a TLS handshake.
const HANDSHAKE: u8 = 0x16;

pub(crate) struct Server {
    pub(crate) emulator: Emulator,
    pub(crate) authority: Authority,
}

/// One client's TCP connection, and whatever is tunnelled through it.
#[derive(Clone)]
struct ClientConnection {
    server: Rc<Server>,
    number: u64,
    reset: Arc<AtomicBool>,
}

/// Accepts connections for ever. Must run within a `LocalSet`.
pub(crate) async fn run(server: Rc<Server>, listener: TcpListener) {
    for number in 1.. {
        match listener.accept().await {
            Ok((stream, _)) => {
                let connection = ClientConnection {
                    server: Rc::clone(&server),
                    number,
                    reset: Arc::default(),
                };
                tokio::task::spawn_local(greet(connection, stream));
            }
            // Out of file descriptors, say: wait until some are free again.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    }
}

async fn greet(connection: ClientConnection, stream: TcpStream) {
    let mut first = [0];
    let Ok(1) = stream.peek(&mut first).await else {
        return;
    };
    // Small answers must not wait for a client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let socket = Socket::new(stream, Arc::clone(&connection.reset));
    if first[0] == HANDSHAKE {
        tls::serve(connection, socket, tls::Way::Direct).await;
    } else {
        plain::serve(connection, socket).await;
    }
}

impl ClientConnection {
    /// Returns what hyper needs: an answer, or an error that makes it drop the connection, which then is reset.
    fn respond(&self, answer: Option<Response<Bytes>>) -> std::io::Result<Response<Body>> {
        let response = answer.ok_or_else(|| {
            self.reset.store(true, Ordering::Relaxed);
            std::io::Error::from(std::io::ErrorKind::ConnectionReset)
        })?;
        let large = response.extensions().get::<LargeFile>().copied();
        Ok(response.map(|body| match large {
            Some(file) => Either::Right(file),
            None => Either::Left(Full::new(body)),
        }))
    }
}

/// Reads a request's body to its end.
async fn read(request: Request<Incoming>) -> std::io::Result<Request<Bytes>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(std::io::Error::other)?;
    Ok(Request::from_parts(head, body.to_bytes()))
}

/// The host that a request without a tunnel is for, and the path there.
fn addressed(request: &Request<Bytes>) -> Option<(String, String)> {
    let path = request.uri().path();
    let below = split_direct(path);
    below.or_else(|| Some((signed_for(request)?, path.to_owned())))
}

/// Host and path of `/h/HOST/…`; boto leaves the last slash out of an endpoint's URL, the SDK for JavaScript
/// adds one.
fn split_direct(path: &str) -> Option<(String, String)> {
    let rest = path.strip_prefix("/h/").filter(|rest| !rest.is_empty())?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = format!("/{}", path.trim_start_matches('/'));
    Some((route::normalise(host), path))
}

/// The host by the scope of the signature: the SDK for Java drops the path of an endpoint's URL.
fn signed_for(request: &Request<Bytes>) -> Option<String> {
    let header = request.headers().get(header::AUTHORIZATION)?;
    let (service, region) = signature::scope_of(header.to_str().ok()?)?;
    let known = matches!(service.as_str(), "sts" | "codeartifact");
    known.then(|| format!("{service}.{region}.amazonaws.com"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direct_paths() {
        for (path, expected) in [
            (
                "/h/sts.us-east-1.amazonaws.com/",
                Some(("sts.us-east-1.amazonaws.com", "/")),
            ),
            ("/h/x.example.com/a/b", Some(("x.example.com", "/a/b"))),
            ("/h/x.example.com", Some(("x.example.com", "/"))),
            (
                "/h/x.example.com//v1/domains",
                Some(("x.example.com", "/v1/domains")),
            ),
            ("/h/", None),
            ("/npm/my-repo/", None),
        ] {
            let found = split_direct(path);
            let found = found
                .as_ref()
                .map(|(host, path)| (host.as_str(), path.as_str()));
            assert_eq!(found, expected, "{path}");
        }
    }
}
