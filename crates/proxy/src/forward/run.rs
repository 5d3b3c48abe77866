//! A run, from the settings to its end: the proxy is made, its clients' files are written, and either a command runs
//! behind it or it serves until it is ended.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use codeartifact_auth::connection::{Connection, Connections};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::minter::{Beside, Minter, SessionSource};
use tokio::net::TcpListener;

use super::asking::Asking;
use super::child::Doors;
use super::command;
use super::doors::{goproxy, java_door, reached_at, secret, url};
use super::files::Files;
use super::golang::Modules;
use super::journal::Journal;
use super::keep::Keep;
use super::narrowed::connection;
use super::netrc;
use super::note::Note;
use super::origin::Origin;
use super::proxy::Proxy;
use super::reach::Reach;
use super::server::{Door, accept};
use super::settings::{Purpose, Settings};
use super::stop::Stop;
use super::{report, signals};
use crate::authority::{Authority, system_roots};
use crate::upstream::Upstream;
use crate::variables;

/// More do not make a build quicker, and each takes memory.
const MOST_THREADS: usize = 4;

/// Runs the proxy to its end. Returns the exit code.
pub(crate) fn run(
    settings: &Settings,
    words: &[OsString],
    environment: &Environment,
) -> Result<u8, Stop> {
    let (connection, reach) = connection(settings, environment)?;
    let files = match &settings.purpose {
        Purpose::Command { .. } => Files::temporary(),
        Purpose::Serve { directory, .. } => Files::in_folder(directory),
    };
    let files = files.map_err(without_folder)?;
    let proxy = Arc::new(proxy(settings, environment, connection, reach, &files)?);
    let runtime = runtime().map_err(|error| Stop::Io("start", error))?;
    let ended = runtime.block_on(async {
        match &settings.purpose {
            Purpose::Command { isolate } => {
                let build = command::Build {
                    environment,
                    proxy,
                    files: &files,
                    java: settings.java,
                    go: settings.go.as_deref(),
                    words,
                };
                if *isolate {
                    build.run_isolated().await
                } else {
                    build.run().await
                }
            }
            Purpose::Serve { listen, .. } => {
                serve(settings, environment, proxy, &files, *listen).await
            }
        }
    });
    // Looking up a name cannot be ended, so it is not waited for.
    runtime.shutdown_background();
    ended
}

fn without_folder(error: io::Error) -> Stop {
    match error.kind() {
        io::ErrorKind::ResourceBusy => Stop::Configuration(
            "another proxy runs in this folder\n  hint: give each one a --directory of its own\n"
                .to_owned(),
        ),
        _ => Stop::Io("make the folder of the run", error),
    }
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .worker_threads(threads.min(MOST_THREADS))
        .enable_all()
        .build()
}

fn proxy(
    settings: &Settings,
    environment: &Environment,
    connection: Connection,
    reach: Reach,
    files: &Files,
) -> Result<Proxy, Stop> {
    let now = UNIX_EPOCH + Duration::from_secs(environment.now().0);
    let authority = Authority::for_hosts(now, reach.hosts())
        .map_err(|error| Stop::Words(format!("there is no certificate for this run: {error}\n")))?;
    let users = variables::ROOTS.map(|name| environment.variable(name));
    let aws = environment.variable(codeartifact_auth::environment::AWS_CA_BUNDLE);
    let files_of_user = users.iter().chain([&aws]).flatten().map(Path::new);
    let roots = system_roots(environment, files_of_user)
        .map_err(|error| Stop::Io("read the certificate authorities", error))?;
    let written = files
        .write_certificates(&authority, &roots, settings.java)
        .and_then(|()| {
            let netrc = netrc::text(&reach, &settings.purpose, environment);
            Files::write(&files.netrc(), &netrc)
        });
    written.map_err(|error| Stop::Io("write the files of the run", error))?;
    let origin = origin(environment, &roots)?;
    let journal = journal(settings)?;
    let keep = keep(&settings.connection, environment)?;
    let private = connection.go_private.clone();
    let connection = Arc::new(connection);
    let asking = Asking {
        environment: environment.clone(),
        connection,
        said: Arc::default(),
    };
    Ok(Proxy {
        reach,
        authority: Arc::new(authority),
        tokens: asking.grants(|request| Beside.mint(request)),
        sessions: asking.grants(|request| Beside.session(request)),
        modules: Modules::new(private),
        origin: Arc::new(origin),
        others: settings.others.clone(),
        journal,
        keep,
        secret: secret()?,
    })
}

/// The way out, which is the user's own proxy where there is one.
fn origin(environment: &Environment, roots: &BTreeSet<Vec<u8>>) -> Result<Origin, Stop> {
    if let Some(name) = Upstream::unusable(environment) {
        return Err(Stop::Configuration(format!(
            "{name} names a proxy that cannot be asked from here: it has to be http://HOST:PORT\n  \
             hint: set {name} so for this command, or unset it where AWS is reached without a proxy\n"
        )));
    }
    Origin::new(environment, roots)
        .map_err(|error| Stop::Words(format!("TLS cannot be set up: {error}\n")))
}

fn journal(settings: &Settings) -> Result<Journal, Stop> {
    let Some(path) = &settings.journal else {
        return Ok(Journal::default());
    };
    Journal::open(path).map_err(|error| {
        let path = path.display();
        Stop::Configuration(format!("cannot open the journal {path}: {error}\n"))
    })
}

/// The store of files that never change, where `[proxy] keep` has a size.
pub(crate) fn keep(connection: &str, environment: &Environment) -> Result<Option<Keep>, Stop> {
    let limit = Connections::load(environment)?
        .configuration()?
        .proxy()
        .keep;
    let limit = limit.filter(|limit| *limit > 0);
    let open = |limit| Keep::open(environment, connection, limit);
    limit.map(open).transpose().map_err(|reason| {
        Stop::Words(format!(
            "files cannot be kept: {reason}\n  hint: leave `keep` out of [proxy], or set XDG_CACHE_HOME to a folder of yours\n"
        ))
    })
}

async fn serve(
    settings: &Settings,
    environment: &Environment,
    proxy: Arc<Proxy>,
    files: &Files,
    listen: SocketAddr,
) -> Result<u8, Stop> {
    let bind = |error| Stop::Io("listen", error);
    let listener = TcpListener::bind(listen).await.map_err(bind)?;
    let address = listener.local_addr().map_err(bind)?;
    let reached = reached_at(address);
    let doors = Doors {
        url: url(&proxy.secret, reached),
        java: java_door(&proxy, settings.java).await.map_err(bind)?,
        go: goproxy(&proxy, settings.go.as_deref(), reached)?,
    };
    let note = Note::new(environment, &proxy.reach, &doors, files);
    Files::write(&files.note(), &note.to_json())
        .map_err(|error| Stop::Io("write its note", error))?;
    // Before the address is said: its reader may send a signal at once.
    let mut ended = signals::Ending::listen().map_err(bind)?;
    tokio::spawn(accept(proxy, listener, Door::Secret));
    report::announce(&format!("listening on http://{address}\n"));
    ended.wait().await;
    let _ = std::fs::remove_file(files.note());
    Ok(0)
}
