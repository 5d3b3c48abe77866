//! Finds the connection of an endpoint. The first rule that applies decides:
//!
//! 1. it is named, by flag or by variable;
//! 2. the environment has a role;
//! 3. it has configured this very repository, 4. one of the same domain and Region, 5. one of the same owner;
//! 6. none: ambient credentials, without a role.
//!
//! Where two connections fit equally well, they must be bound to get the same token. With `require_connection` rules 3 to 6
//! serve nobody, since they let a URL decide, which a project chooses; only where there is a single connection, its own
//! repositories need no name. What the file says is read in
//! `configuration.rs`.

mod under_variables;

use std::borrow::Cow;

use super::broker::BrokerKeys;
use super::settings::Settings;
use super::source::ConfigurationSource;
use super::{CacheChoice, Configuration, Connection, variables};
use crate::endpoint::{Endpoint, MappedHosts};
use crate::environment::{self, Environment};
use crate::error::{Failure, row};

/// The configuration, and the variables that override it.
#[derive(Debug, Clone)]
pub struct Connections {
    source: ConfigurationSource,
    /// Named by the variable.
    named: Option<String>,
    /// From the environment alone.
    role: Option<Connection>,
    /// Variables that override settings of any connection.
    over: Settings,
    broker: BrokerKeys,
}

/// The degrees to which a connection fits an endpoint, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Repository,
    Domain,
    Owner,
}

impl Connections {
    /// Those of the user's file.
    ///
    /// # Errors
    /// The file cannot be read or is wrong; or as [`Connections::new`].
    pub fn load(environment: &Environment) -> Result<Self, Box<Failure>> {
        Self::of(ConfigurationSource::load(environment)?, environment)
    }

    /// # Errors
    /// A variable's value is wrong, or one is missing beside another.
    pub fn new(
        configuration: Configuration,
        environment: &Environment,
    ) -> Result<Self, Box<Failure>> {
        Self::of(ConfigurationSource::Whole(configuration), environment)
    }

    fn of(source: ConfigurationSource, environment: &Environment) -> Result<Self, Box<Failure>> {
        let over = variables::over_all(environment)?;
        let role = match variables::role(environment)? {
            Some((role, own)) => Some(own.connection(Some(role), source.general()?.defaults())),
            None => None,
        };
        Ok(Self {
            named: environment.text(environment::CONNECTION),
            source,
            role,
            over,
            broker: BrokerKeys::of_variables(environment)?,
        })
    }

    /// The configuration, as the file has it.
    ///
    /// # Errors
    /// A line of the file must be fixed: one of a large file that no endpoint so far had to do with.
    pub fn configuration(&self) -> Result<Cow<'_, Configuration>, Box<Failure>> {
        self.source.whole()
    }

    /// Hosts of the user's own.
    ///
    /// # Errors
    /// A line of the file must be fixed.
    pub fn hosts(&self) -> Result<&MappedHosts, Box<Failure>> {
        Ok(self.source.general()?.hosts())
    }

    /// The store of tokens when no connection says otherwise.
    ///
    /// # Errors
    /// A line of the file must be fixed.
    pub fn cache(&self) -> Result<CacheChoice, Box<Failure>> {
        let ambient = self.source.general()?.ambient();
        Ok(self.under_variables(ambient).cache)
    }

    /// The connection for `endpoint`; `named` is what a flag says.
    ///
    /// # Errors
    /// The named one does not exist or belongs to another account; or two fit equally well.
    pub fn find(
        &self,
        endpoint: &Endpoint,
        named: Option<&str>,
    ) -> Result<Connection, Box<Failure>> {
        let variable = named.is_none().then_some(environment::CONNECTION);
        let named = named.or(self.named.as_deref());
        let configuration = self.source.about(&endpoint.domain.owner, named)?;
        let found = match (named, &self.role) {
            (Some(name), _) => Some(self.by_name(name, variable, endpoint, &configuration)?),
            (None, Some(role)) => Some(role),
            (None, None) => self.by_fit(endpoint, &configuration)?,
        };
        let connection = found.cloned().unwrap_or_else(|| configuration.ambient());
        let mut connection = self.under_variables(connection);
        connection.broker = self.broker.or(configuration.broker())?;
        connection.store = configuration.store().cloned();
        let is_decided = named.is_some() || self.role.is_some();
        if is_decided || !connection.only_if_named || self.is_own(&connection, endpoint) {
            return Ok(connection);
        }
        Err(row::CONNECTION_REQUIRED.with("url", endpoint.root()))
    }

    /// Tells whether it is the repository of the only connection: nobody else's token can be meant.
    fn is_own(&self, connection: &Connection, endpoint: &Endpoint) -> bool {
        fit(connection, endpoint) == Some(Fit::Repository) && self.source.has_one_connection()
    }

    /// Tells whether the environment already says which connection or role to take.
    pub fn is_decided(&self) -> bool {
        self.named.is_some() || self.role.is_some()
    }

    /// The connection for a question that is about no URL: the one named by flag or variable, else a role from the
    /// environment, else ambient credentials.
    ///
    /// # Errors
    /// The named one does not exist.
    pub fn named_or_ambient(&self, named: Option<&str>) -> Result<Connection, Box<Failure>> {
        let variable = named.is_none().then_some(environment::CONNECTION);
        let found = match (named.or(self.named.as_deref()), &self.role) {
            (Some(name), _) => Some(self.configuration()?.require(name, variable)?.clone()),
            (None, role) => role.clone(),
        };
        let connection = match found {
            Some(connection) => connection,
            None => self.source.general()?.ambient(),
        };
        let mut connection = self.under_variables(connection);
        let general = self.source.general()?;
        connection.broker = self.broker.or(general.broker())?;
        connection.store = general.store().cloned();
        Ok(connection)
    }

    fn by_name<'a>(
        &self,
        name: &str,
        variable: Option<&'static str>,
        endpoint: &Endpoint,
        configuration: &'a Configuration,
    ) -> Result<&'a Connection, Box<Failure>> {
        let connection = configuration.require(name, variable)?;
        let account_id = connection.account_id.as_deref().unwrap_or_default();
        let owner = &endpoint.domain.owner;
        if account_id == owner {
            return Ok(connection);
        }
        Err(row::CONNECTION_OF_OTHER_ACCOUNT
            .with("name", name)
            .with_any("variable", variable)
            .with("account_id", account_id)
            .with("url", endpoint.root())
            .with("owner", owner))
    }

    fn by_fit<'a>(
        &self,
        endpoint: &Endpoint,
        configuration: &'a Configuration,
    ) -> Result<Option<&'a Connection>, Box<Failure>> {
        let fits: Vec<_> = configuration
            .connections()
            .filter_map(|connection| Some((fit(connection, endpoint)?, connection)))
            .collect();
        let best = fits.iter().map(|(fit, _)| *fit).min();
        let mut best_ones = fits
            .into_iter()
            .filter(|(fit, _)| Some(*fit) == best)
            .map(|(_, connection)| connection);
        let first = best_ones.next();
        let differs = |other: &&Connection| first.is_some_and(|first| !self.agree(first, other));
        match first.zip(best_ones.find(differs)) {
            None => Ok(first),
            Some((first, second)) => Err(row::CONNECTION_AMBIGUOUS
                .with("url", endpoint.root())
                .with_any("first", first.name.as_ref())
                .with_any("second", second.name.as_ref())),
        }
    }
}

fn fit(connection: &Connection, endpoint: &Endpoint) -> Option<Fit> {
    let fits = |configured: &Endpoint| {
        let same_domain = configured.domain == endpoint.domain;
        if same_domain && configured.place == endpoint.place {
            Some(Fit::Repository)
        } else if same_domain {
            Some(Fit::Domain)
        } else {
            (configured.domain.owner == endpoint.domain.owner).then_some(Fit::Owner)
        }
    };
    let by_url = connection.endpoints.values().filter_map(fits).min();
    let is_owner = connection.account_id.as_ref() == Some(&endpoint.domain.owner);
    by_url.or(is_owner.then_some(Fit::Owner))
}

#[cfg(test)]
mod tests;
