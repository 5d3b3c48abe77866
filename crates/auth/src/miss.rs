//! A token that is not kept, or only a stale one: one process mints, the others wait for it and take the token that it kept.
//! When that is needed is decided in `lib.rs`.

use std::time::Duration;

use crate::cache::{SingleFlight, Strangers};
use crate::error::{Error, Failure};
use crate::lookup::{Answer, Lookup, Warning};
use crate::minter::MintRequest;
use crate::token::{Freshness, Timestamp, Token};
use crate::{Authenticator, RUN_DEADLINE, failed};

/// The time to wait for another process that mints. The rest of the run is enough for a mint of our own.
const TURN_DEADLINE: Duration = Duration::from_secs(14);

/// The time for a mint while an older token is still valid: better that one than a pause.
const REFRESH_DEADLINE: Duration = Duration::from_secs(5);

/// Other hosts' tokens of any age will do, as long as they are fresh.
const ANY_AGE: Timestamp = Timestamp(0);

impl Authenticator {
    /// Nothing valid is kept: one process mints, the others wait for it and take the token it kept.
    pub(crate) fn fetch(&self, mut lookup: Lookup<'_>) -> Result<Answer, Error> {
        let domain = &lookup.endpoint.domain;
        let is_stranger = self.is_stranger(&lookup);
        let reason = self.failed.reason(&lookup.connection, domain, is_stranger);
        if let Some(failure) = reason {
            return Err(failure.into());
        }
        let turn = self.turn(&lookup);
        match lookup.load(self.environment.now()) {
            Some((token, _)) => Ok(lookup.finish(token)),
            None if is_stranger => self.mint_for_stranger(lookup, turn),
            None => self.mint(lookup, turn, ANY_AGE),
        }
    }

    /// Tells whether only a project may have named the domain, and no token for it was ever kept.
    fn is_stranger(&self, lookup: &Lookup<'_>) -> bool {
        let domain = &lookup.endpoint.domain;
        let mut configured = lookup.connection.endpoints.values();
        let is_configured = configured.any(|endpoint| endpoint.domain == *domain);
        let mapped = self.connections.hosts();
        let is_mapped = || mapped.is_ok_and(|hosts| hosts.values().any(|it| it.domain == *domain));
        let was_kept = || matches!(lookup.cache.load(&lookup.key), Ok(Some(_)));
        !(self.is_named || is_configured || is_mapped() || was_kept())
    }

    /// One such domain at a time, and no other one after a failure.
    fn mint_for_stranger(&self, lookup: Lookup<'_>, turn: SingleFlight) -> Result<Answer, Error> {
        let patience = TURN_DEADLINE.min(self.time_left());
        let mut strangers = Strangers::wait(&lookup.connection, &self.environment, patience);
        if strangers.refuse(&lookup.key) {
            let domain = &lookup.endpoint.domain;
            return Err(failed::of_others(&lookup.connection, domain).into());
        }
        let key = lookup.key.clone();
        self.mint(lookup, turn, ANY_AGE).inspect_err(|error| {
            let is_about_domain = error.failure().is_about_domain();
            strangers.failed(&key, is_about_domain, self.environment.now());
        })
    }

    /// The token is stale: one process replaces it, the others go on with it at once.
    pub(crate) fn refresh(&self, mut lookup: Lookup<'_>, older: Token) -> Answer {
        let Some(turn) = SingleFlight::try_now(&lookup.key, &self.environment) else {
            return lookup.finish(older);
        };
        if let Some((token, Freshness::Fresh)) = lookup.load(self.environment.now()) {
            return lookup.finish(token);
        }
        match self.ask_aws(&mut lookup, REFRESH_DEADLINE, ANY_AGE) {
            Ok(token) => lookup.finish(token),
            Err(error) => {
                turn.failed();
                lookup.warnings.push(Warning::Older(error));
                lookup.finish(older)
            }
        }
    }

    pub(crate) fn mint(
        &self,
        mut lookup: Lookup<'_>,
        turn: SingleFlight,
        after: Timestamp,
    ) -> Result<Answer, Error> {
        match self.ask_aws(&mut lookup, RUN_DEADLINE, after) {
            Ok(token) => Ok(lookup.finish(token)),
            Err(error) => {
                turn.failed();
                Err(error.into())
            }
        }
    }

    fn ask_aws(
        &self,
        lookup: &mut Lookup<'_>,
        deadline: Duration,
        after: Timestamp,
    ) -> Result<Token, Box<Failure>> {
        let (domain, connection) = (&lookup.endpoint.domain, &lookup.connection);
        let minted = self.minter.mint(&MintRequest {
            domain,
            connection,
            deadline: deadline.min(self.time_left()),
            after,
        });
        let token = minted.inspect_err(|failure| self.failed.note(connection, domain, failure))?;
        lookup.keep(&token);
        Ok(token)
    }

    pub(crate) fn turn(&self, lookup: &Lookup<'_>) -> SingleFlight {
        SingleFlight::wait(
            &lookup.key,
            &self.environment,
            TURN_DEADLINE.min(self.time_left()),
        )
    }
}
