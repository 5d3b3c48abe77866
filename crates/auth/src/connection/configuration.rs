//! The configuration file: which tables and keys there are, and what is required of them together. Single values
//! are checked in `check.rs`; which connection serves a URL is decided in `find.rs`.

use std::collections::BTreeMap;

use super::nearest::nearest;
use super::settings::Settings;
use super::source::Source;
use super::table::{Table, TomlText};
use super::{Connection, Hop, LONGEST_SESSION_POLICY, Scope, check};
use crate::endpoint::{Endpoint, Format, MappedHosts, mapped_host};
use crate::environment::Environment;
use crate::error::{ConfigurationError, EndpointError, Problem};

const TABLES: &[&str] = &["defaults", "connections", "hosts"];

/// A connection's own keys, those of `[defaults]`, and a key per format.
const CONNECTION_KEYS: &[&str] = &[
    "account_id",
    "role_arn",
    "external_id",
    "scope",
    "profile",
    "via",
    "duration",
    "cache",
    "npm",
    "pypi",
    "go",
    "cargo",
    "nuget",
    "maven",
    "ruby",
    "swift",
    "generic",
];

/// The configuration file, checked. The default is that of no file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    defaults: Settings,
    connections: BTreeMap<String, Connection>,
    hosts: MappedHosts,
}

impl Configuration {
    /// Reads the file that `CODEARTIFACT_CONFIG` names, or the platform's; the latter may be missing.
    ///
    /// # Errors
    /// It cannot be read, or a line of it must be mended.
    pub fn load(environment: &Environment) -> Result<Self, ConfigurationError> {
        Ok(Source::load(environment)?.whole()?.into_owned())
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// [`ConfigurationError::File`], without a path: the first thing in it that must be mended.
    pub fn parse(text: &str) -> Result<Self, ConfigurationError> {
        let document = TomlText::parse(text)?;
        let root = document.root();
        root.require_known(TABLES)?;
        let defaults = root.table("defaults")?.map(read_defaults).transpose()?;
        let defaults = defaults.unwrap_or_default();
        let hosts = root.table("hosts")?.map(read_hosts).transpose()?;
        let hosts = hosts.unwrap_or_default();
        let connections = root
            .table("connections")?
            .map(|table| read_connections(table, &defaults, &hosts))
            .transpose()?;
        Ok(Self {
            defaults,
            connections: connections.unwrap_or_default(),
            hosts,
        })
    }

    /// The connections by name.
    pub fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.connections.values()
    }

    /// The connection of that name.
    pub fn connection(&self, name: &str) -> Option<&Connection> {
        self.connections.get(name)
    }

    /// The connection of that name, for whoever cannot do without; `variable` is where the name came from, if not
    /// from the command line.
    ///
    /// # Errors
    /// There is none.
    pub fn require(
        &self,
        name: &str,
        variable: Option<&'static str>,
    ) -> Result<&Connection, ConfigurationError> {
        let names = self.connections.keys().map(String::as_str);
        self.connection(name)
            .ok_or_else(|| ConfigurationError::UnknownConnection {
                name: name.to_owned(),
                variable,
                nearest: nearest(name, names).map(str::to_owned),
            })
    }

    /// Hosts of the user's own.
    pub fn hosts(&self) -> &MappedHosts {
        &self.hosts
    }

    pub(super) fn defaults(&self) -> &Settings {
        &self.defaults
    }
}

fn read_defaults(table: Table<'_>) -> Result<Settings, ConfigurationError> {
    table.require_known(Settings::KEYS)?;
    Settings::read(table)
}

fn read_hosts(table: Table<'_>) -> Result<MappedHosts, ConfigurationError> {
    let none = MappedHosts::new();
    let mut hosts = MappedHosts::new();
    for key in table.keys() {
        let host = mapped_host(key).ok_or_else(|| table.wrong_key(key, Problem::NotHost))?;
        let foreign = matches!(
            Endpoint::parse(&host, &none),
            Err(EndpointError::NotCodeArtifact(_))
        );
        if !foreign {
            return Err(table.wrong_key(key, Problem::OwnHost));
        }
        let target = table.read(key, |url| Endpoint::parse(url, &none).map_err(Problem::Url))?;
        if target
            .and_then(|target| hosts.insert(host, target))
            .is_some()
        {
            return Err(table.wrong_key(key, Problem::SameHost));
        }
    }
    Ok(hosts)
}

fn read_connections(
    table: Table<'_>,
    defaults: &Settings,
    hosts: &MappedHosts,
) -> Result<BTreeMap<String, Connection>, ConfigurationError> {
    let mut connections = BTreeMap::new();
    for name in table.keys() {
        check::profile(name).map_err(|problem| table.wrong_key(name, problem))?;
        if let Some(inner) = table.table(name)? {
            let connection = read_connection(inner, defaults, hosts)?;
            let name = name.to_owned();
            connections.insert(
                name.clone(),
                Connection {
                    name: Some(name),
                    ..connection
                },
            );
        }
    }
    Ok(connections)
}

fn read_connection(
    table: Table<'_>,
    defaults: &Settings,
    hosts: &MappedHosts,
) -> Result<Connection, ConfigurationError> {
    table.require_known(CONNECTION_KEYS)?;
    let account_id = table
        .read("account_id", check::account_id)?
        .ok_or_else(|| table.wrong(Problem::Missing("account_id")))?;
    let endpoints = read_repositories(table, &account_id, hosts)?;
    let role = read_role(table)?;
    let connection = Connection {
        scope: table.read("scope", check::scope)?.unwrap_or(Scope::Domain),
        endpoints,
        ..Settings::read(table)?.connection(role, defaults)
    };
    check_scope(&connection).map_err(|problem| table.wrong_key("scope", problem))?;
    Ok(connection)
}

fn read_role(table: Table<'_>) -> Result<Option<Hop>, ConfigurationError> {
    let role_arn = table.read("role_arn", check::role_arn)?;
    let external_id = table.read("external_id", check::external_id)?;
    match (role_arn, external_id) {
        (Some(role_arn), external_id) => Ok(Some(Hop {
            role_arn,
            external_id,
        })),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(table.wrong_key("external_id", Problem::Alone("role_arn"))),
    }
}

fn read_repositories(
    table: Table<'_>,
    account_id: &str,
    hosts: &MappedHosts,
) -> Result<BTreeMap<Format, Endpoint>, ConfigurationError> {
    let mut endpoints = BTreeMap::new();
    for format in Format::ALL {
        let check = |url: &str| check::repository(url, format, account_id, hosts);
        if let Some(endpoint) = table.read(format.name(), check)? {
            endpoints.insert(format, endpoint);
        }
    }
    match endpoints.is_empty() {
        true => Err(table.wrong(Problem::NoUrl)),
        false => Ok(endpoints),
    }
}

/// A session policy goes with a role, and must be short enough for STS.
fn check_scope(connection: &Connection) -> Result<(), Problem> {
    let Some(policy) = connection.session_policy() else {
        return Ok(());
    };
    match policy.len() {
        _ if connection.hops.is_empty() => Err(Problem::NothingToNarrow),
        length if length > LONGEST_SESSION_POLICY => Err(Problem::PolicyTooLong(length)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
