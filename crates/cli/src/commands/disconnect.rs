//! `codeartifact disconnect`: removes a connection from the configuration, and forgets the tokens kept for it.

use codeartifact_auth::Warning;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::report::Reporter;

use crate::arguments::DisconnectArguments;
use crate::commands::authenticator;
use crate::config_file::ConfigurationFile;
use crate::output::Output;

pub(crate) fn run(
    arguments: &DisconnectArguments,
    environment: &Environment,
    reporter: &Reporter,
) -> anyhow::Result<Output> {
    let name = &arguments.name;
    let file = ConfigurationFile::of(environment)?;
    let warnings = forget_tokens(name, environment);
    file.remove(name)?;
    Ok(Output::done(
        format!(
            "connection {name} is removed from {}\n",
            file.path().display()
        ),
        reporter.warnings(&warnings),
    ))
}

/// Tokens are found through the configuration. One that does not load is no reason to keep the connection.
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
