//! How many refusals are written down: ten a second of each caller, and a line that says how many there were beside them. A
//! caller that is refused for ever would fill the disk of those who run the broker. All who prove nothing count as one.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use codeartifact_auth::environment::Environment;

use super::audit::AuditLine;
use super::clients::Caller;

/// Lines of a caller, at most, between two sums.
const MOST: u64 = 10;

/// Between two sums.
pub(crate) const PERIOD: Duration = Duration::from_secs(1);

/// Issuer and subject; `None`: nobody who could be proved.
type Who = Option<(String, String)>;

/// The refusals since the last sum.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<BTreeMap<Who, u64>>);

impl Refusals {
    /// Writes a refusal down, unless its caller has had enough of them.
    pub(crate) fn note(&self, line: AuditLine<'_>, caller: Option<&Caller>) {
        if !self.admits(caller) {
            return;
        }
        match caller {
            Some(caller) => line.of(&caller.issuer, &caller.subject).write(),
            None => line.write(),
        }
    }

    /// Writes down how many were left out, for each caller. The counts begin anew.
    pub(crate) fn sum_up(&self, environment: &Environment) {
        for (who, left_out) in self.take() {
            let line = AuditLine {
                left_out: Some(left_out),
                ..AuditLine::new("refused", environment)
            };
            match &who {
                Some((issuer, subject)) => line.of(issuer, subject).write(),
                None => line.write(),
            }
        }
    }

    fn admits(&self, caller: Option<&Caller>) -> bool {
        let who = caller.map(|caller| (caller.issuer.clone(), caller.subject.clone()));
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = seen.entry(who).or_default();
        *count += 1;
        *count <= MOST
    }

    fn take(&self) -> Vec<(Who, u64)> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = std::mem::take(&mut *seen).into_iter();
        counts
            .map(|(who, count)| (who, count.saturating_sub(MOST)))
            .filter(|(_, left_out)| *left_out > 0)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(subject: &str) -> Caller {
        Caller {
            issuer: "https://i.example.com".to_owned(),
            subject: subject.to_owned(),
            audiences: Vec::new(),
        }
    }

    #[test]
    fn each_caller_has_ten_lines_and_a_count() {
        let refusals = Refusals::default();
        let (one, two) = (caller("one"), caller("two"));
        let admitted =
            |caller: Option<&Caller>| (0..25).filter(|_| refusals.admits(caller)).count();
        assert_eq!([admitted(Some(&one)), admitted(None)], [10, 10]);
        assert!(
            refusals.admits(Some(&two)),
            "another caller's count is its own"
        );
        let who = Some(("https://i.example.com".to_owned(), "one".to_owned()));
        assert_eq!(refusals.take(), [(None, 15), (who, 15)]);
        assert_eq!(refusals.take(), []);
        assert_eq!(admitted(Some(&one)), 10, "a new second");
    }
}
