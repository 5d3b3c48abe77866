//! One place where a token is kept, and the turn at minting that goes with it, as `codeartifact-auth` has them.

use codeartifact_auth::token::{Freshness, Secret, Timestamp, Token};

use crate::simulation::{MICROSECONDS, Moment};

/// The simulation's first moment.
const BEGIN: u64 = 1_800_000_000;

/// Of a token, as a connection has it by default.
pub(crate) const LIFE_SECONDS: u64 = 12 * 60 * 60;

/// How long nobody tries to replace a valid token after that failed.
const QUIET: Moment = 60 * MICROSECONDS;

#[derive(Default)]
pub(crate) struct Store {
    token: Option<Token>,
    /// Seconds by which it begins earlier than others to replace its token.
    earlier: u64,
    pub(crate) taken: bool,
    pub(crate) quiet_until: Moment,
    /// Those who wait for the turn to end.
    pub(crate) waiting: Vec<usize>,
}

impl Store {
    pub(crate) fn new(earlier: u64) -> Self {
        Self {
            earlier,
            ..Self::default()
        }
    }

    /// The token's age by the product's own rule; nothing kept is as good as dead.
    pub(crate) fn freshness(&self, now: Moment) -> Freshness {
        let Some(token) = &self.token else {
            return Freshness::Expired;
        };
        let now = timestamp(now);
        match token.freshness(now) {
            Freshness::Fresh => match token.freshness(now.plus(self.earlier)) {
                Freshness::Fresh => Freshness::Fresh,
                _ => Freshness::Stale,
            },
            age => age,
        }
    }

    pub(crate) fn keep(&mut self, now: Moment) {
        let issued_at = timestamp(now);
        self.token = Some(Token {
            secret: Secret::new(String::new()),
            issued_at,
            expires_at: issued_at.plus(LIFE_SECONDS),
        });
    }

    pub(crate) fn failed(&mut self, now: Moment) {
        self.quiet_until = now + QUIET;
    }

    pub(crate) fn may_refresh(&self, now: Moment) -> bool {
        !self.taken && now >= self.quiet_until
    }
}

fn timestamp(now: Moment) -> Timestamp {
    Timestamp(BEGIN + now / MICROSECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Moment = 3600 * MICROSECONDS;

    #[test]
    fn age_is_the_products_own() {
        assert_eq!(Store::new(0).freshness(0), Freshness::Expired);
        for (hours, earlier, expected) in [
            (10, 0, Freshness::Fresh),
            (10, 2 * 3600, Freshness::Stale),
            (11, 0, Freshness::Fresh),
            (12, 0, Freshness::Expired),
            (12, 2 * 3600, Freshness::Expired),
        ] {
            let mut store = Store::new(earlier);
            store.keep(0);
            assert_eq!(store.freshness(hours * HOUR), expected, "{hours} {earlier}");
        }
        let mut store = Store::new(0);
        store.keep(0);
        assert_eq!(store.freshness(11 * HOUR + MICROSECONDS), Freshness::Stale);
    }
}
