//! The connection that a command is about: the one that is named, or the only one.

use codeartifact_auth::Authenticator;
use codeartifact_auth::connection::Connection;
use codeartifact_auth::environment::{CONNECTION, Environment};

/// The one named by flag or variable, or the only one there is.
pub(super) fn connection(
    named: Option<&str>,
    authenticator: &Authenticator,
    environment: &Environment,
) -> anyhow::Result<Option<Connection>> {
    let configuration = authenticator.connections().configuration()?;
    let by_variable = environment.text(CONNECTION);
    let variable = named.is_none().then_some(CONNECTION);
    if let Some(name) = named.or(by_variable.as_deref()) {
        let connection = configuration.require(name, variable)?;
        return Ok(Some(connection.clone()));
    }
    let mut all = configuration.connections();
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(Some(only.clone())),
        _ => Ok(None),
    }
}
