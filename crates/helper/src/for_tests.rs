//! Doubles for the tests of helpers: a minter on which the next failure can be set, and a machine on which a client
//! calls a helper. Behind a feature, so no program has it.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up must stop")]

use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::io::Cursor;
use std::rc::Rc;

use codeartifact_auth::Authenticator;
use codeartifact_auth::cache::Stores;
use codeartifact_auth::connection::Configuration;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::{Error, Exit, Failure, Step, row};
use codeartifact_auth::minter::{MintRequest, Minter};
use codeartifact_auth::timed::Timed;
use codeartifact_auth::token::{Secret, Timestamp, Token};
use tempfile::TempDir;

use crate::{End, Helper, Io, answer};

/// When a [`Machine`] starts.
pub const NOW: Timestamp = Timestamp(1_800_000_000);

/// The default lifetime of a token.
const HALF_A_DAY: u64 = 12 * 3600;

/// Stands in for AWS.
#[derive(Debug, Clone)]
pub struct Mint {
    /// The text of its tokens, in which `{domain}` and `{count}` are filled in.
    pub token: &'static str,
    /// The clock by which tokens are issued.
    pub now: Rc<Cell<Timestamp>>,
    /// The domain that gets no token, or `*` for all.
    pub refused: &'static str,
    /// The connection that a refusal names.
    pub connection: Option<&'static str>,
    minted: Rc<Cell<u32>>,
}

impl Mint {
    /// Issues `token`, from `now` on for half a day.
    pub fn new(token: &'static str, now: Timestamp) -> Self {
        Self {
            token,
            now: Rc::new(Cell::new(now)),
            refused: "",
            connection: None,
            minted: Rc::default(),
        }
    }

    /// How many tokens it has issued.
    pub fn minted(&self) -> u32 {
        self.minted.get()
    }
}

impl Minter for Mint {
    fn mint(&self, request: &MintRequest<'_>) -> Result<Token, Box<Failure>> {
        let domain = &request.domain.name;
        if self.refused == domain {
            let failure = row::DOMAIN_ABSENT.failure();
            return Err(failure.at(&Step::token(request.domain), self.connection));
        }
        if self.refused == "*" {
            let failure = row::SOURCE_SLOW.failure();
            return Err(failure.at(&Step::credentials(), self.connection));
        }
        self.minted.set(self.minted() + 1);
        let count = self.minted().to_string();
        let text = self.token.replace("{domain}", domain);
        Ok(Token {
            secret: Secret::new(text.replace("{count}", &count)),
            issued_at: self.now.get(),
            expires_at: self.now.get().plus(HALF_A_DAY),
        })
    }
}

/// An authenticator without connections, whose tokens are kept where `environment` says and come from `mint`.
///
/// # Errors
/// The variables contradict the configuration.
pub fn authenticator(environment: &Environment, mint: &Mint) -> Result<Authenticator, Error> {
    let stores = Stores::new(environment);
    Authenticator::assemble(
        Configuration::parse("")?,
        environment.clone(),
        Box::new(move |choice, environment| stores.open(choice, environment)),
        Box::new(mint.clone()),
    )
}

/// A machine on which a client calls a helper; tokens are kept in files below its home.
#[derive(Debug)]
pub struct Machine {
    /// The user's home.
    pub home: TempDir,
    /// The name by which helpers are called.
    pub program: OsString,
    /// Stands in for AWS.
    pub mint: Mint,
    variables: Vec<(&'static str, String)>,
}

/// One call as its client sees it.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Said {
    /// The exit code; `None` if the helper became another program.
    pub exit: Option<Exit>,
    /// The reply.
    pub stdout: String,
    /// The messages.
    pub stderr: String,
    /// The program that the helper became, and its arguments.
    pub became: Vec<OsString>,
}

impl Said {
    /// An exit code with both streams.
    pub fn new(exit: Exit, stdout: impl Into<String>, stderr: impl Into<String>) -> Self {
        Self {
            exit: Some(exit),
            stdout: stdout.into(),
            stderr: stderr.into(),
            became: Vec::new(),
        }
    }
}

impl Machine {
    /// On which AWS issues `token`, as [`Mint::token`] has it.
    pub fn new(token: &'static str) -> Self {
        let home = in_memory();
        let runtime = home.path().to_str().unwrap().to_owned();
        Self {
            home,
            program: OsString::new(),
            mint: Mint::new(token, NOW),
            variables: vec![
                ("CODEARTIFACT_CACHE", "file".to_owned()),
                ("XDG_RUNTIME_DIR", runtime),
            ],
        }
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.into()));
    }

    /// Moves the clock on.
    pub fn advance(&self, seconds: u64) {
        self.mint.now.set(self.mint.now.get().plus(seconds));
    }

    /// The variables, home and clock of a call.
    pub fn environment(&self) -> Environment {
        let variables = self.variables.iter();
        let variables: Vec<_> = variables.map(|(name, it)| (*name, it.as_str())).collect();
        Environment::fixed(&variables, self.home.path().to_owned(), self.mint.now.get())
    }

    /// Calls `helper` with nothing on stdin.
    pub fn call<H: Helper>(&self, helper: &H, arguments: &[&str]) -> Said {
        self.feed(helper, arguments, "")
    }

    /// Calls `helper` with `stdin`.
    pub fn feed<H: Helper>(&self, helper: &H, arguments: &[&str], stdin: &str) -> Said {
        let stdin = Cursor::new(stdin.to_owned());
        self.call_with(helper, arguments, Timed::bytes(stdin))
    }

    /// Calls `helper` with a stdin of the caller's choosing.
    pub fn call_with<H: Helper>(&self, helper: &H, arguments: &[&str], stdin: Timed) -> Said {
        let environment = self.environment();
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let mut io = Io {
            name: H::NAME,
            program: self.program.clone(),
            arguments: arguments.iter().map(OsString::from).collect(),
            directory: Some(self.home.path().to_owned()),
            environment: &environment,
            authenticator: Box::new(|| authenticator(&environment, &self.mint)),
            stdin,
            stdout: Box::new(&mut stdout),
            stderr: Box::new(&mut stderr),
            is_stdout_closed: false,
        };
        let end = answer(helper, &mut io);
        drop(io);
        Said::of(end, stdout, stderr)
    }
}

impl Said {
    fn of(end: End, stdout: Vec<u8>, stderr: Vec<u8>) -> Self {
        let (exit, became) = match end {
            End::Exit(exit) => (Some(exit), Vec::new()),
            End::Become(program) => {
                let command = &program.command;
                let words = [command.get_program()]
                    .into_iter()
                    .chain(command.get_args());
                (None, words.map(OsStr::to_owned).collect())
            }
        };
        Self {
            exit,
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
            became,
        }
    }
}

/// A directory in shared memory where there is any, so that locks are taken there and not in the user's own.
fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}
