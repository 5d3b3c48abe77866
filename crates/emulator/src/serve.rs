//! `serve`: starts the emulator, tells where it is, and ends with a signal or with the command it was given.

mod program;

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};
use std::rc::Rc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::LocalSet;

use crate::checksums::Checksums;
use crate::emulator::Emulator;
use crate::run_directory::RunDirectory;
use crate::scenario::Scenario;
use crate::server::{self, Authority, Server};
use crate::variables;

/// The time that a command has to end when it is asked to.
const GRACE: Duration = Duration::from_secs(5);

pub(crate) struct Options {
    pub(crate) scenario: PathBuf,
    pub(crate) port: u16,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) command: Vec<OsString>,
}

pub(crate) fn serve(options: &Options) -> anyhow::Result<ExitCode> {
    let scenario = Scenario::load(&options.scenario)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    LocalSet::new().block_on(&runtime, start(options, scenario))
}

async fn start(options: &Options, scenario: Scenario) -> anyhow::Result<ExitCode> {
    // A folder of our own is removed when this function ends.
    let temporary = options
        .directory
        .is_none()
        .then(tempfile::tempdir)
        .transpose()?;
    let directory = options
        .directory
        .as_deref()
        .or(temporary.as_ref().map(tempfile::TempDir::path));
    let directory = prepare(directory.context("there is no directory")?)?;

    let listener = TcpListener::bind(("127.0.0.1", options.port)).await;
    let listener = listener.with_context(|| format!("cannot listen on port {}", options.port))?;
    let state = RunDirectory {
        address: format!("http://{}", listener.local_addr()?),
        ca: directory.join("ca.pem"),
        journal: directory.join("journal.jsonl"),
        instance: scenario.instance.is_some(),
        checksums: scenario.checksum_database.as_ref().map(Checksums::key),
        github_token: scenario
            .github
            .as_ref()
            .map(|job| job.request_token.clone()),
    };
    let emulator = Emulator::new(scenario, &state.journal)?;
    let authority = Authority::new(emulator.clock.system_time())?;
    std::fs::write(&state.ca, authority.pem())
        .with_context(|| format!("cannot write {}", state.ca.display()))?;
    let java = variables::java_trust_store(&state.ca);
    std::fs::write(&java, authority.java_trust_store())
        .with_context(|| format!("cannot write {}", java.display()))?;
    let _note = state.write(&directory)?;

    // Before the address is printed: its reader may send a signal at once.
    let signal = Signal::listen()?;
    tokio::task::spawn_local(server::run(
        Rc::new(Server {
            emulator,
            authority,
        }),
        listener,
    ));
    announce(&state, &directory, &options.command);
    if options.command.is_empty() {
        signal.received().await;
        return Ok(ExitCode::SUCCESS);
    }
    run(&options.command, &state, signal).await
}

/// The directory, made if need be, as an absolute path: the variables are read in other folders.
fn prepare(directory: &Path) -> anyhow::Result<PathBuf> {
    let made = std::fs::create_dir_all(directory).and_then(|()| std::path::absolute(directory));
    made.with_context(|| format!("cannot use {}", directory.display()))
}

/// Says where everything is; on stderr if a command follows, whose stdout is its own. A reader that wanted only
/// the first line may have gone already, which is no reason to stop.
fn announce(state: &RunDirectory, directory: &Path, command: &[OsString]) {
    let text = format!(
        "listening on {}\nca         {}\njournal    {}\n",
        state.address,
        state.ca.display(),
        state.journal.display(),
    );
    if !command.is_empty() {
        let _ = std::io::stderr().write_all(text.as_bytes());
        return;
    }
    let mut stdout = std::io::stdout().lock();
    let advice = if stdout.is_terminal() {
        advice(directory)
    } else {
        String::new()
    };
    let _ = stdout
        .write_all((text + &advice).as_bytes())
        .and_then(|()| stdout.flush());
}

/// The next step for a person at a terminal; a log has no use for it.
fn advice(directory: &Path) -> String {
    let directory = variables::quote(&directory.to_string_lossy());
    format!(
        "\nvariables  eval \"$(codeartifact-emulator env --directory {directory})\"\nctrl-c ends it\n"
    )
}

async fn run(
    command: &[OsString],
    state: &RunDirectory,
    signal: Signal,
) -> anyhow::Result<ExitCode> {
    let (program, arguments) = command.split_first().context("no command was given")?;
    let mut child = Command::new(program::find(program))
        .args(arguments)
        .envs(state.variables())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let status = tokio::select! {
        status = child.wait() => status,
        () = signal.received() => end(&mut child).await,
    };
    Ok(exit_code(status?))
}

/// Asks the command to end, and makes it end if it does not.
async fn end(child: &mut Child) -> std::io::Result<ExitStatus> {
    ask_to_end(child);
    match tokio::time::timeout(GRACE, child.wait()).await {
        Ok(status) => status,
        Err(_) => {
            child.start_kill()?;
            child.wait().await
        }
    }
}

#[cfg(unix)]
fn ask_to_end(child: &Child) {
    let id = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(rustix::process::Pid::from_raw);
    // A process that cannot be asked is killed after the grace.
    let _ = id.map(|id| rustix::process::kill_process(id, rustix::process::Signal::TERM));
}

/// Windows has no such signal; what the console sends reaches the command by itself.
#[cfg(not(unix))]
fn ask_to_end(_: &Child) {}

/// The command's own code; as shells have it, 128 and the signal for one that was killed.
fn exit_code(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    let killed = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| 128 + signal);
    #[cfg(not(unix))]
    let killed = None;
    let code = status
        .code()
        .or(killed)
        .and_then(|code| u8::try_from(code).ok());
    ExitCode::from(code.unwrap_or(1))
}

/// The signals that end the emulator: ctrl-c, and on Unix SIGTERM.
struct Signal {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signal {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn received(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signal {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {})
    }

    async fn received(self) {
        // Without a handler there is nothing to wait for; then only the command, or being killed, ends this.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
