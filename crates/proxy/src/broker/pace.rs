//! How fast mints may follow each other: 30 a second in each customer's account, of whose 40 others need some too. It
//! counts and reads no configuration; who has to wait does so himself.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two mints.
const STEP: Duration = Duration::from_nanos(1_000_000_000 / 30);

/// As many as go in a second may go at once.
const BURST: Duration = Duration::from_secs(1);

/// For each account, when the next mint would be due if they came evenly.
#[derive(Default)]
pub(crate) struct Pace(Mutex<BTreeMap<String, Instant>>);

impl Pace {
    /// Takes a place in the account's row. Returns the time to wait for it.
    pub(crate) fn take(&self, account: &str, now: Instant) -> Duration {
        let mut due = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = due.entry(account.to_owned()).or_insert(now);
        *due = (*due).max(now) + STEP;
        (*due - STEP).saturating_duration_since(now + BURST - STEP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_a_second_in_each_account() {
        let (pace, start) = (Pace::default(), Instant::now());
        let waits: Vec<_> = (0..90).map(|_| pace.take("111122223333", start)).collect();
        assert!(waits[..30].iter().all(Duration::is_zero), "{waits:?}");
        assert!(waits[30] > Duration::ZERO && waits[30] <= STEP);
        let last = waits[89].as_secs_f64();
        assert!(
            (1.95..=2.05).contains(&last),
            "90 take three seconds: {last}"
        );
        assert_eq!(pace.take("444455556666", start), Duration::ZERO);
        let later = start + Duration::from_secs(10);
        assert_eq!(pace.take("111122223333", later), Duration::ZERO);
    }
}
