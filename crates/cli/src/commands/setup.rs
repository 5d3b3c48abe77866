//! `codeartifact setup`: one file per client, which writes that client's own configuration.

mod go;
mod go_settings;

use codeartifact_auth::environment::Environment;

use crate::arguments::SetupClient;
use crate::output::Output;

/// Sets up the client that was named.
pub(crate) fn run(client: &SetupClient, environment: &Environment) -> anyhow::Result<Output> {
    match client {
        SetupClient::Go(arguments) => go::run(arguments, environment),
    }
}
