//! How a run gets its tokens and sessions: from the `codeartifact` beside this program. What is kept of them is in `tokens.rs`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::Domain;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Failure;
use codeartifact_auth::minter::MintRequest;
use codeartifact_auth::token::Timestamp;

use super::report;
use super::tokens::{Ask, Clock, Granted, Grants};

/// The time for a mint: as for a helper's.
const MINT_DEADLINE: Duration = Duration::from_secs(28);

/// Asks the `codeartifact` beside this program. A failure is said on stderr once: clients show little of an answer.
#[derive(Clone)]
pub(super) struct Asking {
    pub(super) environment: Environment,
    pub(super) connection: Arc<Connection>,
    pub(super) said: Arc<Mutex<Vec<String>>>,
}

impl Asking {
    pub(super) fn grants<T: Granted>(
        &self,
        ask: impl Fn(&MintRequest<'_>) -> Result<T, Box<Failure>> + Send + Sync + 'static,
    ) -> Grants<T> {
        let (asking, clock) = (self.clone(), self.environment.clone());
        let clock: Box<Clock> = Box::new(move || clock.now());
        let ask: Arc<Ask<T>> = Arc::new(move |domain: &Domain, after: Timestamp| {
            let request = MintRequest {
                domain,
                connection: &asking.connection,
                deadline: MINT_DEADLINE,
                after,
            };
            ask(&request).map_err(|failure| asking.say(domain, failure))
        });
        Grants::new(ask, clock)
    }

    fn say(&self, domain: &Domain, failure: Box<Failure>) -> String {
        let connection = self.connection.name.as_deref();
        let text = report::failure(&self.environment, &domain.name, connection, failure);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if !said.contains(&text) {
            report::say(&text);
            said.push(text.clone());
        }
        text
    }
}
