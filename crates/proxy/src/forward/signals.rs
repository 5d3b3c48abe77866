//! The signals that end a run, and a command that waits for them: some are passed on to it.

use std::io;
use std::process::ExitStatus;

use tokio::process::Child;

/// One that came.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signal {
    /// From a terminal, to all of its programs.
    Interrupt,
    /// To this process alone.
    #[cfg(unix)]
    Terminate,
}

/// Listens for them.
pub(crate) struct Ending {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Ending {
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    pub(crate) async fn wait(&mut self) -> Signal {
        tokio::select! {
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.hangup.recv() => Signal::Terminate,
            _ = self.interrupt.recv() => Signal::Interrupt,
        }
    }
}

#[cfg(not(unix))]
impl Ending {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    pub(crate) async fn wait(&mut self) -> Signal {
        // Without a handler there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Signal::Interrupt
    }
}

/// Waits for a command, and passes on the signals that would end it. Returns its exit code.
pub(crate) async fn wait(mut child: Child, mut ending: Ending) -> io::Result<u8> {
    loop {
        tokio::select! {
            status = child.wait() => return status.map(exit_code),
            signal = ending.wait() => signal.pass_on(&child),
        }
    }
}

/// The command's own code; as shells have it, 128 and the signal for one that was killed.
pub(crate) fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let killed = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| 128 + signal);
    #[cfg(not(unix))]
    let killed = None;
    let code = status
        .code()
        .or(killed)
        .and_then(|code| u8::try_from(code).ok());
    code.unwrap_or(1)
}

impl Signal {
    /// A terminal sends its own to the command as well.
    fn pass_on(self, child: &Child) {
        #[cfg(unix)]
        if let Self::Terminate = self
            && let Some(id) = child.id().and_then(|id| i32::try_from(id).ok())
            && let Some(pid) = rustix::process::Pid::from_raw(id)
        {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        #[cfg(not(unix))]
        let _ = child;
    }
}
