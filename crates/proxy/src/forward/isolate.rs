//! `--isolate`: the build gets a network of its own, in which the proxy's port is all there is, and does not see the
//! files and sockets by which it could become its user at AWS. Linux's namespaces do it, without root; where the system
//! forbids them the run fails with the reason.
//!
//! Three processes take part. The proxy stays outside. [`inside`] leaves this machine's namespaces, opens a listener in
//! the new ones and hands it to the proxy: a socket belongs to the network in which it was made. [`first`] is process 1
//! there, so that everything the command starts ends with it; it starts the command in one more user namespace, because
//! in its own a command of root's could undo what hides the files.

mod hidden;
mod namespaces;

use std::ffi::OsString;
use std::io::{self, IoSlice, IoSliceMut, Read as _, Write as _};
use std::mem::MaybeUninit;
use std::net::TcpListener;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use codeartifact_auth::error::Exit;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde::{Deserialize, Serialize};

use super::report;
use super::signals::{Ending, wait};
pub(crate) use hidden::hidden;

/// The ports in the build's own network, where every port is free.
pub(crate) const PORT: u16 = 3128;
pub(crate) const JAVA_PORT: u16 = 3129;

const INSIDE: &str = "inside ";
const FIRST: &str = "first";

const HINT: &str = "run it where user namespaces are allowed (kernel.unprivileged_userns_clone, \
    kernel.apparmor_restrict_unprivileged_userns, the container's seccomp profile), or leave --isolate out";

/// What [`inside`] is told.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// The proxy waits here for its listeners.
    pub(crate) socket: PathBuf,
    /// Directories and files that the build does not see.
    pub(crate) hidden: Vec<PathBuf>,
    pub(crate) java: bool,
}

/// The command by which a build is started inside. Its words follow.
pub(crate) fn command(plan: &Plan) -> io::Result<Command> {
    let plan = serde_json::to_string(plan)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(format!("{INSIDE}{plan}"));
    Ok(command)
}

/// Receives the listeners: the proxy's, then Java's. The other side goes on once the stream is answered.
pub(crate) fn receive(stream: &UnixStream) -> io::Result<Vec<TcpListener>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    recvmsg(
        stream,
        &mut [IoSliceMut::new(&mut byte)],
        &mut control,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    let mut listeners = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(sockets) = message {
            listeners.extend(sockets.map(TcpListener::from));
        }
    }
    Ok(listeners)
}

/// Plays its part if this process is one of those inside. Returns the exit code.
pub(crate) fn stage(first_word: &str, words: &[OsString]) -> Option<u8> {
    let ended = if let Some(plan) = first_word.strip_prefix(INSIDE) {
        inside(plan, words)
    } else if first_word == FIRST {
        first(words)
    } else {
        return None;
    };
    Some(ended.unwrap_or_else(|(what, error)| {
        report::say(&format!(
            "codeartifact: --isolate: cannot {what}: {error}\n  hint: {HINT}\n"
        ));
        Exit::Configuration.into()
    }))
}

type Failed = (&'static str, io::Error);

fn at<E: Into<io::Error>>(what: &'static str) -> impl Fn(E) -> Failed {
    move |error| (what, error.into())
}

/// Leaves this machine's namespaces, and starts process 1 of the new ones.
fn inside(plan: &str, words: &[OsString]) -> Result<u8, Failed> {
    let plan: Plan = serde_json::from_str(plan).map_err(at("read its plan"))?;
    // The socket is in a folder that may be hidden.
    let stream = UnixStream::connect(&plan.socket).map_err(at("reach the proxy"))?;
    namespaces::enter_first().map_err(at("leave this machine's namespaces"))?;
    for path in &plan.hidden {
        namespaces::hide(path).map_err(at("hide the files of the user's identities"))?;
    }
    namespaces::bring_up_loopback().map_err(at("bring up the loopback of the build's network"))?;
    let ports = [Some(PORT), plan.java.then_some(JAVA_PORT)];
    let listeners = ports
        .into_iter()
        .flatten()
        .map(|port| TcpListener::bind(("127.0.0.1", port)));
    let listeners: Vec<TcpListener> = listeners.collect::<io::Result<_>>().map_err(at("listen"))?;
    hand_over(&stream, listeners).map_err(at("hand the listeners to the proxy"))?;
    let mut command = Command::new(std::env::current_exe().map_err(at("find this program"))?);
    command.arg(FIRST).args(words);
    run(command).map_err(at("start the first process"))
}

fn hand_over(mut stream: &UnixStream, listeners: Vec<TcpListener>) -> io::Result<()> {
    let sockets: Vec<OwnedFd> = listeners.into_iter().map(OwnedFd::from).collect();
    let borrowed: Vec<_> = sockets.iter().map(|socket| socket.as_fd()).collect();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    control.push(SendAncillaryMessage::ScmRights(&borrowed));
    sendmsg(
        stream,
        &[IoSlice::new(&[0])],
        &mut control,
        SendFlags::empty(),
    )?;
    stream.read_exact(&mut [0])
}

/// Answers that the listeners have arrived.
pub(crate) fn acknowledge(mut stream: &UnixStream) -> io::Result<()> {
    stream.write_all(&[0])
}

/// Process 1: mounts what shows its own processes alone, and starts the command.
fn first(words: &[OsString]) -> Result<u8, Failed> {
    namespaces::end_with_parent().map_err(at("be ended with the run"))?;
    namespaces::mount_proc().map_err(at("mount /proc for the build's own processes"))?;
    namespaces::enter_second().map_err(at("lock what is hidden"))?;
    let Some((program, arguments)) = words.split_first() else {
        return Ok(Exit::Usage.into());
    };
    let mut command = Command::new(program);
    command.args(arguments);
    run(command).or_else(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => Ok(report::no_program(program, &error)),
        _ => Err(("start the command", error)),
    })
}

/// Runs the next process to its end. The signals that would end this one are passed on to it.
fn run(command: Command) -> io::Result<u8> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build()?.block_on(async {
        let ending = Ending::listen()?;
        let child = tokio::process::Command::from(command).spawn()?;
        wait(child, ending).await
    })
}

/// Tells whether a path is below one that is hidden.
pub(crate) fn is_below(path: &Path, hidden: &[PathBuf]) -> bool {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    hidden.iter().any(|above| real.starts_with(above))
}
