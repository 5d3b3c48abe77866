//! The configuration file as a whole. `configuration/tables.rs` reads its tables; `check.rs` checks single values;
//! `find.rs` finds the connection of a URL.

mod tables;

use std::collections::BTreeMap;

use super::Connection;
use super::broker::BrokerKeys;
use super::nearest::nearest;
use super::settings::Settings;
use super::source::ConfigurationSource;
use super::store::StoreSettings;
use super::table::TomlText;
use crate::endpoint::MappedHosts;
use crate::environment::Environment;
use crate::error::{Failure, row};
use tables::{read_connections, read_defaults, read_hosts, read_proxy};

const TABLES: &[&str] = &[
    "defaults",
    "connections",
    "hosts",
    "proxy",
    "broker",
    "store",
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
    /// The bytes on disk for files that never change. `None`: none is kept.
    pub keep: Option<u64>,
}

impl ProxySettings {
    /// Tells whether any file is kept.
    pub fn keeps_files(self) -> bool {
        self.keep.is_some_and(|limit| limit > 0)
    }
}

impl Configuration {
    /// Reads the file that `CODEARTIFACT_CONFIG` names, or the platform's; the latter may be missing.
    ///
    /// # Errors
    /// It cannot be read, or a line of it must be fixed.
    pub fn load(environment: &Environment) -> Result<Self, Box<Failure>> {
        Ok(ConfigurationSource::load(environment)?
            .whole()?
            .into_owned())
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
        let proxy = proxy.unwrap_or_default();
        let connections = root
            .table("connections")?
            .map(|table| read_connections(table, &defaults, &hosts, proxy))
            .transpose()?;
        let broker = root.table("broker")?.map(BrokerKeys::read).transpose()?;
        Ok(Self {
            defaults,
            connections: connections.unwrap_or_default(),
            hosts,
            proxy,
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
#[cfg(test)]
mod tests;
