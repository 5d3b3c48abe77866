//! The fleets that are simulated: how many jobs, when they start, and where their tokens are kept.

/// Where a token is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kept {
    /// One place for all jobs.
    Shared,
    /// In so many replicas of a broker, which the jobs meet in turn.
    Replicas(usize),
    /// One for each host, which so many jobs share.
    PerHost(usize),
    /// As in a container that brings nothing along.
    PerJob,
    Nowhere,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) jobs: usize,
    /// They start within this time, at random.
    pub(crate) window_seconds: u64,
    /// How often a job asks for a token, and over what time.
    pub(crate) helpers: usize,
    pub(crate) job_seconds: u64,
    pub(crate) kept: Kept,
    /// The same jobs start again, so often and so far apart.
    pub(crate) waves: usize,
    pub(crate) between_waves_seconds: u64,
    /// Tries of one mint; its time ends before the most.
    pub(crate) attempts: u32,
    /// Stores begin to replace their token at moments that differ by up to this.
    pub(crate) jitter_seconds: u64,
}

/// As `mint/call.rs` has it: throttled calls are made again until the run's time is over.
const UNTIL_THE_END: u32 = u32::MAX;

/// 10,000 jobs that start within a minute, once.
const MORNING: Plan = Plan {
    jobs: 10_000,
    window_seconds: 60,
    helpers: 4,
    job_seconds: 300,
    kept: Kept::Shared,
    waves: 1,
    between_waves_seconds: 0,
    attempts: UNTIL_THE_END,
    jitter_seconds: 0,
};

type Table = (&'static str, Vec<(String, Plan)>);

pub(crate) fn tables() -> Vec<Table> {
    vec![
        ("By where the token is kept", by_place()),
        (
            "By the time in which the jobs start, a token per job",
            by_window(),
        ),
        ("By the tries of one mint", by_attempts()),
        (
            "The same jobs every hour for a day, by jitter of the ageing point",
            by_jitter(),
        ),
    ]
}

fn by_place() -> Vec<(String, Plan)> {
    let places = [
        ("one place", Kept::Shared),
        ("a broker of 3 replicas", Kept::Replicas(3)),
        ("100 hosts of 100 jobs", Kept::PerHost(100)),
        ("500 hosts of 20 jobs", Kept::PerHost(20)),
        ("2,500 hosts of 4 jobs", Kept::PerHost(4)),
        ("every job its own", Kept::PerJob),
        ("nowhere", Kept::Nowhere),
    ];
    let plan = |(name, kept): (&str, _)| (name.to_owned(), Plan { kept, ..MORNING });
    places.into_iter().map(plan).collect()
}

fn by_window() -> Vec<(String, Plan)> {
    let plan = |minutes: u64| {
        let plan = Plan {
            kept: Kept::PerJob,
            window_seconds: minutes * 60,
            ..MORNING
        };
        (format!("{minutes} min"), plan)
    };
    [1, 2, 4, 5, 10].into_iter().map(plan).collect()
}

fn by_attempts() -> Vec<(String, Plan)> {
    let plan = |(hosts, jobs, attempts): (&str, usize, u32)| {
        let plan = Plan {
            kept: Kept::PerHost(jobs),
            attempts,
            ..MORNING
        };
        let tries = match attempts {
            UNTIL_THE_END => "tries until the end".to_owned(),
            tries => format!("{tries} tries"),
        };
        (format!("{hosts} hosts, {tries}"), plan)
    };
    let rows = [
        ("500", 20, 3),
        ("500", 20, 8),
        ("500", 20, UNTIL_THE_END),
        ("2,500", 4, 3),
        ("2,500", 4, 8),
        ("2,500", 4, UNTIL_THE_END),
        ("10,000", 1, 3),
        ("10,000", 1, 8),
        ("10,000", 1, UNTIL_THE_END),
    ];
    rows.into_iter().map(plan).collect()
}

fn by_jitter() -> Vec<(String, Plan)> {
    let plan = |(hosts, jobs, minutes): (&str, usize, u64)| {
        let plan = Plan {
            kept: Kept::PerHost(jobs),
            waves: 24,
            between_waves_seconds: 3600,
            jitter_seconds: minutes * 60,
            ..MORNING
        };
        (format!("{hosts} hosts, {minutes} min"), plan)
    };
    let rows = [
        ("500", 20, 0),
        ("500", 20, 60),
        ("2,500", 4, 0),
        ("2,500", 4, 60),
        ("10,000", 1, 0),
        ("10,000", 1, 60),
        ("10,000", 1, 180),
    ];
    rows.into_iter().map(plan).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn small(kept: Kept) -> Plan {
        Plan {
            jobs: 20,
            helpers: 3,
            kept,
            ..MORNING
        }
    }
}
