//! Trials, one for each run of a client. They may run at once, from several threads: each has a port of its own.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, UNIX_EPOCH};

use codeartifact_auth::endpoint::MappedHosts;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::token::Secret;
use tempfile::TempDir;
use tokio::runtime::{Handle, Runtime};
use tokio::sync::oneshot;

use crate::authority::Authority;
use crate::java;
use crate::listener::Listener;
use crate::process;
use crate::run::Shared;
use crate::seen::{SeenRequest, SentCredentials};
use crate::upstream::Upstream;
use crate::variables;

/// Text this short is no token; to replace it would spoil a client's message.
const SHORTEST_SECRET: usize = 16;

/// The authority for Java.
const TRUST_STORE: &str = "trust.jks";

/// A trial is over before Java's better compiler pays.
const QUICK_START: &str = "-XX:TieredStopAtLevel=1";

/// The stand-in's authority, thread and files. Dropping it ends all connections and removes the files.
pub struct Trials {
    environment: Environment,
    shared: Arc<Shared>,
    files: TempDir,
    runtime: Handle,
    thread: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

/// The outcome of one run of a client.
#[derive(Debug)]
pub struct Observed {
    /// Its requests, in order.
    pub requests: Vec<SeenRequest>,
    /// Hosts whose certificate the client refused: it does not read the variables for its roots.
    pub distrusted: Vec<String>,
    /// How it ended; `None` if the deadline ended it.
    pub status: Option<ExitStatus>,
    /// The end of what it said on both streams, without the secrets that it sent.
    pub output: String,
    /// How long it took.
    pub took: Duration,
}

impl Trials {
    /// Makes the authority and its files. Hosts are told apart by [`host_kind`](crate::host_kind).
    ///
    /// # Errors
    /// No temporary folder or thread can be had.
    pub fn start(environment: &Environment, mapped: MappedHosts) -> io::Result<Self> {
        let now = UNIX_EPOCH + Duration::from_secs(environment.now().0);
        let shared = Arc::new(Shared {
            authority: Authority::new(now).map_err(io::Error::other)?,
            upstream: Upstream::read(environment),
            mapped,
        });
        let files = private_folder()?;
        write_private(
            &files.path().join("ca.pem"),
            shared.authority.pem().as_bytes(),
        )?;
        // Of all hosts that a client can reach, only AWS's are not ours; Java asks none of them.
        let store = java::write(&shared.authority, &BTreeSet::new());
        write_private(&files.path().join(TRUST_STORE), &store)?;
        let users = variables::ROOTS.map(|name| environment.variable(name));
        let bundle = shared
            .authority
            .bundle(environment, users.iter().flatten().map(Path::new))?;
        write_private(&files.path().join("bundle.pem"), bundle.as_bytes())?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        Ok(Self {
            environment: environment.clone(),
            shared,
            files,
            runtime: runtime.handle().clone(),
            thread: Some(spawn(runtime)?),
        })
    }

    /// The file of roots that clients are led to, for one that reads its own setting first and takes an option.
    pub fn bundle(&self) -> PathBuf {
        self.files.path().join("bundle.pem")
    }

    /// Runs a client, in an empty folder unless the command names one. A request to a repository is challenged until
    /// it carries credentials that `accepts` takes, because clients try their next ones only then. An empty password
    /// is never taken.
    ///
    /// # Errors
    /// The command cannot be started.
    pub fn run(
        &self,
        mut command: Command,
        deadline: Duration,
        accepts: impl Fn(&SentCredentials) -> bool + Send + Sync + 'static,
    ) -> io::Result<Observed> {
        let listener = self.listen(accepts)?;
        let scratch = private_folder()?;
        if command.get_current_dir().is_none() {
            command.current_dir(scratch.path());
        }
        self.lead(&mut command, &listener);
        let began = Instant::now();
        let ended = process::run(command, deadline)?;
        let took = began.elapsed();
        let (requests, distrusted) = listener.log.take();
        Ok(Observed {
            output: without_secrets(ended.output, &requests),
            requests,
            distrusted,
            status: ended.status,
            took,
        })
    }

    fn listen(
        &self,
        accepts: impl Fn(&SentCredentials) -> bool + Send + Sync + 'static,
    ) -> io::Result<Listener> {
        Listener::open(&self.runtime, Arc::clone(&self.shared), Arc::new(accepts))
    }

    fn lead(&self, command: &mut Command, listener: &Listener) {
        let (authority, bundle) = (self.files.path().join("ca.pem"), self.bundle());
        let proxy = format!("http://{}", listener.address);
        for change in variables::changes(&self.environment, &proxy, &authority, &bundle) {
            match change {
                (name, Some(value)) => command.env(name, value),
                (name, None) => command.env_remove(name),
            };
        }
        let (host, port) = (listener.address.ip().to_string(), listener.address.port());
        let options = java::options(&host, port, &self.files.path().join(TRUST_STORE));
        let users = self.environment.text(java::VARIABLE).unwrap_or_default();
        command.env(java::VARIABLE, format!("{users} {options} {QUICK_START}"));
    }
}

impl Drop for Trials {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.thread.take() {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

fn spawn(runtime: Runtime) -> io::Result<(oneshot::Sender<()>, JoinHandle<()>)> {
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::Builder::new().spawn(move || {
        let _ = runtime.block_on(stopped);
        // Looking up a name cannot be ended, so it is not waited for.
        runtime.shutdown_background();
    })?;
    Ok((stop, thread))
}

/// A temporary folder that other users cannot look into.
pub(crate) fn private_folder() -> io::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    #[cfg(unix)]
    std::fs::set_permissions(
        folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )?;
    Ok(folder)
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

/// A client may repeat a URL with its password.
fn without_secrets(mut output: String, requests: &[SeenRequest]) -> String {
    for secret in requests
        .iter()
        .flat_map(|request| secrets(&request.credentials))
    {
        let secret = secret.expose();
        if secret.len() >= SHORTEST_SECRET {
            output = output.replace(secret, "REDACTED");
        }
    }
    output
}

fn secrets(sent: &SentCredentials) -> Vec<&Secret> {
    match sent {
        SentCredentials::Basic { user, password } => vec![user, password],
        _ => sent.secret().into_iter().collect(),
    }
}

#[cfg(test)]
mod tests;
