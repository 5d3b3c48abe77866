//! `codeartifact disconnect`: takes a connection out of the configuration, and forgets the tokens kept for it.

use codeartifact_auth::connection::ConfigurationFile;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::report::Reporter;
use codeartifact_auth::{Error, Warning};

use crate::arguments::DisconnectArguments;
use crate::commands::authenticator;
use crate::output::Output;

pub(crate) fn run(
    arguments: &DisconnectArguments,
    environment: &Environment,
    reporter: &Reporter,
) -> anyhow::Result<Output> {
    let name = &arguments.name;
    let file = ConfigurationFile::of(environment).map_err(Error::from)?;
    let warnings = forget_tokens(name, environment);
    file.remove(name).map_err(Error::from)?;
    Ok(Output::done(
        format!("connection {name} is gone from {}\n", file.path().display()),
        reporter.warnings(&warnings),
    ))
}

/// A configuration that does not load has no tokens that could be found through it; the connection goes all the same.
fn forget_tokens(name: &str, environment: &Environment) -> Vec<Warning> {
    let Ok(authenticator) = authenticator(environment) else {
        return Vec::new();
    };
    let Ok(configuration) = authenticator.connections().configuration() else {
        return Vec::new();
    };
    let connection = configuration.connection(name).into_iter();
    connection
        .flat_map(|connection| connection.endpoints.values())
        .filter_map(|endpoint| authenticator.forget(endpoint, Some(name)).ok())
        .flatten()
        .collect()
}
