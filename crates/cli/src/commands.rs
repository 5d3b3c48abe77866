//! One file per command; this one chooses, and turns what went wrong into text and an exit code.

mod chosen;
mod completions;
mod connect;
mod connections;
mod disconnect;
mod doctor;
mod exec;
mod go;
mod login;
mod logout;
mod policy;
mod proxy;
mod refused;
mod repositories;
mod setup;
mod status;
mod token;
mod uninstall;

use std::io::Write as _;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::{EndpointError, Exit, Failure};
use codeartifact_auth::mint::AwsMinter;
use codeartifact_auth::report::Reporter;
use codeartifact_auth::{Authenticator, Error};

use crate::arguments::Command;
use crate::console::Console;
use crate::output::Output;
use codeartifact_clients::error::{UsageError, UserError};

/// Runs a command to its end. What it shows on the way goes to the console.
pub(crate) fn run(command: &Command, environment: &Environment, console: &mut Console) -> Output {
    let reporter = Reporter::new("codeartifact", environment);
    let result = match command {
        Command::Token(arguments) => token::run(arguments, environment, &reporter),
        Command::Connect(arguments) => connect::run(arguments, environment, console),
        Command::Login(arguments) => login::run(arguments, environment, console, &reporter),
        Command::Connections(arguments) => connections::run(arguments, environment),
        Command::Disconnect(arguments) => disconnect::run(arguments, environment, &reporter),
        Command::Repositories(arguments) => repositories::run(arguments, environment, &reporter),
        Command::Policy(document) => policy::run(document, environment),
        Command::Test(arguments) => doctor::test(arguments, environment, console),
        Command::Doctor(arguments) => doctor::run(arguments, environment, console),
        Command::Status(arguments) => status::run(arguments, environment),
        Command::Logout(arguments) => logout::run(arguments, environment),
        Command::Setup(client) => setup::run(client, environment),
        Command::Exec(arguments) => exec::run(arguments, environment, &reporter),
        Command::Proxy(arguments) => proxy::run(arguments, environment),
        Command::Go(command) => go::run(command, environment),
        Command::Uninstall(arguments) => uninstall::run(arguments, environment),
        Command::Completions(arguments) => completions::run(arguments),
    };
    result.unwrap_or_else(|error| explain(command, error, &reporter))
}

/// Reads the configuration. On a miss this program asks AWS itself.
pub(crate) fn authenticator(environment: &Environment) -> Result<Authenticator, Error> {
    let minter = AwsMinter::new(environment.clone()).telling(tell);
    Authenticator::new(environment.clone(), Box::new(minter))
}

/// Tells on stderr what went wrong beside AWS: a token comes all the same.
pub(crate) fn tell(failure: &Failure) {
    let hint = failure.hint().unwrap_or_default();
    let text = format!("codeartifact: {failure}\n  hint: {hint}\n");
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn explain(command: &Command, error: anyhow::Error, reporter: &Reporter) -> Output {
    let error = match failure(error) {
        Ok(error) => {
            let connection = command.connection().or(error.connection());
            let text = if command.gets_a_token() {
                reporter.failure(command.subject(), connection, &error)
            } else {
                reporter.text_of(&error)
            };
            return Output::failed(text, error.exit());
        }
        Err(error) => error,
    };
    let exit = match &error {
        error if error.is::<UsageError>() => Exit::Usage,
        error if error.is::<UserError>() || error.is::<std::io::Error>() => Exit::Configuration,
        _ => Exit::Bug,
    };
    Output::failed(format!("codeartifact: {error:#}\n"), exit)
}

/// The failure to get a token that an error is, if it is one. `?` keeps the narrower type of what a command called.
fn failure(error: anyhow::Error) -> anyhow::Result<Error> {
    error
        .downcast()
        .or_else(|error| error.downcast::<EndpointError>().map(Error::from))
        .or_else(|error| error.downcast::<Box<Failure>>().map(Error::from))
}
