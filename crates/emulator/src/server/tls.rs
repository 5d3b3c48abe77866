//! Connections with TLS: within a proxy's tunnel, where the server is whom the tunnel is for, or directly,
//! where it is this machine and the path names the host.

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::{Body, ClientConnection, addressed, read};
use crate::call::RequestOrigin;
use crate::dispatch::{self, Arrival};
use crate::journal::Entry;
use crate::reply;

#[derive(Clone)]
pub(super) enum Way {
    Tunnel(String),
    Direct,
}

pub(super) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    connection: ClientConnection,
    stream: S,
    way: Way,
) {
    let Some(stream) = handshake(&connection, stream, &way).await else {
        return;
    };
    let service = service_fn(|request| answer(connection.clone(), way.clone(), request));
    // The client decides how a connection ends.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// Does the handshake; one that fails is journalled, since it mostly means that a client lacks our CA.
async fn handshake<S: AsyncRead + AsyncWrite + Unpin>(
    connection: &ClientConnection,
    stream: S,
    way: &Way,
) -> Option<TlsStream<S>> {
    let host = match way {
        Way::Tunnel(host) => host.as_str(),
        Way::Direct => "localhost",
    };
    let emulator = &connection.server.emulator;
    let mut entry = Entry {
        connection: connection.number,
        host: host.to_owned(),
        action: "tls".to_owned(),
        ..Entry::default()
    };
    let effects = emulator.faults.take("tls", host);
    entry.faults.clone_from(&effects.kinds);
    if !dispatch::befall(emulator, &effects, &mut entry).await {
        connection
            .reset
            .store(true, std::sync::atomic::Ordering::Relaxed);
        return None;
    }
    let accepted = match connection.server.authority.server(host) {
        Ok(config) => TlsAcceptor::from(config)
            .accept(stream)
            .await
            .map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let reason = match accepted {
        Ok(stream) => return Some(stream),
        Err(reason) => reason,
    };
    entry.error = Some("HandshakeFailed".to_owned());
    entry.reason = Some(reason);
    emulator.journal.write(entry, emulator.clock.now_millis());
    None
}

async fn answer(
    connection: ClientConnection,
    way: Way,
    request: Request<Incoming>,
) -> std::io::Result<Response<Body>> {
    let request = read(request).await?;
    let answer = match arrival(&connection, way, &request) {
        Some(arrival) => dispatch::answer(&connection.server.emulator, arrival, request).await,
        None => Some(reply::text(
            StatusCode::NOT_FOUND,
            "a path here is /h/HOST/…\n",
        )),
    };
    connection.respond(answer)
}

fn arrival(connection: &ClientConnection, way: Way, request: &Request<Bytes>) -> Option<Arrival> {
    let connection = connection.number;
    let path = request.uri().path();
    match way {
        Way::Tunnel(host) => Some(Arrival {
            connection,
            host,
            path: path.to_owned(),
            origin: RequestOrigin::Own { scheme: "https" },
        }),
        Way::Direct => {
            let (host, path) = addressed(request)?;
            let authority = request
                .headers()
                .get(header::HOST)?
                .to_str()
                .ok()?
                .to_owned();
            let origin = RequestOrigin::Below {
                scheme: "https",
                authority,
            };
            Some(Arrival {
                connection,
                host,
                path,
                origin,
            })
        }
    }
}
