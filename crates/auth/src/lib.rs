//! Authorization tokens for AWS CodeArtifact: URL → connection → cache → role chain → token.
//!
//! [`Authenticator::token`] is the whole lookup, in one function. The modules are its stages, in this order:
//! [`endpoint`], [`connection`], [`cache`] (with [`token`] judging age), [`minter`]; beside them [`environment`], [`aws_files`],
//! [`id_token`], [`broker`], [`error`], [`report`], [`process`], [`next_on_path`], [`user_file`], [`timed`], [`visible`]
//! and [`memory_file`]. No package manager's protocol is in here, and nothing prints.

mod assembly;
pub mod authorities;
pub mod aws_files;
pub mod broker;
pub mod cache;
pub mod connection;
pub mod endpoint;
pub mod environment;
pub mod error;
mod failed;
pub mod id_token;
pub mod lock;
mod lookup;
pub mod memory_file;
#[cfg(feature = "aws")]
pub mod mint;
pub mod minter;
mod miss;
pub mod next_on_path;
mod patience;
pub mod private_file;
pub mod private_folder;
pub mod process;
pub mod report;
#[cfg(test)]
mod tests;
pub mod timed;
pub mod token;
pub mod user_file;
pub mod visible;

use std::time::{Duration, Instant};

use cache::{CacheKey, SingleFlight, TokenCache};
use connection::{CacheChoice, Connections};
use endpoint::{Endpoint, MappedHosts};
use environment::Environment;
use error::EndpointError;
pub use error::Error;
use failed::Failed;
use lookup::Lookup;
pub use lookup::{Answer, Warning};
use minter::Minter;
use token::Freshness;

/// The text that `--version` of every program shows after its name: `0.1.0 (1a2b3c4, x86_64-unknown-linux-musl static)`. A build
/// that was not told its commit names none.
pub const VERSION: &str = env!("CODEARTIFACT_VERSION");

/// The time for all lookups of one run together: the client waits all that time. With the time that a keyring may take
/// to keep the token, a run stays under 30 seconds.
const RUN_DEADLINE: Duration = Duration::from_secs(28);

/// A token this young is not the one that was refused: another process has just replaced that one.
const JUST_ISSUED_SECONDS: u64 = 2;

/// Hands out tokens: from the cache if it can, from AWS if it must. Made once per run, whose time begins with it.
pub struct Authenticator {
    connections: Connections,
    environment: Environment,
    open_cache: OpenCache,
    minter: Box<dyn Minter>,
    began: Instant,
    /// All lookups together must end within this time.
    deadline: Duration,
    failed: Failed,
    /// A person has named the domain.
    is_named: bool,
}

/// Opens the store that a connection has chosen.
pub type OpenCache = Box<dyn Fn(CacheChoice, &Environment) -> Box<dyn TokenCache>>;

impl Authenticator {
    /// The configured connections.
    pub fn connections(&self) -> &Connections {
        &self.connections
    }

    /// The environment of this run.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Reads a URL or host as clients spell it; hosts that the configuration maps count.
    ///
    /// # Errors
    /// [`Error::Endpoint`]: the URL of another server, or one to be fixed.
    pub fn endpoint(&self, text: &str) -> Result<Endpoint, Error> {
        match Endpoint::parse(text, &MappedHosts::new()) {
            Err(EndpointError::NotCodeArtifact(_)) => {
                Ok(Endpoint::parse(text, self.connections.hosts()?)?)
            }
            found => Ok(found?),
        }
    }

    /// The whole lookup: connection → cache → on a miss, or when the token is stale, AWS → cache.
    /// `connection` names one; otherwise the endpoint and the environment decide.
    ///
    /// # Errors
    /// No or no single connection fits; or AWS gives no token and no valid one is kept.
    pub fn token(&self, endpoint: &Endpoint, connection: Option<&str>) -> Result<Answer, Error> {
        let mut lookup = self.start(endpoint, connection)?;
        match lookup.load(self.environment.now()) {
            Some((token, Freshness::Fresh)) => Ok(lookup.finish(token)),
            Some((older, _)) => Ok(self.refresh(lookup, older)),
            None => self.fetch(lookup),
        }
    }

    /// Returns the kept token if it is still valid, fresh or not: no lock, no AWS call.
    ///
    /// # Errors
    /// No or no single connection fits.
    pub fn cached(
        &self,
        endpoint: &Endpoint,
        connection: Option<&str>,
    ) -> Result<Option<Answer>, Error> {
        let mut lookup = self.start(endpoint, connection)?;
        let found = lookup.load(self.environment.now());
        Ok(found.map(|(token, _)| lookup.finish(token)))
    }

    /// Returns the kept token if it needs no replacing: no lock, no AWS call.
    ///
    /// # Errors
    /// No or no single connection fits.
    pub fn fresh(
        &self,
        endpoint: &Endpoint,
        connection: Option<&str>,
    ) -> Result<Option<Answer>, Error> {
        let answer = self.cached(endpoint, connection)?;
        let now = self.environment.now();
        Ok(answer.filter(|answer| answer.token.freshness(now) == Freshness::Fresh))
    }

    /// Returns how many seconds ago AWS gave no token, if asking again can wait.
    ///
    /// # Errors
    /// No or no single connection fits.
    pub fn failed_recently(
        &self,
        endpoint: &Endpoint,
        connection: Option<&str>,
    ) -> Result<Option<u64>, Error> {
        let lookup = self.start(endpoint, connection)?;
        Ok(SingleFlight::failed_recently(
            &lookup.key,
            &self.environment,
        ))
    }

    /// Tells whether an expired token is kept: a server may answer 404 to one, as if nothing were there.
    ///
    /// # Errors
    /// No or no single connection fits.
    pub fn has_run_out(
        &self,
        endpoint: &Endpoint,
        connection: Option<&str>,
    ) -> Result<bool, Error> {
        let lookup = self.start(endpoint, connection)?;
        let kept = lookup.cache.load(&lookup.key).ok().flatten();
        Ok(kept.is_some_and(|token| token.freshness(self.environment.now()) == Freshness::Expired))
    }

    /// The server refused the token that the cache holds: forget it and mint once. Of many that are refused
    /// at once, the first mints and the others get its token.
    ///
    /// # Errors
    /// As [`Authenticator::token`].
    pub fn replace(&self, endpoint: &Endpoint, connection: Option<&str>) -> Result<Answer, Error> {
        let mut lookup = self.start(endpoint, connection)?;
        let refused = lookup.load(self.environment.now());
        let refused_at = refused.map(|(refused, _)| refused.issued_at);
        let turn = self.turn(&lookup);
        if let Some((token, _)) = lookup.load(self.environment.now()) {
            let changed = refused_at != Some(token.issued_at);
            if changed || token.issued_at.plus(JUST_ISSUED_SECONDS) >= self.environment.now() {
                return Ok(lookup.finish(token));
            }
        }
        lookup.forget();
        let after = match refused_at {
            Some(moment) => moment.plus(1),
            None => self.environment.now(),
        };
        self.mint(lookup, turn, after)
    }

    /// Gets a new token whatever is kept, which stays if that fails.
    ///
    /// # Errors
    /// As [`Authenticator::token`].
    pub fn renew(&self, endpoint: &Endpoint, connection: Option<&str>) -> Result<Answer, Error> {
        let lookup = self.start(endpoint, connection)?;
        let turn = self.turn(&lookup);
        let now = self.environment.now();
        self.mint(lookup, turn, now)
    }

    /// Removes the kept token, if there is one. Errors become warnings.
    ///
    /// # Errors
    /// No or no single connection fits.
    pub fn forget(
        &self,
        endpoint: &Endpoint,
        connection: Option<&str>,
    ) -> Result<Vec<Warning>, Error> {
        let mut lookup = self.start(endpoint, connection)?;
        lookup.forget();
        Ok(lookup.warnings())
    }

    fn start<'a>(&self, endpoint: &'a Endpoint, named: Option<&str>) -> Result<Lookup<'a>, Error> {
        let connection = self.connections.find(endpoint, named)?;
        Ok(Lookup {
            endpoint,
            key: CacheKey::new(endpoint, &connection, &self.environment),
            cache: (self.open_cache)(connection.cache, &self.environment),
            connection,
            warnings: Vec::new(),
        })
    }

    /// The time that is left for all that this run has to ask.
    pub fn time_left(&self) -> Duration {
        self.deadline.saturating_sub(self.began.elapsed())
    }
}
