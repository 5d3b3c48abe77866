//! The product for a fleet: one process, or a few, that hands out tokens to jobs of many hosts and many tenants. A job shows
//! its identity token; which connections that opens is in the broker's file, and nothing else opens any. The tokens are in
//! this process's memory alone, and are got when a job needs one, by the `codeartifact` beside this program. Replicas know
//! nothing of each other: each gets its own.
//!
//! A question's way: [`server`] → [`oidc`] (who asks) → [`clients`] (which connections are his) → [`tenants`] (which one is
//! meant) → [`minting`] (its token, if it is not here), while [`audit`] and [`metrics`] note it. Builds that must not see a
//! token use the same process as a forward proxy: [`guests`].

mod audit;
mod clients;
mod config;
mod guests;
mod metrics;
mod minting;
mod oidc;
mod pace;
mod question;
mod refusals;
mod server;
mod tenants;
mod tls;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use codeartifact_auth::environment::Environment;

use crate::forward::Stop;
use config::{BrokerConfig, ClientRule};
use guests::{Guests, Parts};
use metrics::Metrics;
use minting::Minting;
use oidc::Issuers;
use refusals::Refusals;
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
    refusals: Refusals,
    /// It takes no more questions soon.
    is_ending: AtomicBool,
    /// Of the forward proxy's authority: PEM.
    authority: Option<String>,
}

/// Serves until it is ended. Returns the exit code.
pub(crate) fn run(path: &Path, environment: &Environment) -> Result<u8, Stop> {
    let config = BrokerConfig::load(path)?;
    let metrics = Metrics::new();
    let minting = Minting::new(environment, &metrics);
    let tenants = Tenants::load(&config, environment, &minting)?;
    let connections = tenants.connections();
    for name in connections.iter().filter_map(|it| it.name.as_deref()) {
        metrics.know(name);
    }
    let proxies = config.proxy.as_ref().map(|config| {
        let parts = Parts {
            config,
            environment,
            hosts: &tenants.hosts,
            minting: &minting,
        };
        parts.proxies(&connections)
    });
    let (proxies, authority) = proxies.transpose()?.unzip();
    let broker = Arc::new(Broker {
        environment: environment.clone(),
        issuers: Issuers::new(&config, environment)?,
        clients: config.clients.clone(),
        tenants,
        metrics,
        refusals: Refusals::default(),
        is_ending: AtomicBool::new(false),
        authority,
    });
    let guests = proxies.map(|proxies| Guests::new(Arc::clone(&broker), proxies));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.min(MOST_THREADS))
        .max_blocking_threads(MOST_MINTS)
        .enable_all()
        .build()
        .map_err(|error| Stop::Io("start", error))?;
    let ended = runtime.block_on(server::serve(broker, guests, &config));
    // A mint whose question has gone is not waited for.
    runtime.shutdown_background();
    ended
}
