//! How the broker gets what AWS grants: by the `codeartifact` beside this program, at the account's pace, counted. What is
//! granted is kept by the caller.

use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use codeartifact_auth::Error;
use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::Domain;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::{Failure, row};
use codeartifact_auth::minter::{Beside, MintRequest, Minter as _, SessionSource as _};
use codeartifact_auth::report::Reporter;
use codeartifact_auth::token::Timestamp;

use super::metrics::{Metrics, MintOutcome};
use super::pace::Pace;
use crate::forward::{Granted, Grants, Sessions, Tokens};

/// The time for a mint: as for a helper's.
const DEADLINE: Duration = Duration::from_secs(28);

/// What all connections share.
#[derive(Clone)]
pub(crate) struct Minting {
    environment: Environment,
    metrics: Metrics,
    pace: Arc<Pace>,
}

impl Minting {
    pub(crate) fn new(environment: &Environment, metrics: &Metrics) -> Self {
        Self {
            environment: environment.clone(),
            metrics: metrics.clone(),
            pace: Arc::default(),
        }
    }

    pub(crate) fn tokens(&self, connection: &Arc<Connection>) -> Tokens {
        self.grants(connection, |request| Beside.mint(request))
    }

    pub(crate) fn sessions(&self, connection: &Arc<Connection>) -> Sessions {
        self.grants(connection, |request| Beside.session(request))
    }

    fn grants<T: Granted>(
        &self,
        connection: &Arc<Connection>,
        ask: impl Fn(&MintRequest<'_>) -> Result<T, Box<Failure>> + Send + Sync + 'static,
    ) -> Grants<T> {
        let (minting, connection) = (self.clone(), Arc::clone(connection));
        let clock = self.environment.clone();
        let asked = move |domain: &Domain, after: Timestamp| {
            sleep(minting.pace.take(&domain.owner, Instant::now()));
            let granted = ask(&MintRequest {
                domain,
                connection: &connection,
                deadline: DEADLINE,
                after,
            });
            minting.count(
                &connection,
                granted.as_ref().err().map(|failure| &**failure),
            );
            granted.map_err(|failure| minting.note(&connection, domain, failure))
        };
        Grants::new(Arc::new(asked), Box::new(move || clock.now()))
    }

    fn count(&self, connection: &Connection, failure: Option<&Failure>) {
        let name = connection.name.as_deref().unwrap_or_default();
        let outcome = match failure {
            None => MintOutcome::Granted,
            Some(failure) if failure.is(&[&row::THROTTLED]) => MintOutcome::Throttled,
            Some(_) => MintOutcome::Failed,
        };
        self.metrics.minted(name, outcome);
    }

    /// Keeps a failure for `codeartifact status`, and returns its words; the broker's own log has them with who asked.
    fn note(&self, connection: &Connection, domain: &Domain, failure: Box<Failure>) -> String {
        let words = failure.to_string().replace('\n', ";");
        let reporter = Reporter::new("codeartifact", &self.environment);
        let name = connection.name.as_deref();
        let _ = reporter.failure(&domain.name, name, &Error::from(failure));
        words
    }
}
