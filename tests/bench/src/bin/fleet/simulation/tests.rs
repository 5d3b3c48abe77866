//! What a small fleet does, where it can be told in the head.

use super::*;
use crate::plan::tests::small;

#[test]
fn tokens_by_where_they_are_kept() {
    let rows = [
        (Kept::Shared, 1),
        (Kept::PerHost(5), 4),
        (Kept::PerJob, 20),
        (Kept::Nowhere, 60),
    ];
    for (kept, expected) in rows {
        let outcome = run(&small(kept));
        assert_eq!(
            (outcome.tokens, outcome.failed_jobs),
            (expected, 0),
            "{kept:?}"
        );
        assert_eq!(outcome.waits.len(), 60, "each helper ended once: {kept:?}");
    }
}

#[test]
fn more_than_the_service_allows_makes_jobs_fail() {
    let plan = Plan {
        jobs: 2_000,
        window_seconds: 2,
        ..small(Kept::PerJob)
    };
    let outcome = run(&plan);
    assert!(outcome.failed_jobs > 0 && outcome.refused > 0);
    assert_eq!(run(&plan).asked, outcome.asked, "the same every time");
}

#[test]
fn valid_token_that_cannot_be_replaced_fails_nobody() {
    let plan = Plan {
        waves: 24,
        between_waves_seconds: 3600,
        ..small(Kept::PerHost(5))
    };
    let outcome = run(&plan);
    assert_eq!(
        (outcome.failed_jobs, outcome.tokens),
        (0, 12),
        "4 hosts, 3 each"
    );
}
