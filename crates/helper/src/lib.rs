//! The one way to be a helper: everything that a program for a package manager does around its protocol. A helper is a
//! type that implements [`Helper`]; its program is one call of [`main`].
//!
//! Arguments, variables and streams are handed in as [`Io`], so a test holds a whole conversation with byte buffers.
//! No protocol and no package manager is known here; tokens are `codeartifact_auth`'s.

#[cfg(any(test, feature = "for_tests"))]
pub mod for_tests;
mod io;
mod lines;
mod own_names;
mod turn_into;

use std::ffi::OsStr;
use std::process::ExitCode;

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::{Environment, PROXIED};
use codeartifact_auth::error::{EndpointError, Exit};
use codeartifact_auth::next_on_path::Successor;
use codeartifact_auth::process::keep_memory_private;
use codeartifact_auth::{Authenticator, Error, VERSION};

pub use io::Io;
pub use lines::{Lines, line_of};
pub use own_names::own_names;
pub use turn_into::{next_program, turn_into};

/// A protocol by which a package manager asks for credentials.
pub trait Helper {
    /// The program's own name, which starts each of its messages.
    const NAME: &'static str;

    /// The text for `--help`.
    const HELP: &'static str;

    /// Returns true if the helper plays another program when it is called as `program` (`argv[0]`). Then `--help` and
    /// `--version` are for [`Helper::run`] too.
    fn stands_in(&self, _program: &OsStr) -> bool {
        false
    }

    /// Answers one call.
    fn run(&self, io: &mut Io<'_>) -> End;
}

/// The end of a run.
#[derive(Debug)]
pub enum End {
    /// The process exits with this code.
    Exit(Exit),
    /// The process becomes this program.
    Become(Box<Successor>),
}

impl End {
    /// The process becomes this program.
    pub fn becoming(program: impl Into<Successor>) -> Self {
        End::Become(Box::new(program.into()))
    }
}

impl From<Exit> for End {
    fn from(exit: Exit) -> Self {
        End::Exit(exit)
    }
}

/// Reads a URL or host as clients spell it. `None` if it is not CodeArtifact's: then the next one has to answer. Behind
/// `codeartifact exec --proxy` none is ours, because the proxy adds the token and the build must not have one.
///
/// # Errors
/// It is CodeArtifact's, and has to be corrected.
pub fn endpoint(authenticator: &Authenticator, text: &str) -> Result<Option<Endpoint>, Error> {
    if authenticator.environment().variable(PROXIED).is_some() {
        return Ok(None);
    }
    match authenticator.endpoint(text) {
        Err(Error::Endpoint(EndpointError::NotCodeArtifact(_))) => Ok(None),
        endpoint => endpoint.map(Some),
    }
}

/// Runs `helper` as this process.
pub fn main<H: Helper>(helper: H) -> ExitCode {
    keep_memory_private();
    let environment = Environment::of_process();
    let mut io = Io::of_process(H::NAME, &environment);
    match answer(&helper, &mut io) {
        End::Exit(exit) => exit.into(),
        End::Become(program) => turn_into(H::NAME, *program),
    }
}

/// One run, apart from the process. A reply that nobody could read is a failure.
fn answer<H: Helper>(helper: &H, io: &mut Io<'_>) -> End {
    let end = match about_itself(helper, io) {
        Some(text) => io.finish(&text),
        None => helper.run(io),
    };
    match end {
        End::Exit(_) if io.is_stdout_closed => Exit::Nothing.into(),
        end => end,
    }
}

/// The answer to `--help` and `--version`.
fn about_itself<H: Helper>(helper: &H, io: &Io<'_>) -> Option<String> {
    let [only] = io.arguments() else { return None };
    if helper.stands_in(io.program()) {
        return None;
    }
    match only.to_str()? {
        "--help" | "-h" => Some(H::HELP.to_owned()),
        "--version" | "-V" => Some(format!("{} {VERSION}\n", H::NAME)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::for_tests::Machine;
    use super::*;

    /// Answers with its arguments; called as `played`, it plays another program.
    struct Echo;

    impl Helper for Echo {
        const NAME: &'static str = "echo-helper";
        const HELP: &'static str = "usage: echo-helper\n";

        fn stands_in(&self, program: &OsStr) -> bool {
            program == "played"
        }

        fn run(&self, io: &mut Io<'_>) -> End {
            let texts = io.texts().join(" ");
            io.finish(&format!("{texts}\n"))
        }
    }

    #[test]
    fn help_and_version_are_about_the_helper_unless_it_plays_another_program() {
        let version = &*format!("echo-helper {VERSION}\n");
        let rows: [(&str, &[&str], &str); 8] = [
            ("echo-helper", &["--help"], Echo::HELP),
            ("echo-helper", &["-h"], Echo::HELP),
            ("another-name", &["--version"], version),
            ("echo-helper", &["-V"], version),
            ("echo-helper", &["--help", "more"], "--help more\n"),
            ("echo-helper", &[], "\n"),
            ("played", &["--help"], "--help\n"),
            ("played", &["--version"], "--version\n"),
        ];
        for (program, arguments, expected) in rows {
            let mut machine = Machine::new("T");
            machine.program = program.into();
            let said = machine.call(&Echo, arguments);
            assert_eq!(said.stdout, expected, "{program} {arguments:?}");
            assert_eq!(said.exit, Some(Exit::Done));
        }
    }

    #[test]
    fn a_reply_that_nobody_reads_is_a_failure() {
        let environment = Machine::new("T").environment();
        let mut io = Io::of_process(Echo::NAME, &environment);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        io.stdout = Box::new(writer);
        let end = answer(&Echo, &mut io);
        assert!(matches!(end, End::Exit(Exit::Nothing)), "{end:?}");
    }
}
