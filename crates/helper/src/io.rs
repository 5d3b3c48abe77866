//! The arguments, surroundings and streams of a helper's run, and the way to the tokens. It decides nothing: a helper
//! knows which words and exit codes its client expects.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::minter::Beside;
use codeartifact_auth::report::Reporter;
use codeartifact_auth::timed::Timed;
use codeartifact_auth::{Authenticator, Error, Warning};

use crate::{End, Lines};

/// The longest wait for stdin. A client has written before it starts us; a pipe that stays open must not stop us.
const INPUT_DEADLINE: Duration = Duration::from_secs(2);

/// One run's arguments, surroundings and streams.
pub struct Io<'a> {
    pub(crate) name: &'static str,
    pub(crate) program: OsString,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) directory: Option<PathBuf>,
    pub(crate) environment: &'a Environment,
    pub(crate) authenticator: Box<AuthenticatorMaker<'a>>,
    pub(crate) stdin: Timed,
    pub(crate) stdout: Box<dyn Write + Send + 'a>,
    pub(crate) stderr: Box<dyn Write + 'a>,
    pub(crate) is_stdout_closed: bool,
}

/// Makes the [`Authenticator`] of a run.
pub(crate) type AuthenticatorMaker<'a> = dyn Fn() -> Result<Authenticator, Error> + 'a;

impl<'a> Io<'a> {
    /// This process's own.
    pub(crate) fn of_process(name: &'static str, environment: &'a Environment) -> Self {
        let mut arguments = std::env::args_os();
        Self {
            name,
            program: arguments.next().unwrap_or_default(),
            arguments: arguments.collect(),
            directory: std::env::current_dir().ok(),
            environment,
            authenticator: Box::new(|| Authenticator::new(environment.clone(), Box::new(Beside))),
            stdin: piped_stdin(),
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
            is_stdout_closed: false,
        }
    }

    /// The name by which the program was called (`argv[0]`).
    pub fn program(&self) -> &OsStr {
        &self.program
    }

    /// The arguments as given.
    pub fn arguments(&self) -> &[OsString] {
        &self.arguments
    }

    /// The arguments as text. One that is not Unicode is in its lossy form, which names no service of ours.
    pub fn texts(&self) -> Vec<String> {
        let texts = self.arguments.iter().map(|it| it.to_string_lossy());
        texts.map(|text| text.into_owned()).collect()
    }

    /// The working directory, unless it was removed.
    pub fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    /// Variables, home directory and clock.
    pub fn environment(&self) -> &'a Environment {
        self.environment
    }

    /// Reads the configuration. To be called only when there may be something to answer.
    ///
    /// # Errors
    /// The configuration cannot be read or is wrong.
    pub fn authenticator(&self) -> Result<Authenticator, Error> {
        (self.authenticator)()
    }

    /// Returns what `read` makes of stdin, whose reads fail if the writer takes too long. At a terminal, stdin is empty.
    pub fn stdin<T>(&mut self, read: impl FnOnce(&mut dyn Read) -> T) -> T {
        let mut stdin = self.take_stdin();
        stdin.allow(INPUT_DEADLINE);
        read(&mut stdin)
    }

    /// Returns the lines of stdin one by one, for a client that waits for the answer to each. At a terminal there is none.
    pub fn lines(&mut self) -> Lines {
        Lines::of(self.take_stdin())
    }

    /// It is read once.
    fn take_stdin(&mut self) -> Timed {
        std::mem::replace(&mut self.stdin, Timed::bytes(io::empty()))
    }

    /// Writes a reply to stdout, in one piece.
    pub fn print(&mut self, text: &str) {
        let written = self.stdout.write_all(text.as_bytes());
        let written = written.and_then(|()| self.stdout.flush());
        self.is_stdout_closed |= written.is_err();
    }

    /// Does `work`, and writes `text` to stdout each time that it has taken so long again: a client waits for an answer
    /// only while it sees that there will be one. Nothing else may be written there meanwhile.
    pub fn print_meanwhile<T>(
        &mut self,
        text: &str,
        every: Duration,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let mut stdout = std::mem::replace(&mut self.stdout, Box::new(io::sink()));
        let (done, wait) = mpsc::channel::<()>();
        let result = thread::scope(|scope| {
            let stdout = &mut stdout;
            scope.spawn(move || {
                while wait.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                    // A client that is gone is noticed by the answer.
                    let written = stdout.write_all(text.as_bytes());
                    let _ = written.and_then(|()| stdout.flush());
                }
            });
            let result = work(self);
            drop(done);
            result
        });
        self.stdout = stdout;
        result
    }

    /// Writes the whole reply to stdout, which ends the run.
    pub fn finish(&mut self, text: &str) -> End {
        self.print(text);
        Exit::Done.into()
    }

    /// Shows a message of one or more lines on stderr, after the program's name.
    pub fn say(&mut self, message: &str) {
        self.complain(&format!("{}: {message}\n", self.name));
    }

    /// Writes text to stderr as it is, for a client that expects certain bytes. A closed stderr is no failure.
    pub fn complain(&mut self, text: &str) {
        let _ = self.stderr.write_all(text.as_bytes());
    }

    /// Shows and logs problems that did not stop the run.
    pub fn warn(&mut self, warnings: &[Warning]) {
        let text = self.reporter().warnings(warnings);
        self.complain(&text);
    }

    /// Shows, logs and records that there is no token for `what`, a URL or host. Returns the failure's exit code.
    pub fn fail(&mut self, what: &str, connection: Option<&str>, error: &Error) -> Exit {
        let connection = connection.or(error.connection());
        let text = self.reporter().failure(what, connection, error);
        self.complain(&text);
        error.exit()
    }

    fn reporter(&self) -> Reporter<'a> {
        Reporter::new(self.name, self.environment)
    }
}

/// A person at a terminal is not waited for.
fn piped_stdin() -> Timed {
    let nothing = || Timed::bytes(io::empty());
    if io::stdin().is_terminal() {
        nothing()
    } else {
        Timed::stdin().unwrap_or_else(|_| nothing())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::for_tests::Machine;

    #[test]
    fn a_client_sees_signs_of_life_while_it_waits() {
        let environment = Machine::new("T").environment();
        let mut io = Io::of_process("test", &environment);
        let (mut reader, writer) = io::pipe().unwrap();
        io.stdout = Box::new(writer);
        let every = Duration::from_millis(20);
        io.print_meanwhile("quick ", Duration::from_secs(60), |_| ());
        io.print_meanwhile("slow ", every, |_| thread::sleep(every * 5));
        io.print("answer");
        drop(io);
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        assert!(
            text.starts_with("slow slow ") && text.ends_with("slow answer"),
            "{text}"
        );
    }

    #[test]
    fn a_pipe_that_stays_open_does_not_keep_us() {
        let environment = Machine::new("T").environment();
        let mut io = Io::of_process("test", &environment);
        let (reader, _writer) = io::pipe().unwrap();
        io.stdin = Timed::pipe(reader);
        let read = |stdin: &mut dyn Read| io::copy(stdin, &mut io::sink()).is_ok();
        assert!(!io.stdin(read));
        assert!(io.stdin(read), "it is read once");
    }
}
