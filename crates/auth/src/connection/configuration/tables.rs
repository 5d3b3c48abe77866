//! The tables of the file, each read into what it means, and the rules about several of its keys.

use std::collections::BTreeMap;

use super::ProxySettings;
use crate::connection::check::{self, wrong};
use crate::connection::settings::Settings;
use crate::connection::table::Table;
use crate::connection::{Connection, Hop, LONGEST_SESSION_POLICY, Scope};
use crate::endpoint::{Endpoint, Format, MappedHosts, mapped_host};
use crate::error::{EndpointError, Failure};

/// The keys that only a connection has.
const OWN_KEYS: &[&str] = &["account_id", "role_arn", "external_id", "scope"];

pub(super) fn read_defaults(table: Table<'_>) -> Result<Settings, Box<Failure>> {
    table.require_known(Settings::KEYS)?;
    Settings::read(table)
}

pub(super) fn read_proxy(table: Table<'_>) -> Result<ProxySettings, Box<Failure>> {
    table.require_known(&["keep"])?;
    Ok(ProxySettings {
        keep: table.read("keep", check::size)?,
    })
}

pub(super) fn read_hosts(table: Table<'_>) -> Result<MappedHosts, Box<Failure>> {
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

pub(super) fn read_connections(
    table: Table<'_>,
    defaults: &Settings,
    hosts: &MappedHosts,
    proxy: ProxySettings,
) -> Result<BTreeMap<String, Connection>, Box<Failure>> {
    let mut connections = BTreeMap::new();
    // Its own keys, those of `[defaults]`, and one for each format.
    let known = [OWN_KEYS, Settings::KEYS, &Format::ALL.map(Format::name)].concat();
    for name in table.keys() {
        check::profile(name).map_err(|failure| table.wrong_key(name, failure))?;
        if let Some(inner) = table.table(name)? {
            inner.require_known(&known)?;
            let mut connection = read_connection(inner, defaults, hosts, proxy)?;
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
    proxy: ProxySettings,
) -> Result<Connection, Box<Failure>> {
    let account_id = table
        .read("account_id", check::account_id)?
        .ok_or_else(|| table.wrong(wrong("account_id is missing")))?;
    let endpoints = read_repositories(table, &account_id, hosts)?;
    let role = read_role(table)?;
    let connection = Connection {
        scope: table.read("scope", check::scope)?.unwrap_or(Scope::Domain),
        account_id: Some(account_id),
        endpoints,
        keeps_files: proxy.keeps_files(),
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
