//! The [`Minter`] trait, and [`Beside`], which starts the program `codeartifact` to mint. Only that program has `mint`,
//! which asks AWS; `minter/wire.rs` is the protocol between the two.

mod programs;
mod wire;

use std::fmt::Display;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use zeroize::Zeroizing;

use programs::minting_program;
pub use programs::{EVERYTHING, POINTER, folder_of_programs, program_beside};
pub use wire::serve;

use crate::connection::Connection;
use crate::endpoint::Domain;
use crate::error::{Failure, Step, row};
use crate::timed::Timed;
use crate::token::{Secret, Timestamp, Token};

/// The argument by which a helper asks `codeartifact` to mint. It is not for people: the request comes over stdin.
pub const MINT: &str = "mint-for-helper";

/// A reply has a token and a few words; what is longer is not one of ours.
const LONGEST_REPLY: u64 = 1024 * 1024;

/// The buffer for a reply. It must hold the longest token at once: growing leaves a copy behind.
const USUAL_REPLY: usize = 68 * 1024;

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
    /// A token that other hosts share must not be older: one of before was refused.
    pub after: Timestamp,
}

/// Gets new tokens. A trait, because tests have one on which the next failure can be set.
pub trait Minter {
    /// Gets a new token; never one of this machine's cache, nor an older one than asked for.
    ///
    /// # Errors
    /// [`Failure`]: what failed, in AWS's words and ours, and what to do next.
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>>;
}

/// The session of the last role of a chain, for calls of one's own to CodeArtifact's API.
#[derive(Debug, Clone)]
pub struct AwsSession {
    /// The access key's id, which is no secret.
    pub access_key_id: String,
    /// The key that signs.
    pub secret_access_key: Secret,
    /// Long-term keys have none.
    pub session_token: Option<Secret>,
    /// When it ends; long-term keys do not.
    pub expires_at: Option<Timestamp>,
    /// The root of the API's URLs, without a slash at the end: `https://codeartifact.us-east-1.amazonaws.com`.
    pub endpoint: String,
}

/// Gets sessions, for programs that call the API for more than a token.
pub trait SessionSource {
    /// Gets a new session; its chain, scope and deadline are those of a token's.
    ///
    /// # Errors
    /// As [`Minter::mint`].
    fn session(&self, request: &MintRequest<'_>) -> Result<AwsSession, Box<Failure>>;
}

/// [`Minter`] of the helpers: it starts the `codeartifact` in the folder of the running program, links resolved, and
/// never one from PATH. A helper has no AWS code of its own, because a kept token needs none.
#[derive(Debug, Clone, Copy)]
pub struct Beside;

impl Minter for Beside {
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        ask(request)
    }
}

impl SessionSource for Beside {
    fn session(&self, request: &MintRequest<'_>) -> Result<AwsSession, Box<Failure>> {
        ask(request)
    }
}

/// Returns the answer of `codeartifact`, or the reason why there is none.
fn ask<T: wire::Payload>(request: &MintRequest<'_>) -> Result<T, Box<Failure>> {
    answer(request).unwrap_or_else(|silent| {
        let step = Step::token(request.domain);
        Err(silent.at(&step, request.connection.name.as_deref()))
    })
}

/// The outer error: there is no answer.
fn answer<T: wire::Payload>(
    request: &MintRequest<'_>,
) -> Result<Result<T, Box<Failure>>, Box<Failure>> {
    let program = minting_program()?;
    let question = wire::question::<T>(request).map_err(no_answer)?;
    let failed = |error| no_answer(format_args!("{}: {error}", program.display()));
    let (mut child, stdin, stdout) = start(&program).map_err(failed)?;
    send(stdin, &question);
    let reply = receive(stdout, request.deadline + GRACE);
    let status = end(&mut child);
    let reply = reply.ok_or_else(|| row::TIMED_OUT.failure())?;
    // Only a reply that is none of ours has this hole.
    let reason = format!("{} ended with {status}", program.display());
    wire::reply(&reply).map_err(|silent| silent.with("reason", reason))
}

fn no_answer(reason: impl Display) -> Box<Failure> {
    row::NO_ANSWER.with("reason", reason)
}

fn start(program: &Path) -> io::Result<(Child, ChildStdin, ChildStdout)> {
    let mut command = Command::new(program);
    command
        .arg(MINT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn()?;
    match (child.stdin.take(), child.stdout.take()) {
        (Some(stdin), Some(stdout)) => Ok((child, stdin, stdout)),
        _ => Err(io::Error::other("it has no streams")),
    }
}

/// A child that does not read has ended, or is about to: its reply, or the lack of one, says more than this error.
fn send(mut stdin: ChildStdin, question: &[u8]) {
    let _ = stdin.write_all(question);
}

/// The whole reply, or `None` at the deadline.
fn receive(stdout: ChildStdout, deadline: Duration) -> Option<Zeroizing<Vec<u8>>> {
    let mut reply = Zeroizing::new(Vec::with_capacity(USUAL_REPLY));
    let mut stdout = Timed::pipe(stdout);
    stdout.allow(deadline);
    match stdout.take(LONGEST_REPLY).read_to_end(&mut reply) {
        Err(error) if error.kind() == ErrorKind::TimedOut => None,
        _ => Some(reply),
    }
}

/// Ends the child, whose reply is over. One that ended by itself has its status by now.
fn end(child: &mut Child) -> String {
    let _ = child.kill();
    let status = child.wait();
    status.map_or_else(|error| error.to_string(), |status| status.to_string())
}
