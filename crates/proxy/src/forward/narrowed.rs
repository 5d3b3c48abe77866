//! The connection as a run has it: its tokens are good for reading its repositories alone, and none is kept. It is a second
//! wall behind the policy.

use codeartifact_auth::connection::{
    CacheChoice, Connection, Connections, LONGEST_SESSION_POLICY, Scope,
};
use codeartifact_auth::environment::Environment;

use super::reach::Reach;
use super::settings::Settings;
use super::stop::Stop;

/// The connection, its tokens narrowed to reading its repositories: a second wall behind the policy.
pub(crate) fn connection(
    settings: &Settings,
    environment: &Environment,
) -> Result<(Connection, Reach), Stop> {
    let connections = Connections::load(environment)?;
    let mut connection = connections.named_or_ambient(Some(&settings.connection))?;
    let reach = Reach::of(&connection, connections.hosts()?, &settings.publish);
    if let Some(unknown) = settings
        .publish
        .iter()
        .find(|name| !reach.repositories().any(|it| it == *name))
    {
        return Err(Stop::Words(format!(
            "connection `{}` has no repository `{unknown}` to publish to\n  \
             hint: `codeartifact connections {}` shows its repositories\n",
            settings.connection, settings.connection
        )));
    }
    // What is kept for this user, the build could read.
    connection.cache = CacheChoice::Off;
    // A session that may only read cannot publish.
    if settings.publish.is_empty() {
        connection = narrowed(connection);
    }
    Ok((connection, reach))
}

/// The connection, its sessions narrowed to reading its repositories. Without a role there is no session to narrow.
pub(crate) fn narrowed(connection: Connection) -> Connection {
    let narrowed = Connection {
        scope: Scope::Repositories,
        ..connection.clone()
    };
    let policy = narrowed.session_policy();
    let fits = policy.is_some_and(|policy| policy.len() <= LONGEST_SESSION_POLICY);
    if !connection.hops.is_empty() && fits {
        narrowed
    } else {
        connection
    }
}
