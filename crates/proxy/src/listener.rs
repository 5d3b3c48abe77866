//! A stand-in for one run: a port of loopback and the log of what comes in there. Every task belongs to the listener's,
//! and ends with it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

use crate::connection;
use crate::run::{Accepts, Run, Shared};
use crate::seen::Log;

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
