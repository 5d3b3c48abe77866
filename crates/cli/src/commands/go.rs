//! `codeartifact go publish`: a Go module becomes a generic package, in the layout that the proxy serves to go.
//! `go/source.rs` reads the module's directory, `go/path.rs` and `go/version.rs` know which paths and versions go takes.

mod archive;
mod path;
mod source;
mod version;

use std::time::Duration;

use codeartifact_auth::connection::{Connection, Connections, GO_NAMESPACE};
use codeartifact_auth::endpoint::{Endpoint, Format};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::mint::{Asset, Publication, Published};
use codeartifact_clients::error::UsageError;
use serde_json::json;

use self::source::ModuleSource;
use crate::arguments::{GoCommand, GoPublishArguments};
use crate::output::Output;

/// Half a gigabyte, over a slow line.
const DEADLINE: Duration = Duration::from_secs(60 * 60);

pub(crate) fn run(command: &GoCommand, environment: &Environment) -> anyhow::Result<Output> {
    match command {
        GoCommand::Publish(arguments) => publish(arguments, environment),
    }
}

fn publish(arguments: &GoPublishArguments, environment: &Environment) -> anyhow::Result<Output> {
    let (connection, endpoint) = destination(arguments.connection.as_deref(), environment)?;
    let place = endpoint.place.as_ref();
    let repository = place.map_or("", |place| place.repository.as_str());
    let version = arguments.version();
    let source = ModuleSource::read(&arguments.directory())?;
    path::check(&source.module)?;
    version::check(&source.module, version)?;
    let package = codeartifact_proxy::forward::go_package(&source.module);
    let publication = Publication {
        connection: &connection,
        domain: &endpoint.domain,
        repository,
        namespace: GO_NAMESPACE,
        package: &package,
        version,
        deadline: DEADLINE,
    };
    let assets = assets(&source, version, environment)?;
    let what = format!("{} {version}", source.module);
    let said = match publication.publish(environment, &assets)? {
        Published::Now(_) => format!("published {what} to {repository}\n"),
        Published::Before => format!("{repository} has {what} already, with the same files\n"),
    };
    Ok(Output::done(said, String::new()))
}

/// The archive is the last one: with it the version is there.
fn assets(
    source: &ModuleSource,
    version: &str,
    environment: &Environment,
) -> anyhow::Result<Vec<Asset>> {
    let info = json!({ "Version": version, "Time": environment.now().to_string() }).to_string();
    let asset = |part: &str, bytes: Vec<u8>, may_differ| Asset {
        name: format!("{version}.{part}"),
        bytes,
        may_differ,
    };
    Ok(vec![
        asset("info", info.into_bytes(), true),
        asset("mod", source.go_mod.clone(), false),
        asset("zip", archive::zip(source, version)?, false),
    ])
}

fn destination(
    named: Option<&str>,
    environment: &Environment,
) -> anyhow::Result<(Connection, Endpoint)> {
    let connections = Connections::load(environment)?;
    let name = match named {
        Some(name) => name.to_owned(),
        None => only_one(&connections)?,
    };
    let connection = connections.named_or_ambient(Some(&name))?;
    let endpoint = connection.endpoints.get(&Format::Go).cloned();
    let endpoint = endpoint.ok_or_else(|| {
        UsageError::new(format!(
            "connection `{name}` has no Go repository\n  hint: `codeartifact connect {name} --go URL` adds one"
        ))
    })?;
    Ok((connection, endpoint))
}

fn only_one(connections: &Connections) -> anyhow::Result<String> {
    let configuration = connections.configuration()?;
    let with_go = configuration
        .connections()
        .filter(|connection| connection.endpoints.contains_key(&Format::Go));
    let with_go: Vec<String> = with_go
        .filter_map(|connection| connection.name.clone())
        .collect();
    match &with_go[..] {
        [name] => Ok(name.clone()),
        [] => Err(UsageError::new(
            "no connection has a Go repository\n  hint: `codeartifact connect NAME --go URL` makes one",
        )
        .into()),
        several => Err(UsageError::new(format!(
            "which connection? name one of {} with --connection",
            several.join(", ")
        ))
        .into()),
    }
}
