//! Reads what every fuzz driver takes from the person who starts it: how many cases, and from which seed. A driver includes this
//! file as its module `search`; what a case is and who judges it is the driver's.
//!
//!     FUZZ_CASES=10000000 FUZZ_SEED=7 cargo test --release fuzz

/// So many are tried in each run of the tests.
const CASES: u64 = 100_000;

pub(super) fn cases() -> u64 {
    number("FUZZ_CASES", CASES)
}

pub(super) fn random() -> fastrand::Rng {
    fastrand::Rng::with_seed(number("FUZZ_SEED", 1))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a person chooses how long to search"
)]
fn number(variable: &str, otherwise: u64) -> u64 {
    let text = std::env::var(variable).unwrap_or_default();
    text.parse().unwrap_or(otherwise)
}
