//! `codeartifact-keyring`: answers as the `keyring` command for CodeArtifact, and hands everything else on.
//! Only the process edge: what is said is in `conversation`.

mod arguments;
mod conversation;
mod next;
mod reply;
mod usage;

use std::io::{self, IsTerminal, Read};
use std::process::ExitCode;

use codeartifact_auth::Authenticator;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::process::keep_memory_private;

use conversation::World;

fn main() -> ExitCode {
    keep_memory_private();
    let mut given = std::env::args_os();
    let program = conversation::program_name(given.next());
    let given: Vec<_> = given.collect();
    let environment = Environment::of_process();
    let world = World {
        program: &program,
        environment: &environment,
        authenticator: &|| {
            Authenticator::new(
                environment.clone(),
                Box::new(codeartifact_auth::minter::Beside),
            )
        },
        next: &|| next::become_next(&given, &environment),
        stdin: stdin(),
        stdout: &mut io::stdout(),
        stderr: &mut io::stderr(),
    };
    conversation::converse(&conversation::as_text(&given), world).unwrap_or(ExitCode::FAILURE)
}

/// A person at a terminal is not asked for what is not kept.
fn stdin() -> Box<dyn Read + Send> {
    match io::stdin().is_terminal() {
        true => Box::new(io::empty()),
        false => Box::new(io::stdin()),
    }
}
