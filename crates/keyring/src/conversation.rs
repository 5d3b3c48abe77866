//! One call of keyring, from its arguments to its exit code. The process is elsewhere: arguments and streams are
//! handed in, and so is the way to the next keyring.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use codeartifact_auth::endpoint::{Endpoint, Format, MappedHosts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::{EndpointError, Exit, row};
use codeartifact_auth::report::Reporter;
use codeartifact_auth::{Authenticator, Error};

use crate::arguments::{self, Mode, Operation, Output, Request, Stop};
use crate::{reply, usage};

/// Our name in messages; `keyring` would blame the other one.
const PROGRAM: &str = "codeartifact-keyring";

const DONE: Exit = Exit::Done;
/// What pip and uv take for "no credentials".
const NONE: Exit = Exit::Nothing;
const USAGE: Exit = Exit::Usage;

/// How long a writer may take to finish what we do not keep.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the conversation is held with.
pub(crate) struct World<'a> {
    /// The last part of `argv[0]`: argparse names itself so.
    pub(crate) program: &'a str,
    pub(crate) environment: &'a Environment,
    /// Made only when a service is asked for.
    pub(crate) authenticator: &'a dyn Fn() -> Result<Authenticator, Error>,
    /// Becomes the next keyring, or says that there is none.
    pub(crate) next: &'a dyn Fn() -> Option<io::Result<ExitCode>>,
    pub(crate) stdin: Box<dyn Read + Send>,
    pub(crate) stdout: &'a mut dyn Write,
    pub(crate) stderr: &'a mut dyn Write,
}

/// Answers, or lets the next keyring answer. Returns the exit code.
///
/// # Errors
/// A stream is closed: nobody listens.
pub(crate) fn converse(arguments: &[String], mut world: World<'_>) -> io::Result<ExitCode> {
    if let Some(text) = world.about_us(arguments) {
        return world.say(&text, DONE);
    }
    let request = arguments::parse(arguments);
    match request.as_ref().ok().and_then(for_us) {
        Some((operation, service)) => world.serve(operation, service, &request),
        None => world.pass_on(&request),
    }
}

/// A service may be ours, unless the user insists on a backend.
fn for_us(request: &Request) -> Option<(&Operation, &str)> {
    let service = request.operation.service()?;
    match request.backend {
        None => Some((&request.operation, service)),
        Some(_) => None,
    }
}

impl World<'_> {
    /// Under our own name, `--help` and `--version` are about us; as `keyring` we are keyring.
    fn about_us(&self, arguments: &[String]) -> Option<String> {
        match arguments {
            _ if self.program == "keyring" => None,
            [only] if only == "--version" => {
                Some(format!("{PROGRAM} {}\n", env!("CARGO_PKG_VERSION")))
            }
            [only] if only == "--help" || only == "-h" => Some(usage::own_help(self.program)),
            _ => None,
        }
    }

    fn serve(
        &mut self,
        operation: &Operation,
        service: &str,
        request: &Result<Request, Stop>,
    ) -> io::Result<ExitCode> {
        let authenticator = match (self.authenticator)() {
            Ok(authenticator) => authenticator,
            Err(error) => return self.serve_without(service, &error, request),
        };
        match authenticator.endpoint(service) {
            Ok(endpoint) => {
                self.warn_of_no_index(operation, service, &endpoint)?;
                self.answer(operation, &authenticator, &endpoint)
            }
            Err(Error::Endpoint(EndpointError::NotCodeArtifact(_))) => self.pass_on(request),
            Err(error) => self.fail(service, &error),
        }
    }

    /// A configuration that cannot be read must not take the user's other passwords away.
    fn serve_without(
        &mut self,
        service: &str,
        error: &Error,
        request: &Result<Request, Stop>,
    ) -> io::Result<ExitCode> {
        let code = self.fail(service, error)?;
        match Endpoint::parse(service, &MappedHosts::new()) {
            Err(EndpointError::NotCodeArtifact(_)) => self.pass_on(request),
            _ => Ok(code),
        }
    }

    /// Given the URL that uploads go to, pip would only say that nothing matches. It alone asks for JSON.
    fn warn_of_no_index(
        &mut self,
        operation: &Operation,
        service: &str,
        endpoint: &Endpoint,
    ) -> io::Result<()> {
        let by_pip = matches!(
            operation,
            Operation::Get {
                output: Output::Json,
                ..
            }
        );
        let in_pypi = matches!(&endpoint.place, Some(place) if place.format == Format::Pypi);
        let root = endpoint.root();
        if !(by_pip && in_pypi && segments(service) == segments(&root)) {
            return Ok(());
        }
        let error = Error::Failed(row::URL_NOT_AN_INDEX.with("url", root));
        let text = self.reporter().failure(service, None, &error);
        write!(self.stderr, "{text}")
    }

    fn answer(
        &mut self,
        operation: &Operation,
        authenticator: &Authenticator,
        endpoint: &Endpoint,
    ) -> io::Result<ExitCode> {
        match operation {
            Operation::Get { mode, output, .. } => {
                self.get(authenticator, endpoint, *mode, *output)
            }
            Operation::Set { .. } => self.set(endpoint),
            _ => self.forget(authenticator, endpoint),
        }
    }

    fn get(
        &mut self,
        authenticator: &Authenticator,
        endpoint: &Endpoint,
        mode: Mode,
        output: Output,
    ) -> io::Result<ExitCode> {
        let answer = match authenticator.token(endpoint, None) {
            Ok(answer) => answer,
            Err(error) => return self.fail(&endpoint.root(), &error),
        };
        let notices = self.reporter().notices(&answer.notices);
        write!(self.stderr, "{notices}")?;
        self.say(
            reply::render(&answer.token.secret, mode, output).expose(),
            DONE,
        )
    }

    fn set(&mut self, endpoint: &Endpoint) -> io::Result<ExitCode> {
        drain(std::mem::replace(&mut self.stdin, Box::new(io::empty())));
        let host = endpoint.host();
        writeln!(
            self.stderr,
            "{PROGRAM}: nothing stored for {host}: its tokens are fetched when they are needed"
        )?;
        Ok(DONE.into())
    }

    fn forget(
        &mut self,
        authenticator: &Authenticator,
        endpoint: &Endpoint,
    ) -> io::Result<ExitCode> {
        match authenticator.forget(endpoint, None) {
            Ok(notices) => {
                let notices = self.reporter().notices(&notices);
                write!(self.stderr, "{notices}")?;
                Ok(DONE.into())
            }
            Err(error) => self.fail(&endpoint.root(), &error),
        }
    }

    fn pass_on(&mut self, request: &Result<Request, Stop>) -> io::Result<ExitCode> {
        match (self.next)() {
            Some(Ok(code)) => Ok(code),
            Some(Err(error)) => {
                writeln!(
                    self.stderr,
                    "{PROGRAM}: cannot run the next keyring: {error}"
                )?;
                Ok(NONE.into())
            }
            None => self.alone(request),
        }
    }

    /// As keyring answers when it keeps nothing.
    fn alone(&mut self, request: &Result<Request, Stop>) -> io::Result<ExitCode> {
        match request {
            Err(Stop::Help) => self.say(&usage::help(self.program), DONE),
            Err(Stop::Completion) => self.complain(
                "Install keyring[completion] for completion support.\n",
                NONE,
            ),
            Err(Stop::Usage(message)) => self.complain(&usage::error(self.program, message), USAGE),
            Ok(request) => self.alone_with(request),
        }
    }

    fn alone_with(&mut self, request: &Request) -> io::Result<ExitCode> {
        match (&request.operation, &request.backend) {
            (Operation::ListBackends, _) => self.say(&format!("{PROGRAM} (priority: 10)\n"), DONE),
            (Operation::Diagnose, _) => self.say(&self.places(), DONE),
            (Operation::Disable, _) => {
                self.complain(&format!("{PROGRAM}: no other keyring on PATH to disable\n"), NONE)
            }
            (_, Some(backend)) => {
                let message = usage::no_backend(backend);
                self.complain(&usage::error(self.program, &message), USAGE)
            }
            (Operation::Get { .. }, None) => Ok(NONE.into()),
            (Operation::Set { service } | Operation::Del { service }, None) => self.complain(
                &format!("{PROGRAM}: `{service}` is not CodeArtifact's, and no other keyring is on PATH\n"),
                NONE,
            ),
        }
    }

    /// As keyring's `diagnose`: where configuration and data lie.
    fn places(&self) -> String {
        let shown = |path: Option<PathBuf>| {
            path.map_or("(none)".to_owned(), |path| match path.exists() {
                true => path.display().to_string(),
                false => format!("{} (absent)", path.display()),
            })
        };
        let config = shown(self.environment.configuration_file());
        let data = shown(self.environment.state_directory());
        format!("config path: {config}\ndata root: {data}\n")
    }

    fn fail(&mut self, what: &str, error: &Error) -> io::Result<ExitCode> {
        let text = self.reporter().failure(what, error.connection(), error);
        self.complain(&text, NONE)
    }

    fn reporter(&self) -> Reporter<'_> {
        Reporter::new(PROGRAM, self.environment)
    }

    /// The reply, in one piece.
    fn say(&mut self, text: &str, code: Exit) -> io::Result<ExitCode> {
        self.stdout.write_all(text.as_bytes())?;
        self.stdout.flush()?;
        Ok(code.into())
    }

    fn complain(&mut self, text: &str, code: Exit) -> io::Result<ExitCode> {
        self.stderr.write_all(text.as_bytes())?;
        Ok(code.into())
    }
}

/// How many pieces a URL's host and path have.
fn segments(url: &str) -> usize {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    rest.split('/').filter(|piece| !piece.is_empty()).count()
}

/// Lets the writer finish, so that `echo … | keyring set …` does not die of a closed pipe.
fn drain(mut stdin: Box<dyn Read + Send>) {
    let (finished, wait) = mpsc::channel();
    thread::spawn(move || {
        let copied = io::copy(&mut stdin, &mut io::sink());
        let _ = finished.send(copied.is_ok());
    });
    let _ = wait.recv_timeout(PATIENCE);
}

/// The last part of `argv[0]`, without `.exe`.
pub(crate) fn program_name(first: Option<OsString>) -> String {
    let path = PathBuf::from(first.unwrap_or_default());
    let stem = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    stem.unwrap_or_else(|| PROGRAM.to_owned())
}

/// What is not Unicode is no service of ours; the next keyring gets it unchanged.
pub(crate) fn as_text(arguments: &[OsString]) -> Vec<String> {
    let texts = arguments.iter().map(|argument| argument.to_string_lossy());
    texts.map(|text| text.into_owned()).collect()
}

#[cfg(test)]
mod tests;
