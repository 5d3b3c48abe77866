//! Who mints: the [`Minter`] trait, and [`Beside`], which starts the program `codeartifact` for it. How AWS is asked is
//! in `mint`, which only that program has; what the two say to each other is in `minter/wire.rs`.

mod programs;
mod wire;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

pub use programs::{POINTER, folder_of_programs};
pub use wire::serve;

use crate::connection::Connection;
use crate::endpoint::Domain;
use crate::error::{Failure, Step, row};
use crate::token::Token;

/// The argument by which a helper asks `codeartifact` to mint. It is not for people: the request comes over stdin.
pub const MINT: &str = "mint-for-helper";

/// The program that asks AWS.
const PROGRAM: &str = "codeartifact";

/// A reply has a token and a few words; what is longer is not one of ours.
const LONGEST_REPLY: u64 = 1024 * 1024;

/// The buffer for a reply. It must hold the longest token at once: growing leaves a copy behind.
const USUAL_REPLY: usize = 64 * 1024;

/// `codeartifact` keeps the deadline itself, and explains what took so long; it is ended this much later.
const GRACE: Duration = Duration::from_millis(500);

/// A request for a new token.
#[derive(Debug, Clone, Copy)]
pub struct MintRequest<'a> {
    /// The domain that the token is for.
    pub domain: &'a Domain,
    /// The first credentials, the role chain, the token's duration and scope.
    pub connection: &'a Connection,
    /// All of it must end within this time.
    pub deadline: Duration,
}

/// Gets new tokens. A trait, because tests have one on which the next failure can be set.
pub trait Minter {
    /// Gets a new token; never a cached one.
    ///
    /// # Errors
    /// [`Failure`]: what failed, in AWS's words and ours, and what to do next.
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>>;
}

/// [`Minter`] of the helpers: it starts the `codeartifact` in the folder of the running program, links resolved, and
/// never one from PATH. A helper has no AWS code of its own, because a kept token needs none.
#[derive(Debug, Clone, Copy)]
pub struct Beside;

/// Explains why `codeartifact` gave no answer.
#[derive(Debug)]
enum Silent {
    /// It is not there; with the folder that was searched.
    Missing(String),
    /// It cannot be started, or ended without a reply.
    Failed(String),
    /// It was still busy at the deadline.
    Slow,
    /// It is of another release; with its version.
    OtherRelease(String),
}

impl Minter for Beside {
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        ask(request).unwrap_or_else(|silent| Err(silent.failure(request)))
    }
}

impl Silent {
    fn failure(self, request: &MintRequest<'_>) -> Box<Failure> {
        let failure = match self {
            Silent::Missing(folder) => row::PROGRAM_MISSING.with("folder", folder),
            Silent::Failed(reason) => row::NO_ANSWER.with("reason", reason),
            Silent::Slow => row::TIMED_OUT.failure(),
            Silent::OtherRelease(theirs) => row::OTHER_RELEASE
                .with("ours", env!("CARGO_PKG_VERSION"))
                .with("theirs", theirs),
        };
        let step = Step::token(request.domain);
        failure.at(&step, request.connection.name.as_deref())
    }
}

fn ask(request: &MintRequest<'_>) -> Result<Result<Token, Box<Failure>>, Silent> {
    let program = programs::beside_us(PROGRAM).map_err(Silent::Missing)?;
    let question = wire::question(request).map_err(|error| Silent::Failed(error.to_string()))?;
    let (mut child, stdin, stdout) = start(&program)?;
    send(stdin, &question);
    let reply = receive(stdout, request.deadline + GRACE);
    let status = end(&mut child);
    match reply {
        None => Err(Silent::Slow),
        Some(reply) => wire::reply(&reply).map_err(|error| match error {
            wire::Unreadable::OtherRelease(version) => Silent::OtherRelease(version),
            wire::Unreadable::NoReply => {
                Silent::Failed(format!("{} ended with {status}", program.display()))
            }
        }),
    }
}

fn start(program: &Path) -> Result<(Child, ChildStdin, ChildStdout), Silent> {
    let failed = |reason: String| Silent::Failed(format!("{}: {reason}", program.display()));
    let mut command = Command::new(program);
    command
        .arg(MINT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    match (child.stdin.take(), child.stdout.take()) {
        (Some(stdin), Some(stdout)) => Ok((child, stdin, stdout)),
        _ => Err(failed("it has no streams".to_owned())),
    }
}

/// A child that does not read has ended, or is about to: its reply, or the lack of one, says more than this error.
fn send(mut stdin: ChildStdin, question: &[u8]) {
    let _ = stdin.write_all(question);
}

/// The whole reply, or `None` at the deadline. It is read by a thread of its own, which a stuck child holds up alone.
fn receive(stdout: ChildStdout, deadline: Duration) -> Option<Zeroizing<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reply = Zeroizing::new(Vec::with_capacity(USUAL_REPLY));
        let _ = stdout.take(LONGEST_REPLY).read_to_end(&mut reply);
        let _ = sender.send(reply);
    });
    receiver.recv_timeout(deadline).ok()
}

/// Ends the child, which has usually ended by itself.
fn end(child: &mut Child) -> String {
    if let Ok(Some(status)) = child.try_wait() {
        return status.to_string();
    }
    thread::sleep(Duration::from_millis(1));
    let ended = child.try_wait().ok().flatten();
    if ended.is_none() {
        let _ = child.kill();
    }
    let status = child.wait();
    status.map_or_else(|error| error.to_string(), |status| status.to_string())
}
