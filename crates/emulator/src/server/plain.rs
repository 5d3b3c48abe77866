//! Connections without TLS: a proxy's requests, the control endpoint, and direct access.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Uri, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

use super::{Body, ClientConnection, Socket, addressed, read, tls};
use crate::call::RequestOrigin;
use crate::dispatch::{self, Arrival};
use crate::emulator::Emulator;
use crate::faults::FaultKind;
use crate::route::{self, EmulatedHost};
use crate::{control, reply};

const HELP: &str =
    "This is codeartifact-emulator. Reach AWS through it as an HTTPS proxy, or below /h/HOST/.\n";

pub(super) async fn serve(connection: ClientConnection, socket: Socket) {
    let service = service_fn(|request| answer(connection.clone(), request));
    // The client decides how a connection ends.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades()
        .await;
}

async fn answer(
    connection: ClientConnection,
    request: Request<Incoming>,
) -> std::io::Result<Response<Body>> {
    if request.method() == Method::CONNECT {
        let answer = connect(&connection, request).await;
        return connection.respond(answer);
    }
    let request = read(request).await?;
    let emulator = &connection.server.emulator;
    let answer = match destination(&connection, &request) {
        Destination::Control => Some(control::answer(emulator, request.uri().path(), &request)),
        Destination::Nowhere(arrival) => Some(nowhere(emulator, &arrival, &request)),
        Destination::Refused(arrival) => Some(dispatch::refuse_host(
            emulator,
            dispatch::begin(&arrival, &request),
        )),
        Destination::Service(arrival) => dispatch::answer(emulator, arrival, request).await,
    };
    connection.respond(answer)
}

enum Destination {
    Control,
    Service(Arrival),
    /// A proxied request over plain HTTP, to a host that is only there over TLS.
    Refused(Arrival),
    /// A path that names no host, without a signature that tells the service.
    Nowhere(Arrival),
}

fn destination(connection: &ClientConnection, request: &Request<Bytes>) -> Destination {
    let (uri, number) = (request.uri(), connection.number);
    let proxied = uri.host().filter(|host| !is_loopback(host));
    if let Some(host) = proxied {
        let (host, path) = (route::normalise(host), uri.path().to_owned());
        let link_local = matches!(
            route::host(&host),
            Some(EmulatedHost::Instance | EmulatedHost::Container)
        );
        let arrival = Arrival {
            connection: number,
            host,
            path,
            origin: RequestOrigin::Own { scheme: "http" },
        };
        return if link_local {
            Destination::Service(arrival)
        } else {
            Destination::Refused(arrival)
        };
    }
    if uri.path().starts_with(control::PREFIX) {
        return Destination::Control;
    }
    let arrival = |host: String, path: String| Arrival {
        connection: number,
        host,
        path,
        origin: RequestOrigin::Below {
            scheme: "http",
            authority: authority(request, uri),
        },
    };
    match addressed(request) {
        Some((host, path)) => Destination::Service(arrival(host, path)),
        None => Destination::Nowhere(arrival("localhost".to_owned(), uri.path().to_owned())),
    }
}

fn nowhere(emulator: &Emulator, arrival: &Arrival, request: &Request<Bytes>) -> Response<Bytes> {
    let mut entry = dispatch::begin(arrival, request);
    "unknown".clone_into(&mut entry.action);
    dispatch::finish(emulator, entry, StatusCode::NOT_FOUND);
    reply::text(StatusCode::NOT_FOUND, HELP)
}

/// This server as the client called it.
fn authority(request: &Request<Bytes>, uri: &Uri) -> String {
    let header = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let authority = uri
        .authority()
        .map(|authority| authority.as_str())
        .or(header);
    authority.unwrap_or("localhost").to_owned()
}

/// A tunnel to one of our hosts, which is this same process under another name.
async fn connect(
    connection: &ClientConnection,
    mut request: Request<Incoming>,
) -> Option<Response<Bytes>> {
    let emulator = &connection.server.emulator;
    let host = route::normalise(request.uri().authority()?.as_str());
    let upgrade = hyper::upgrade::on(&mut request);
    let request = request.map(|_| Bytes::new());
    let arrival = Arrival {
        connection: connection.number,
        host: host.clone(),
        path: String::new(),
        origin: RequestOrigin::Own { scheme: "https" },
    };
    let mut entry = dispatch::begin(&arrival, &request);
    if !is_loopback(&host) && !dispatch::knows(emulator, &host) {
        return Some(dispatch::refuse_host(emulator, entry));
    }
    "connect".clone_into(&mut entry.action);
    let effects = emulator.faults.take("connect", &host);
    entry.faults.clone_from(&effects.kinds);
    if !dispatch::befall(emulator, &effects, &mut entry).await {
        return None;
    }
    let failing = effects
        .has(FaultKind::Status)
        .then_some(effects.status)
        .flatten();
    let status = failing
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::OK);
    dispatch::finish(emulator, entry, status);
    if status == StatusCode::OK {
        tokio::task::spawn_local(tunnel(connection.clone(), upgrade, host));
    }
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    Some(response)
}

async fn tunnel(connection: ClientConnection, upgrade: hyper::upgrade::OnUpgrade, host: String) {
    let way = if is_loopback(&host) {
        tls::Way::Direct
    } else {
        tls::Way::Tunnel(host)
    };
    if let Ok(upgraded) = upgrade.await {
        tls::serve(connection, TokioIo::new(upgraded), way).await;
    }
}

fn is_loopback(host: &str) -> bool {
    matches!(
        route::normalise(host).as_str(),
        "localhost" | "127.0.0.1" | "[::1]"
    )
}
