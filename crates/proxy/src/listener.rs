//! A stand-in for one run: a port of loopback and the log of what comes in there. Every task belongs to the listener's,
//! and ends with it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use codeartifact_auth::endpoint::MappedHosts;
use http::{Request, StatusCode};
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

use crate::authority::Authority;
use crate::connection;
use crate::hosts::{HostKind, host_kind};
use crate::seen::{Log, SeenRequest, SentCredentials};
use crate::upstream::Upstream;

pub(crate) type Accepts = dyn Fn(&SentCredentials) -> bool + Send + Sync;

/// Shared by all runs.
pub(crate) struct Shared {
    pub(crate) authority: Authority,
    pub(crate) upstream: Upstream,
    pub(crate) mapped: MappedHosts,
}

/// One run's stand-in.
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    pub(crate) log: Arc<Log>,
    accepting: AbortHandle,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Listener {
    /// Listens on a free port of loopback; must be called while `runtime` is running in its thread.
    pub(crate) fn open(
        runtime: &tokio::runtime::Handle,
        shared: Arc<Shared>,
        accepts: Arc<Accepts>,
    ) -> io::Result<Self> {
        let socket = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let log = Arc::<Log>::default();
        let run = Run {
            shared,
            accepts,
            log: Arc::clone(&log),
        };
        let accepting = runtime.spawn(accept(run, socket)).abort_handle();
        Ok(Self {
            address,
            log,
            accepting,
        })
    }
}

/// Known to each connection.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) shared: Arc<Shared>,
    pub(crate) accepts: Arc<Accepts>,
    pub(crate) log: Arc<Log>,
}

impl Run {
    pub(crate) fn kind(&self, host: &str) -> HostKind {
        host_kind(host, &self.shared.mapped)
    }

    /// Writes a request to a host of AWS down.
    pub(crate) fn note_passed<T>(&self, host: &str, request: &Request<T>) {
        self.log.add(SeenRequest {
            host: host.to_owned(),
            kind: HostKind::Aws,
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            credentials: SentCredentials::Nothing,
            answered: None,
        });
    }

    /// Writes a request down that was answered here.
    pub(crate) fn note(
        &self,
        host: &str,
        request: &http::request::Parts,
        credentials: SentCredentials,
        answered: StatusCode,
    ) {
        self.log.add(SeenRequest {
            host: host.to_owned(),
            kind: self.kind(host),
            method: request.method.to_string(),
            path: request.uri.path().to_owned(),
            credentials,
            answered: Some(answered),
        });
    }
}

async fn accept(run: Run, socket: std::net::TcpListener) {
    let Ok(listener) = TcpListener::from_std(socket) else {
        return;
    };
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(connection::serve(run.clone(), stream));
            }
            // No file descriptor is free, for example.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
        while connections.try_join_next().is_some() {}
    }
}
