//! The broker's two listeners: questions behind TLS, and metrics and health beside it. It ends when it is told to, once the
//! questions that came before have their answers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::config::BrokerConfig;
use super::guests::Guests;
use super::tls::ServerTls;
use super::{Broker, question, refusals};
use crate::answer;
use crate::forward::{Ending, Stop, announce, http, receive};
use crate::upstream::Stream;

/// How long a caller may take for a handshake, or for the next request's head.
const HEAD: Duration = Duration::from_secs(15);

/// Connections at a time; more wait to be accepted.
const MOST_CONNECTIONS: usize = 4096;

/// The longest that open questions are waited for at the end: as long as a mint.
const DRAIN: Duration = Duration::from_secs(30);

pub(crate) async fn serve(
    broker: Arc<Broker>,
    guests: Option<Guests>,
    config: &BrokerConfig,
) -> Result<u8, Stop> {
    let tls = config.tls.as_ref().map(ServerTls::load).transpose();
    let tls = tls.map_err(|error| Stop::Io("read the certificate and key of [tls]", error))?;
    let (listener, address) = bind(config.listen).await?;
    let mut ending = Ending::listen().map_err(|error| Stop::Io("listen", error))?;
    if let Some(metrics) = config.metrics {
        let (listener, address) = bind(metrics).await?;
        tokio::spawn(show(Arc::clone(&broker), listener));
        announce(&format!("metrics on http://{address}\n"));
    }
    let guests = guests.map(Arc::new);
    if let Some((guests, proxy)) = guests.as_ref().zip(config.proxy.as_ref()) {
        let (listener, address) = bind(proxy.listen).await?;
        tokio::spawn(receive(Arc::clone(guests), listener));
        announce(&format!("proxy on http://{address}\n"));
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    announce(&format!("listening on {scheme}://{address}\n"));
    tokio::spawn(sum_up(Arc::clone(&broker)));
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        tokio::select! {
            accepted = accept(&listener, &places) => match accepted {
                Ok((stream, place)) => {
                    let tls = tls.as_ref().map(|tls| TlsAcceptor::from(tls.now()));
                    let met = meet(Arc::clone(&broker), stream, tls, graceful.watcher());
                    tokio::spawn(async move {
                        met.await;
                        drop(place);
                    });
                }
                // No file descriptor is free, for example.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            _ = ending.wait() => break,
        }
    }
    broker.is_ending.store(true, Ordering::Relaxed);
    drop(listener);
    let _ = timeout(DRAIN, async {
        graceful.shutdown().await;
        if let Some(guests) = guests {
            until_alone(&guests).await;
        }
    })
    .await;
    broker.refusals.sum_up(&broker.environment);
    Ok(0)
}

/// Says once in a while how many refusals were not written down, for ever.
async fn sum_up(broker: Arc<Broker>) {
    loop {
        tokio::time::sleep(refusals::PERIOD).await;
        broker.refusals.sum_up(&broker.environment);
    }
}

/// Waits until no build has a connection: each holds its share of the guests, as their listener does.
async fn until_alone(guests: &Arc<Guests>) {
    while Arc::strong_count(guests) > 2 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Stop> {
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bound.await.map_err(|error| Stop::Io("listen", error))
}

/// The next connection, and its place among those that are served.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await;
    let place = place.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}

async fn meet(broker: Arc<Broker>, stream: TcpStream, tls: Option<TlsAcceptor>, watcher: Watcher) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => answer_all(&broker, stream, watcher).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = timeout(HEAD, tls.accept(stream)).await {
                answer_all(&broker, stream, watcher).await;
            }
        }
    }
}

async fn answer_all(broker: &Broker, stream: impl Stream + 'static, watcher: Watcher) {
    let service = service_fn(|request| async { io::Result::Ok(reply(broker, request).await) });
    let connection = http(HEAD).serve_connection(TokioIo::new(stream), service);
    // Only the caller knows why a connection ended, and says so itself.
    let _ = watcher.watch(connection).await;
}

async fn reply(broker: &Broker, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let answer = match (request.method(), request.uri().path()) {
        (&Method::POST, codeartifact_auth::broker::TOKEN_PATH) => {
            return question::answer(broker, request).await;
        }
        (_, codeartifact_auth::broker::TOKEN_PATH) => {
            answer::text(StatusCode::METHOD_NOT_ALLOWED, "ask by POST\n")
        }
        (&Method::GET, "/healthz") => answer::text(StatusCode::OK, "ok\n"),
        (&Method::GET, "/v1/authority") => match &broker.authority {
            Some(authority) => {
                answer::typed(StatusCode::OK, "application/x-pem-file", authority.clone())
            }
            None => answer::nowhere(),
        },
        _ => answer::nowhere(),
    };
    answer.map(Full::new)
}

/// Metrics and health, for ever.
async fn show(broker: Arc<Broker>, listener: TcpListener) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let broker = Arc::clone(&broker);
        tokio::spawn(async move {
            let service = service_fn(|request: Request<Incoming>| {
                let shown = shown(&broker, request.uri().path());
                async { io::Result::Ok(shown.map(Full::new)) }
            });
            let _ = http(HEAD)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

fn shown(broker: &Broker, path: &str) -> Response<Bytes> {
    match path {
        "/healthz" => answer::text(StatusCode::OK, "ok\n"),
        "/readyz" if broker.is_ending.load(Ordering::Relaxed) => {
            answer::text(StatusCode::SERVICE_UNAVAILABLE, "ending\n")
        }
        "/readyz" => answer::text(StatusCode::OK, "ready\n"),
        "/metrics" => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            answer::typed(StatusCode::OK, kind, broker.metrics.text())
        }
        _ => answer::nowhere(),
    }
}
