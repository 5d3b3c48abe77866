//! The quotas of CodeArtifact's API: calls a second of an account and Region. AWS publishes the numbers and not how it
//! counts; here a second begins with the first call in it. Source: AWS General Reference, "AWS CodeArtifact quotas".

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Operations, and how often an account may call each in a Region within a second.
const PER_SECOND: [(&str, u32); 4] = [
    ("GetAuthorizationToken", 40),
    ("GetPackageVersionAsset", 50),
    ("ListPackageVersions", 200),
    ("PublishPackageVersion", 10),
];

/// The used part of the quotas.
#[derive(Default)]
pub(crate) struct Quotas(RefCell<HashMap<Spender, Used>>);

#[derive(PartialEq, Eq, Hash)]
struct Spender {
    operation: &'static str,
    account: String,
    region: String,
}

struct Used {
    since: Instant,
    calls: u32,
}

impl Quotas {
    /// Counts a call. The error: how many are allowed a second.
    pub(crate) fn spend(&self, operation: &str, account: &str, region: &str) -> Result<(), u32> {
        self.spend_at(Instant::now(), operation, account, region)
    }

    fn spend_at(
        &self,
        now: Instant,
        operation: &str,
        account: &str,
        region: &str,
    ) -> Result<(), u32> {
        let quota = PER_SECOND.iter().find(|(name, _)| *name == operation);
        let Some(&(operation, most)) = quota else {
            return Ok(());
        };
        let spender = Spender {
            operation,
            account: account.to_owned(),
            region: region.to_owned(),
        };
        let unused = Used {
            since: now,
            calls: 0,
        };
        let mut all = self.0.borrow_mut();
        let used = all.entry(spender).or_insert(unused);
        if now.duration_since(used.since) >= Duration::from_secs(1) {
            *used = Used {
                since: now,
                calls: 0,
            };
        }
        used.calls += 1;
        if used.calls <= most {
            Ok(())
        } else {
            Err(most)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_an_accounts_in_a_region_and_a_seconds() {
        let quotas = Quotas::default();
        let start = Instant::now();
        let publish = |after: u64, account: &str, region: &str| {
            let now = start + Duration::from_millis(after);
            quotas.spend_at(now, "PublishPackageVersion", account, region)
        };
        for call in 0..10 {
            assert_eq!(publish(call, "111122223333", "us-east-1"), Ok(()), "{call}");
        }
        assert_eq!(publish(999, "111122223333", "us-east-1"), Err(10));
        assert_eq!(publish(999, "444455556666", "us-east-1"), Ok(()));
        assert_eq!(publish(999, "111122223333", "eu-west-1"), Ok(()));
        assert_eq!(publish(1000, "111122223333", "us-east-1"), Ok(()));
    }

    #[test]
    fn what_has_no_quota_is_not_counted() {
        let quotas = Quotas::default();
        let ask = |_| quotas.spend("DescribeDomain", "111122223333", "us-east-1");
        assert!((0..1000).map(ask).all(|asked| asked.is_ok()));
    }
}
