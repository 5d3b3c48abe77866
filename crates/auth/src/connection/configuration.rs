//! The configuration file: its tables and keys, and the rules about several of them. `check.rs` checks single values;
//! `find.rs` finds the connection of a URL.

use std::collections::BTreeMap;

use super::broker::BrokerKeys;
use super::check::{self, wrong};
use super::nearest::nearest;
use super::settings::Settings;
use super::source::Source;
use super::store::StoreSettings;
use super::table::{Table, TomlText};
use super::{Connection, Hop, LONGEST_SESSION_POLICY, Scope};
use crate::endpoint::{Endpoint, Format, MappedHosts, mapped_host};
use crate::environment::Environment;
use crate::error::{EndpointError, Failure, row};

const TABLES: &[&str] = &[
    "defaults",
    "connections",
    "hosts",
    "proxy",
    "broker",
    "store",
];

/// A connection's own keys, those of `[defaults]`, and a key per format.
const CONNECTION_KEYS: &[&str] = &[
    "account_id",
    "role_arn",
    "external_id",
    "scope",
    "profile",
    "source",
    "audience",
    "via",
    "duration",
    "cache",
    "require_connection",
    "go_private",
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
    proxy: ProxySettings,
    broker: BrokerKeys,
    store: Option<StoreSettings>,
}

/// `[proxy]`: settings of the proxy that adds the token on the way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProxySettings {
    /// How many bytes of files that never change are kept on disk. `None`: none is kept.
    pub keep: Option<u64>,
}

impl Configuration {
    /// Reads the file that `CODEARTIFACT_CONFIG` names, or the platform's; the latter may be missing.
    ///
    /// # Errors
    /// It cannot be read, or a line of it must be fixed.
    pub fn load(environment: &Environment) -> Result<Self, Box<Failure>> {
        Ok(Source::load(environment)?.whole()?.into_owned())
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// The first thing in it that must be fixed, without the path.
    pub fn parse(text: &str) -> Result<Self, Box<Failure>> {
        let document = TomlText::parse(text)?;
        let root = document.root();
        root.require_known(TABLES)?;
        let defaults = root.table("defaults")?.map(read_defaults).transpose()?;
        let defaults = defaults.unwrap_or_default();
        let hosts = root.table("hosts")?.map(read_hosts).transpose()?;
        let hosts = hosts.unwrap_or_default();
        let proxy = root.table("proxy")?.map(read_proxy).transpose()?;
        let connections = root
            .table("connections")?
            .map(|table| read_connections(table, &defaults, &hosts))
            .transpose()?;
        let broker = root.table("broker")?.map(BrokerKeys::read).transpose()?;
        Ok(Self {
            defaults,
            connections: connections.unwrap_or_default(),
            hosts,
            proxy: proxy.unwrap_or_default(),
            broker: broker.unwrap_or_default(),
            store: root.table("store")?.map(StoreSettings::read).transpose()?,
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

    /// The connection of that name, which must be there. `variable` is where the name comes from, if not from the
    /// command line.
    ///
    /// # Errors
    /// There is none.
    pub fn require(
        &self,
        name: &str,
        variable: Option<&'static str>,
    ) -> Result<&Connection, Box<Failure>> {
        let names = self.connections.keys().map(String::as_str);
        self.connection(name).ok_or_else(|| {
            row::CONNECTION_UNKNOWN
                .with("name", name.escape_debug())
                .with_any("variable", variable)
                .with_any("nearest", nearest(name, names))
        })
    }

    /// Hosts of the user's own.
    pub fn hosts(&self) -> &MappedHosts {
        &self.hosts
    }

    /// The proxy's settings.
    pub fn proxy(&self) -> ProxySettings {
        self.proxy
    }

    pub(super) fn store(&self) -> Option<&StoreSettings> {
        self.store.as_ref()
    }

    pub(super) fn broker(&self) -> &BrokerKeys {
        &self.broker
    }

    /// A connection of `[defaults]`, but without its roles: `via` comes before a connection's own role, and there is none.
    pub fn ambient(&self) -> Connection {
        let no_roles = Settings {
            via: Some(Vec::new()),
            ..Settings::default()
        };
        no_roles.connection(None, &self.defaults)
    }

    /// The roles that `[defaults]` puts before every connection's own.
    pub fn usual_via(&self) -> &[String] {
        self.defaults.via.as_deref().unwrap_or_default()
    }

    pub(super) fn defaults(&self) -> &Settings {
        &self.defaults
    }
}

fn read_defaults(table: Table<'_>) -> Result<Settings, Box<Failure>> {
    table.require_known(Settings::KEYS)?;
    Settings::read(table)
}

fn read_proxy(table: Table<'_>) -> Result<ProxySettings, Box<Failure>> {
    table.require_known(&["keep"])?;
    Ok(ProxySettings {
        keep: table.read("keep", check::size)?,
    })
}

fn read_hosts(table: Table<'_>) -> Result<MappedHosts, Box<Failure>> {
    let none = MappedHosts::new();
    let mut hosts = MappedHosts::new();
    for key in table.keys() {
        let refused = |reason: &str| table.wrong_key(key, wrong(reason));
        let host = mapped_host(key).ok_or_else(|| refused("is neither a host nor `host:port`"))?;
        let parsed = Endpoint::parse(&host, &none);
        if !matches!(parsed, Err(EndpointError::NotCodeArtifact(_))) {
            return Err(refused(
                "is one of CodeArtifact's own hosts, which cannot be mapped",
            ));
        }
        let target = table.read(key, |url| check::url(url, &none))?;
        let replaced = target.and_then(|target| hosts.insert(host, target));
        if replaced.is_some() {
            return Err(refused("is the same host as another key"));
        }
    }
    Ok(hosts)
}

fn read_connections(
    table: Table<'_>,
    defaults: &Settings,
    hosts: &MappedHosts,
) -> Result<BTreeMap<String, Connection>, Box<Failure>> {
    let mut connections = BTreeMap::new();
    for name in table.keys() {
        check::profile(name).map_err(|failure| table.wrong_key(name, failure))?;
        if let Some(inner) = table.table(name)? {
            let mut connection = read_connection(inner, defaults, hosts)?;
            connection.name = Some(name.to_owned());
            connections.insert(name.to_owned(), connection);
        }
    }
    Ok(connections)
}

fn read_connection(
    table: Table<'_>,
    defaults: &Settings,
    hosts: &MappedHosts,
) -> Result<Connection, Box<Failure>> {
    table.require_known(CONNECTION_KEYS)?;
    let account_id = table
        .read("account_id", check::account_id)?
        .ok_or_else(|| table.wrong(wrong("account_id is missing")))?;
    let endpoints = read_repositories(table, &account_id, hosts)?;
    let role = read_role(table)?;
    let connection = Connection {
        scope: table.read("scope", check::scope)?.unwrap_or(Scope::Domain),
        account_id: Some(account_id),
        endpoints,
        ..Settings::read(table)?.connection(role, defaults)
    };
    check_scope(&connection).map_err(|failure| table.wrong_key("scope", failure))?;
    Ok(connection)
}

fn read_role(table: Table<'_>) -> Result<Option<Hop>, Box<Failure>> {
    let role_arn = table.read("role_arn", check::role_arn)?;
    let external_id = table.read("external_id", check::external_id)?;
    if role_arn.is_none() && external_id.is_some() {
        return Err(table.wrong_key("external_id", check::alone("role_arn")));
    }
    Ok(role_arn.map(|role_arn| Hop {
        role_arn,
        external_id,
    }))
}

fn read_repositories(
    table: Table<'_>,
    account_id: &str,
    hosts: &MappedHosts,
) -> Result<BTreeMap<Format, Endpoint>, Box<Failure>> {
    let mut endpoints = BTreeMap::new();
    for format in Format::ALL {
        let check = |url: &str| check::repository(url, format, account_id, hosts);
        if let Some(endpoint) = table.read(format.name(), check)? {
            endpoints.insert(format, endpoint);
        }
    }
    Ok(endpoints)
}

/// A session policy goes with a role, and must be short enough for STS.
fn check_scope(connection: &Connection) -> Result<(), Box<Failure>> {
    let Some(policy) = connection.session_policy() else {
        return Ok(());
    };
    if connection.hops.is_empty() {
        let failure = wrong("there is no role whose session could be narrowed to the repositories");
        return Err(failure.with("correction", "add role_arn, or leave scope out"));
    }
    let length = policy.len();
    if length > LONGEST_SESSION_POLICY {
        let failure = wrong(format_args!(
            "the session policy for its repositories has {length} characters, and AWS takes {LONGEST_SESSION_POLICY}"
        ));
        return Err(failure.with("correction", "write scope = \"domain\""));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
