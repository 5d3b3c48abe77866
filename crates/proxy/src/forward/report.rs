//! What a run says: failures on stderr, in the words that `codeartifact` has for them, and its address on stdout.

use std::ffi::OsStr;
use std::io::Write as _;

use codeartifact_auth::Error;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::{Exit, Failure};
use codeartifact_auth::report::Reporter;

use super::stop::Stop;

const NAME: &str = "codeartifact";

/// Records a failure, as `status` shows it, and returns its words.
pub(crate) fn failure(
    environment: &Environment,
    about: &str,
    connection: Option<&str>,
    failure: Box<Failure>,
) -> String {
    Reporter::new(NAME, environment).failure(about, connection, &Error::from(failure))
}

pub(crate) fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// A reader that has gone is no reason to stop.
pub(crate) fn announce(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
}

/// A shell's own code for a file that is no program.
const NO_PROGRAM: u8 = 126;

/// Says why a run cannot begin, and returns its exit code.
pub(crate) fn stopped(environment: &Environment, connection: Option<&str>, stop: Stop) -> u8 {
    let (text, exit) = match stop {
        Stop::Failure(found) => {
            let exit = found.exit();
            return code(
                &failure(environment, connection.unwrap_or(NAME), connection, found),
                exit,
            );
        }
        Stop::Words(words) => (words, Exit::Usage),
        Stop::Configuration(words) => (words, Exit::Configuration),
        Stop::NoCommand(words) => (words, Exit::NoCommand),
        Stop::NoProgram(program, error) => return no_program(&program, &error),
        Stop::Io(what, error) => (format!("cannot {what}: {error}\n"), Exit::Configuration),
    };
    code(&format!("{NAME}: {text}"), exit)
}

/// Says that a command is a file which is no program, and returns the exit code.
pub(crate) fn no_program(program: &OsStr, error: &std::io::Error) -> u8 {
    say(&format!(
        "{NAME}: cannot start {}: {error}\n",
        program.display()
    ));
    NO_PROGRAM
}

fn code(text: &str, exit: Exit) -> u8 {
    say(text);
    exit.into()
}
