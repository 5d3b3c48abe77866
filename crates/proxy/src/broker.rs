//! The product for a fleet: one process, or a few, that hands out tokens to jobs of many hosts and many tenants. A job shows
//! its identity token; which connections that opens is in the broker's file, and nothing else opens any. The tokens are in
//! this process's memory alone, and are got when a job needs one, by the `codeartifact` beside this program. Replicas know
//! nothing of each other: each gets its own.
//!
//! A question's way: [`server`] → [`oidc`] (who asks) → [`clients`] (which connections are his) → [`tenants`] (which one is
//! meant, and its token), while [`audit`] and [`metrics`] note it.

mod audit;
mod clients;
mod config;
mod metrics;
mod oidc;
mod pace;
mod question;
mod server;
mod tenants;
mod tls;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use codeartifact_auth::environment::Environment;

use crate::forward::Stop;
use config::{BrokerConfig, ClientRule};
use metrics::Metrics;
use oidc::Issuers;
use tenants::Tenants;

/// More do not answer quicker: the work is short.
const MOST_THREADS: usize = 4;

/// Each mint is a process for a second or two; more at once would only wait for each other.
const MOST_MINTS: usize = 32;

/// All that a question needs.
pub(crate) struct Broker {
    environment: Environment,
    issuers: Issuers,
    clients: Vec<ClientRule>,
    tenants: Tenants,
    metrics: Metrics,
    /// It takes no more questions soon.
    is_ending: AtomicBool,
}

/// Serves until it is ended. Returns the exit code.
pub(crate) fn run(path: &Path, environment: &Environment) -> Result<u8, Stop> {
    let config = BrokerConfig::load(path)?;
    let metrics = Metrics::new();
    let broker = Arc::new(Broker {
        environment: environment.clone(),
        issuers: Issuers::new(&config, environment)?,
        tenants: Tenants::load(&config, environment, &metrics)?,
        clients: config.clients.clone(),
        metrics,
        is_ending: AtomicBool::new(false),
    });
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.min(MOST_THREADS))
        .max_blocking_threads(MOST_MINTS)
        .enable_all()
        .build()
        .map_err(|error| Stop::Io("start", error))?;
    let ended = runtime.block_on(server::serve(broker, &config));
    // A mint whose question has gone is not waited for.
    runtime.shutdown_background();
    ended
}
