//! `codeartifact exec`: which repositories a command is to read, a token for each domain, and the command with what
//! its package managers need in its environment. What each of them is told is in `exec/variables.rs`.

mod logins;
mod project;
mod variables;

use std::ffi::OsString;
use std::process::Command;

use codeartifact_auth::Authenticator;
use codeartifact_auth::Error;
use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::{
    CONNECTION, Environment, GOPROXY, PIP_INDEX_URL, UV_DEFAULT_INDEX,
};
use codeartifact_auth::error::Exit;
use codeartifact_auth::report::Reporter;
use codeartifact_auth::successor;
use codeartifact_goauth::settings::{entries, setting};

use crate::arguments::ExecArguments;
use crate::commands::authenticator;
use crate::output::{Output, Usage};
use logins::Logins;
use project::Source;
use variables::Variables;

const NPM: &str = "codeartifact-npm";

/// Repositories that a command may read.
#[derive(Debug)]
struct Wanted {
    /// The connection that was named, or the only one.
    connection: Option<Connection>,
    /// What the project's own configuration names.
    sources: Vec<Source>,
    /// What variables name already.
    others: Vec<Endpoint>,
}

pub(crate) fn run(
    arguments: &ExecArguments,
    environment: &Environment,
    reporter: &Reporter,
) -> anyhow::Result<Output> {
    let authenticator = authenticator(environment)?;
    let named = arguments.connection.as_deref();
    let wanted = wanted(named, &authenticator, environment)?;
    let (logins, mut remarks) = logins(&wanted, named, &authenticator, reporter)?;
    let mut variables = Variables::new(environment);
    if let Some(connection) = &wanted.connection {
        variables.for_connection(connection, &wanted.sources, &logins);
    }
    variables.for_sources(&wanted.sources, &logins);
    variables.for_everybody(&logins);
    if let Some(name) = named {
        variables.set(CONNECTION, name);
    }
    let mut command = command(&arguments.command, environment)?;
    remarks += &variables.give_to(&mut command);
    Ok(Output::becomes(command, remarks))
}

fn wanted(
    named: Option<&str>,
    authenticator: &Authenticator,
    environment: &Environment,
) -> anyhow::Result<Wanted> {
    let wanted = Wanted {
        connection: connection(named, authenticator, environment)?,
        sources: project::sources(authenticator)?,
        others: in_variables(authenticator, environment),
    };
    match wanted.connection.is_none() && wanted.sources.is_empty() && wanted.others.is_empty() {
        false => Ok(wanted),
        true => Err(Usage::new(
            "which repositories? neither a connection, nor this project's pyproject.toml, nor a variable names one\n  \
             hint: give --connection NAME; `codeartifact connections` lists them",
        )
        .into()),
    }
}

/// The one named by flag or variable, or the only one there is.
fn connection(
    named: Option<&str>,
    authenticator: &Authenticator,
    environment: &Environment,
) -> anyhow::Result<Option<Connection>> {
    let configuration = authenticator.connections().configuration();
    let configuration = configuration.map_err(Error::from)?;
    let by_variable = environment.text(CONNECTION);
    let variable = named.is_none().then_some(CONNECTION);
    if let Some(name) = named.or(by_variable.as_deref()) {
        let connection = configuration.require(name, variable).map_err(Error::from)?;
        return Ok(Some(connection.clone()));
    }
    let mut all = configuration.connections();
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(Some(only.clone())),
        _ => Ok(None),
    }
}

fn in_variables(authenticator: &Authenticator, environment: &Environment) -> Vec<Endpoint> {
    let go = setting(GOPROXY, environment).unwrap_or_default();
    let go = entries(&go).into_iter().map(|(entry, _)| entry.to_owned());
    let python = [PIP_INDEX_URL, UV_DEFAULT_INDEX].map(|name| environment.text(name));
    let values = python.into_iter().flatten().chain(go);
    values
        .filter_map(|value| authenticator.endpoint(url(&value)).ok())
        .collect()
}

/// uv takes `NAME=URL`, too.
fn url(text: &str) -> &str {
    match text.split_once('=') {
        Some((name, url)) if !name.contains("://") => url,
        _ => text,
    }
}

/// A token for each host. Without the named connection's there is no point in going on; of the others, those that
/// can be had are taken.
fn logins(
    wanted: &Wanted,
    named: Option<&str>,
    authenticator: &Authenticator,
    reporter: &Reporter,
) -> anyhow::Result<(Logins, String)> {
    let mut logins = Logins::default();
    let mut remarks = String::new();
    if let Some(connection) = &wanted.connection {
        for endpoint in connection.endpoints.values() {
            remarks += &logins.add(
                endpoint,
                connection.name.as_deref(),
                authenticator,
                reporter,
            )?;
        }
    }
    let sources = wanted.sources.iter().map(|source| &source.endpoint);
    for endpoint in sources.chain(&wanted.others) {
        remarks += &match logins.add(endpoint, named, authenticator, reporter) {
            Ok(remarks) => remarks,
            Err(error) => reporter.failure(&endpoint.root(), error.connection(), &error),
        };
    }
    Ok((logins, remarks))
}

/// npm and its like read their token from a file when they start: codeartifact-npm makes one in memory, on its way to
/// the command.
fn command(words: &[OsString], environment: &Environment) -> anyhow::Result<Command> {
    let (name, arguments) = words
        .split_first()
        .ok_or_else(|| Usage::new("there is no command"))?;
    let Some(program) = successor::find(name, environment) else {
        return Err(NotThere(name.to_string_lossy().into_owned()).into());
    };
    let npm = successor::beside_us(NPM, environment);
    let mut command = match npm.filter(|_| cfg!(target_os = "linux")) {
        Some(npm) => {
            let mut command = Command::new(npm);
            command.args(["exec", "--no-file", "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.args(arguments);
    Ok(command)
}

/// The command is not on PATH.
#[derive(Debug)]
pub(crate) struct NotThere(String);

impl NotThere {
    pub(crate) const EXIT: Exit = Exit::NoCommand;
}

impl std::fmt::Display for NotThere {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "no `{}` is on PATH", self.0)
    }
}

impl std::error::Error for NotThere {}
