//! `codeartifact-goauth`: the command for GOAUTH that gives go its CodeArtifact tokens (`go help goauth`).
//! Only the process edge: what is said is in `conversation`.

mod answer;
mod conversation;
mod prefix;
mod reach;
mod refusal;

use std::io::{self, IsTerminal, Read};
use std::process::ExitCode;

use codeartifact_auth::Authenticator;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::process::keep_memory_private;

use conversation::World;

fn main() -> ExitCode {
    keep_memory_private();
    let arguments: Vec<_> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let environment = Environment::of_process();
    let world = World {
        environment: &environment,
        authenticator: &|| Authenticator::new(environment.clone()),
        stdin: stdin(),
        stdout: &mut io::stdout(),
        stderr: &mut io::stderr(),
    };
    conversation::converse(&arguments, world).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// At a terminal there is a person, who has no response to show.
fn stdin() -> Box<dyn Read + Send> {
    match io::stdin().is_terminal() {
        true => Box::new(io::empty()),
        false => Box::new(io::stdin()),
    }
}
