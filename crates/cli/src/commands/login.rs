//! `codeartifact login`: asks a person, once, for what the first credentials of connections need (an MFA code, an SSO
//! sign-in), and gets the tokens that need it. Helpers never ask; they find these tokens.

mod browser;
mod prompt;

use std::rc::Rc;

use codeartifact_auth::connection::{Connection, Connections};
use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::mint::{AwsMinter, SignIn};
use codeartifact_auth::report::Reporter;
use codeartifact_auth::{Authenticator, Error};
use codeartifact_clients::error::UsageError;
use codeartifact_clients::words::span;

use self::prompt::Terminal;
use crate::arguments::LoginArguments;
use crate::console::Console;
use crate::output::Output;

/// One token to get.
struct MissingToken {
    endpoint: Endpoint,
    connection: Option<String>,
}

pub(crate) fn run(
    arguments: &LoginArguments,
    environment: &Environment,
    console: &mut Console,
    reporter: &Reporter,
) -> anyhow::Result<Output> {
    let connections = Connections::load(environment)?;
    let wanted = match arguments.subject.as_deref() {
        Some(subject) => of_subject(subject, &connections)?,
        None => of_all(&connections, environment)?,
    };
    let sign_in = Rc::new(SignIn::new(Box::new(Terminal {
        opens_pages: !arguments.no_browser,
    })));
    let mut exit = Exit::Done;
    for wanted in &wanted {
        match get(wanted, environment, &sign_in) {
            Ok(text) => console.say(&text),
            Err(error) => {
                let name = wanted.connection.as_deref();
                let text = reporter.failure(&wanted.endpoint.root(), name, &error);
                console.deliver(&Output::failed(text, error.exit()));
                exit = if exit == Exit::Done {
                    error.exit()
                } else {
                    exit
                };
            }
        }
    }
    Ok(Output::ended(exit))
}

/// A run of its own for each, since a person takes as long as they like.
fn get(
    wanted: &MissingToken,
    environment: &Environment,
    sign_in: &Rc<SignIn>,
) -> Result<String, Error> {
    let minter = AwsMinter::with_person(environment.clone(), Rc::clone(sign_in));
    let authenticator = Authenticator::new(environment.clone(), Box::new(minter))?;
    let connection = wanted.connection.as_deref();
    let answer = authenticator.renew(&wanted.endpoint, connection)?;
    // Up to the minute: the seconds that the answer took say nothing.
    let minutes = answer.token.remaining(environment.now()).div_ceil(60);
    let left = span(minutes * 60);
    let domain = &wanted.endpoint.domain.name;
    let label = connection.map_or_else(|| "own credentials".to_owned(), str::to_owned);
    Ok(format!("{label}: token for {domain}, good for {left}\n"))
}

/// A connection's name goes before anything that looks like a URL.
fn of_subject(subject: &str, connections: &Connections) -> anyhow::Result<Vec<MissingToken>> {
    let configuration = connections.configuration()?;
    match configuration.connection(subject) {
        None if subject.contains(['.', '/', ':']) => {
            let endpoint = Endpoint::parse(subject, connections.hosts()?)?;
            let connection = connections.find(&endpoint, None)?.name;
            Ok(vec![MissingToken {
                endpoint,
                connection,
            }])
        }
        _ => {
            let connection = configuration.require(subject, None)?;
            connection.require_repository()?;
            Ok(of_connection(connection))
        }
    }
}

fn of_all(
    connections: &Connections,
    environment: &Environment,
) -> anyhow::Result<Vec<MissingToken>> {
    let configuration = connections.configuration()?;
    let mut wanted = Vec::new();
    for written in configuration.connections() {
        let connection = connections.named_or_ambient(written.name.as_deref())?;
        if connection.needs_person(environment) {
            wanted.extend(of_connection(&connection));
        }
    }
    match (wanted.is_empty(), configuration.connections().next()) {
        (false, _) => Ok(wanted),
        (true, Some(_)) => Err(UsageError::new(
            "no connection needs a person: none has a profile with an MFA device or an SSO session\n  \
             hint: `codeartifact test` shows whether they work",
        )
        .into()),
        (true, None) => Err(UsageError::new(
            "sign in for what? there is no connection\n  hint: give a repository's URL",
        )
        .into()),
    }
}

/// Each domain once.
fn of_connection(connection: &Connection) -> Vec<MissingToken> {
    let mut wanted: Vec<MissingToken> = Vec::new();
    for endpoint in connection.endpoints.values() {
        if wanted
            .iter()
            .all(|it| it.endpoint.domain != endpoint.domain)
        {
            wanted.push(MissingToken {
                endpoint: endpoint.clone(),
                connection: connection.name.clone(),
            });
        }
    }
    wanted
}
