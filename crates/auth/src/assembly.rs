//! How an [`Authenticator`] is made: of the user's configuration, the stores that it chooses, and a minter.

use std::time::{Duration, Instant};

use crate::cache::Stores;
use crate::connection::{Configuration, Connections};
use crate::environment::{Environment, TIME_LEFT};
use crate::error::Error;
use crate::failed::Failed;
use crate::minter::Minter;
use crate::{Authenticator, OpenCache, RUN_DEADLINE};

impl Authenticator {
    /// Makes one with the user's configuration and the store that each connection chooses. `minter` is asked on a miss.
    ///
    /// # Errors
    /// The configuration cannot be read or is wrong.
    pub fn new(environment: Environment, minter: Box<dyn Minter>) -> Result<Self, Error> {
        let connections = Connections::load(&environment)?;
        let stores = Stores::new(&environment);
        let open_cache =
            Box::new(move |choice, environment: &Environment| stores.open(choice, environment));
        Ok(Self::of_parts(connections, environment, open_cache, minter))
    }

    /// Makes one of these parts.
    ///
    /// # Errors
    /// The variables contradict the configuration or each other.
    pub fn assemble(
        configuration: Configuration,
        environment: Environment,
        open_cache: OpenCache,
        minter: Box<dyn Minter>,
    ) -> Result<Self, Error> {
        let connections = Connections::new(configuration, &environment)?;
        Ok(Self::of_parts(connections, environment, open_cache, minter))
    }

    fn of_parts(
        connections: Connections,
        environment: Environment,
        open_cache: OpenCache,
        minter: Box<dyn Minter>,
    ) -> Self {
        let left = environment.text(TIME_LEFT);
        let left = left.and_then(|text| text.parse().ok());
        let left = left.map_or(RUN_DEADLINE, Duration::from_millis);
        Self {
            connections,
            environment,
            open_cache,
            minter,
            began: Instant::now(),
            deadline: left.min(RUN_DEADLINE),
            failed: Failed::default(),
            is_named: false,
        }
    }

    /// The same for a run that may take no longer than `deadline`.
    #[must_use]
    pub fn within(self, deadline: Duration) -> Self {
        Self {
            deadline: self.deadline.min(deadline),
            ..self
        }
    }

    /// The same where a person has typed the domain: it is asked for whatever has failed before.
    #[must_use]
    pub fn named(self) -> Self {
        Self {
            is_named: true,
            ..self
        }
    }
}
