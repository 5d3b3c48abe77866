//! The service's limit: so many requests a second, and as many at once after a quiet moment.

use crate::simulation::{MICROSECONDS, Moment};

/// GetAuthorizationToken, per account and Region (CodeArtifact's quotas page; it can be raised).
pub(crate) const PER_SECOND: u64 = 40;

pub(crate) struct Service {
    /// In requests times [`MICROSECONDS`].
    allowance: u64,
    seen: Moment,
}

impl Service {
    pub(crate) fn new() -> Self {
        Self {
            allowance: PER_SECOND * MICROSECONDS,
            seen: 0,
        }
    }

    /// Whether it answers this request; else it says that there were too many.
    pub(crate) fn admits(&mut self, now: Moment) -> bool {
        let earned = (now - self.seen) * PER_SECOND;
        self.allowance = (self.allowance + earned).min(PER_SECOND * MICROSECONDS);
        self.seen = now;
        let admitted = self.allowance >= MICROSECONDS;
        self.allowance -= if admitted { MICROSECONDS } else { 0 };
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limit() {
        let mut service = Service::new();
        let mut admitted = |now, requests| (0..requests).filter(|_| service.admits(now)).count();
        assert_eq!(admitted(0, 100), 40, "at once");
        assert_eq!(
            admitted(MICROSECONDS / 4, 100),
            10,
            "a quarter of a second later"
        );
        assert_eq!(admitted(100 * MICROSECONDS, 100), 40, "no more is saved up");
    }
}
