//! `codeartifact exec` finds the repositories that a command may read, gets a token for each domain, and runs the
//! command with the variables that its package managers need. The crate `clients` knows the variables.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::{Endpoint, Format};
use codeartifact_auth::environment::{CONNECTION, Environment, TIME_LEFT};
use codeartifact_auth::error::{Exit, Failure};
use codeartifact_auth::next_on_path::{self, Successor};
use codeartifact_auth::report::Reporter;
use codeartifact_auth::{Authenticator, Error};
use codeartifact_clients::ALL;
use codeartifact_clients::error::UsageError;
use codeartifact_clients::here::Here;
use codeartifact_clients::logins::Logins;
use codeartifact_clients::setting::{Origin, Setting};
use codeartifact_clients::variables::Variables;
use codeartifact_helper::next_program;

use crate::arguments::ExecArguments;
use crate::commands::chosen::connection;
use crate::commands::{authenticator, proxy};
use crate::output::Output;

const NPM: &str = "codeartifact-npm";

/// Repositories that a command may read.
#[derive(Debug)]
struct Readable {
    /// The connection that was named, or the only one.
    connection: Option<Connection>,
    /// The sources that the project's own configuration names, by client.
    sources: Vec<(&'static str, Setting)>,
    /// Repositories that variables name already.
    others: Vec<Endpoint>,
}

pub(crate) fn run(
    arguments: &ExecArguments,
    environment: &Environment,
    reporter: &Reporter,
) -> anyhow::Result<Output> {
    if arguments.proxy {
        return proxy::exec(arguments, environment);
    }
    check(arguments)?;
    let authenticator = authenticator(environment)?;
    let named = arguments.connection.as_deref();
    let here = Here::new(environment)?;
    let wanted = wanted(named, &authenticator, &here)?;
    let mut asking = Asking {
        authenticator: &authenticator,
        reporter,
        logins: Logins::default(),
        remarks: String::new(),
        failures: Vec::new(),
    };
    asking.log_in(&wanted, named)?;
    let connection = wanted.connection.as_ref();
    let (sources, publishes) = (&wanted.sources, arguments.publish.is_some());
    let mut variables = Variables::gather(&here, connection, sources, &asking.logins, publishes);
    if arguments.command.iter().any(|word| is_renovate(word)) {
        variables.set_host_rules();
    }
    if let Some(name) = &arguments.token_variable
        && !variables.set_token(name)
    {
        return Err(UsageError::new(format!(
            "which token is for {name}? there are several domains\n  hint: name a connection with one domain"
        ))
        .into());
    }
    if let Some(name) = named {
        variables.set(CONNECTION, name);
    }
    let left = authenticator.time_left();
    let Some(command) = command(&arguments.command, left, environment) else {
        let name = arguments.command.first().map(|name| name.to_string_lossy());
        let text = format!(
            "codeartifact: no `{}` is on PATH\n",
            name.unwrap_or_default()
        );
        return Ok(Output::failed(text, Exit::NoCommand));
    };
    let mut successor = Successor::from(command);
    let remarks = asking.remarks + &variables.give_to(&mut successor);
    Ok(Output::becomes(successor, remarks))
}

/// `renovate`, and as `npx renovate@44` starts it.
fn is_renovate(word: &OsStr) -> bool {
    let name = Path::new(word).file_name().and_then(OsStr::to_str);
    name.is_some_and(|name| name.split('@').next() == Some("renovate"))
}

/// These are for a command behind the proxy.
fn check(arguments: &ExecArguments) -> Result<(), UsageError> {
    let options = &arguments.options;
    let is_set = options.others.is_some() || options.journal.is_some();
    if is_set || options.java || options.go {
        return Err(UsageError::new(
            "--others, --journal, --java and --go are for --proxy\n  hint: add --proxy",
        ));
    }
    match &arguments.publish {
        Some(Some(word)) => Err(UsageError::new(format!(
            "only with --proxy does --publish take a repository, here `{word}`\n  hint: write `--` before the command"
        ))),
        _ => Ok(()),
    }
}

fn wanted(
    named: Option<&str>,
    authenticator: &Authenticator,
    here: &Here<'_>,
) -> anyhow::Result<Readable> {
    let mut wanted = Readable {
        connection: connection(named, authenticator, here.environment)?,
        sources: Vec::new(),
        others: Vec::new(),
    };
    let project = here.directory.join("pyproject.toml");
    // The registries of npm and its like are codeartifact-npm's to find, on its way to the command.
    for client in ALL.iter().filter(|client| client.format() != Format::Npm) {
        client.require_harmless(here)?;
        for setting in client.settings(here)? {
            match &setting.origin {
                Origin::Variable(_) => wanted.others.push(setting.endpoint),
                Origin::File(file, _) if *file == project => {
                    wanted.sources.push((client.name(), setting));
                }
                // The user's own files: `exec` reads what is here.
                Origin::File(..) | Origin::Option(_) => {}
            }
        }
    }
    let is_empty =
        wanted.connection.is_none() && wanted.sources.is_empty() && wanted.others.is_empty();
    if is_empty && !here.names_registries()? {
        return Err(UsageError::new(
            "which repositories? neither a connection, nor this project's pyproject.toml, nor a variable names one\n  \
             hint: give --connection NAME; `codeartifact connections` lists them",
        )
        .into());
    }
    Ok(wanted)
}

/// The tokens that were asked for, and the remarks about them.
struct Asking<'a> {
    authenticator: &'a Authenticator,
    reporter: &'a Reporter<'a>,
    logins: Logins,
    remarks: String,
    /// One failure may befall every source of a project.
    failures: Vec<Failure>,
}

impl Asking<'_> {
    /// A token for each host. Without the named connection's there is no point in going on; of the others, those that
    /// can be had are taken.
    fn log_in(&mut self, wanted: &Readable, named: Option<&str>) -> Result<(), Error> {
        if let Some(connection) = &wanted.connection {
            for endpoint in connection.endpoints.values() {
                self.ask(endpoint, connection.name.as_deref())?;
            }
        }
        let sources = wanted.sources.iter().map(|(_, source)| &source.endpoint);
        for endpoint in sources.chain(&wanted.others) {
            if let Err(error) = self.ask(endpoint, named) {
                let failure = error.failure();
                if self.failures.iter().any(|known| failure.repeats(known)) {
                    continue;
                }
                self.failures.push(*failure);
                let connection = error.connection();
                self.remarks += &self.reporter.failure(&endpoint.root(), connection, &error);
            }
        }
        Ok(())
    }

    /// Once for each host.
    fn ask(&mut self, endpoint: &Endpoint, connection: Option<&str>) -> Result<(), Error> {
        if self.logins.of(endpoint).is_none() {
            let answer = self.authenticator.token(endpoint, connection)?;
            self.logins.add(endpoint, answer.token.secret);
            self.remarks += &self.reporter.warnings(&answer.warnings);
        }
        Ok(())
    }
}

/// npm and its like read their token from a file when they start: codeartifact-npm makes one in memory, on its way to
/// the command.
fn command(words: &[OsString], left: Duration, environment: &Environment) -> Option<Command> {
    let next = next_program(words, environment)?;
    let Some(npm) = next_on_path::beside_us(NPM, environment) else {
        return Some(next);
    };
    let mut command = Command::new(npm);
    command.args(["exec", "--no-file", "--"]);
    command.env(TIME_LEFT, left.as_millis().to_string());
    command.arg(next.get_program()).args(next.get_args());
    Some(command)
}
