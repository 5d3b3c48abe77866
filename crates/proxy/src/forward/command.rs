//! A command behind the proxy: its environment, the signals that are passed on to it, and its exit code. The proxy ends
//! with it, and with the proxy everything that a left-over of the build could reach through it.

use std::ffi::OsString;
use std::io;
use std::sync::Arc;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use super::child::{self, Doors};
use super::doors::{goproxy, java_door, url};
use super::files::Files;
use super::proxy::Proxy;
use super::server::{Door, accept};
use super::signals::{Ending, exit_code, wait};
use super::stop::Stop;

/// What a build needs.
pub(crate) struct Build<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) proxy: Arc<Proxy>,
    pub(crate) files: &'a Files,
    pub(crate) java: bool,
    pub(crate) go: Option<&'a str>,
    pub(crate) words: &'a [OsString],
}

impl Build<'_> {
    /// Runs it in this machine's network.
    pub(crate) async fn run(self) -> Result<u8, Stop> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let doors = Doors {
            url: url(&self.proxy.secret, address),
            java: java_door(&self.proxy, self.java).await.map_err(listen)?,
            go: goproxy(&self.proxy, self.go, address)?,
        };
        let command = self.command(&doors)?;
        tokio::spawn(accept(Arc::clone(&self.proxy), listener, Door::Secret));
        let ending = Ending::listen().map_err(listen)?;
        let child = start(command)?;
        finish(child, ending).await
    }

    /// Runs it in a network of its own. The run fails where the system does not allow that.
    #[cfg(target_os = "linux")]
    pub(crate) async fn run_isolated(self) -> Result<u8, Stop> {
        use super::isolate;
        let hidden = isolate::hidden(self.environment);
        self.check_folders(&hidden)?;
        let socket = self.files.socket();
        let meeting = tokio::net::UnixListener::bind(&socket).map_err(listen)?;
        let plan = isolate::Plan {
            socket,
            hidden,
            java: self.java,
        };
        let address = format!("127.0.0.1:{}", isolate::PORT);
        let doors = Doors {
            url: url(&self.proxy.secret, &address),
            go: goproxy(&self.proxy, self.go, &address)?,
            java: self
                .java
                .then(|| ("127.0.0.1".to_owned(), isolate::JAVA_PORT)),
        };
        let stage =
            isolate::command(&plan).map_err(|error| Stop::Io("start the command", error))?;
        let mut stage = Command::from(stage);
        let build = self.command(&doors)?;
        stage
            .arg(build.as_std().get_program())
            .args(build.as_std().get_args());
        self.lead(&mut stage, &doors);
        let ending = Ending::listen().map_err(listen)?;
        let mut child = start(stage)?;
        tokio::select! {
            met = meeting.accept() => self.open(met.map_err(listen)?.0)?,
            // It has said why.
            status = child.wait() => return status.map(exit_code).map_err(|error| Stop::Io("isolate", error)),
        }
        finish(child, ending).await
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) async fn run_isolated(self) -> Result<u8, Stop> {
        Err(Stop::Words(
            "--isolate needs Linux's namespaces\n  hint: leave --isolate out\n".to_owned(),
        ))
    }

    /// Takes the listeners that were made inside.
    #[cfg(target_os = "linux")]
    fn open(&self, stream: tokio::net::UnixStream) -> Result<(), Stop> {
        use super::isolate;
        let opened = || {
            let stream = stream.into_std()?;
            stream.set_nonblocking(false)?;
            let doors = [Door::Secret, Door::Open];
            for (listener, door) in isolate::receive(&stream)?.into_iter().zip(doors) {
                listener.set_nonblocking(true)?;
                let listener = TcpListener::from_std(listener)?;
                tokio::spawn(accept(Arc::clone(&self.proxy), listener, door));
            }
            isolate::acknowledge(&stream)
        };
        opened().map_err(|error| Stop::Io("take the build's listeners", error))
    }

    /// The build needs the run's certificates and its own directory.
    #[cfg(target_os = "linux")]
    fn check_folders(&self, hidden: &[std::path::PathBuf]) -> Result<(), Stop> {
        let here = std::env::current_dir().unwrap_or_default();
        let needed = [self.files.authority(), here];
        let Some(path) = needed
            .iter()
            .find(|path| super::isolate::is_below(path, hidden))
        else {
            return Ok(());
        };
        Err(Stop::Words(format!(
            "--isolate hides the folder above {}, which the build needs\n  hint: run it in another directory, with another TMPDIR\n",
            path.display()
        )))
    }

    /// The command with its environment.
    fn command(&self, doors: &Doors) -> Result<Command, Stop> {
        let (name, arguments) = self.words.split_first().ok_or_else(|| no_command(""))?;
        let program = next_on_path::find(name, self.environment);
        let program = program.ok_or_else(|| no_command(&name.to_string_lossy()))?;
        let mut command = Command::new(program);
        command.args(arguments);
        self.lead(&mut command, doors);
        Ok(command)
    }

    /// Sets and removes what leads a command to the proxy.
    fn lead(&self, command: &mut Command, doors: &Doors) {
        for change in child::changes(self.environment, &self.proxy.reach, doors, self.files) {
            match change {
                (name, Some(value)) => command.env(name, value),
                (name, None) => command.env_remove(name),
            };
        }
    }
}

fn no_command(name: &str) -> Stop {
    Stop::NoCommand(format!("no `{name}` is on PATH\n"))
}

fn listen(error: io::Error) -> Stop {
    Stop::Io("listen", error)
}

fn start(mut command: Command) -> Result<Child, Stop> {
    command
        .spawn()
        .map_err(|error| cannot_start(&command, error))
}

async fn finish(child: Child, ending: Ending) -> Result<u8, Stop> {
    let ended = wait(child, ending).await;
    ended.map_err(|error| Stop::Io("wait for the command", error))
}

fn cannot_start(command: &Command, error: io::Error) -> Stop {
    let program = command
        .as_std()
        .get_program()
        .to_string_lossy()
        .into_owned();
    match error.kind() {
        io::ErrorKind::NotFound => no_command(&program),
        io::ErrorKind::PermissionDenied => Stop::NoProgram(program.into(), error),
        _ => Stop::Io("start the command", error),
    }
}
