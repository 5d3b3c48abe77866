//! The emulator's one clock, which a test can shift, and the date formats AWS uses.
//! It decides nothing: whether a date is too old is for its callers.

use std::cell::Cell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// Seconds since 1970.
pub(crate) type Seconds = i64;

/// The time here, which is the system's plus an offset.
#[derive(Default)]
pub(crate) struct Clock {
    offset: Cell<Seconds>,
}

impl Clock {
    pub(crate) fn now(&self) -> Seconds {
        self.now_millis().div_euclid(1000)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the emulator reads the clock"
    )]
    pub(crate) fn now_millis(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX) + self.offset.get() * 1000
    }

    pub(crate) fn system_time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.now_millis().unsigned_abs())
    }

    /// Shifts the clock: every later answer is as if that many seconds had passed.
    pub(crate) fn set_offset(&self, seconds: Seconds) {
        self.offset.set(seconds);
    }
}

/// `2026-01-31T12:00:00Z`
pub(crate) fn iso(at: Seconds) -> String {
    DateTime::from_secs(at)
        .fmt(Format::DateTime)
        .unwrap_or_default()
}

/// `2026-01-31T12:00:00.250Z`, for the journal.
pub(crate) fn iso_millis(at: i64) -> String {
    let whole = iso(at.div_euclid(1000));
    format!(
        "{}.{:03}Z",
        whole.trim_end_matches('Z'),
        at.rem_euclid(1000)
    )
}

/// `20260131T120000Z`, as signatures carry it.
pub(crate) fn compact(at: Seconds) -> String {
    iso(at)
        .chars()
        .filter(|c| !matches!(c, '-' | ':'))
        .collect()
}

/// `Sat, 31 Jan 2026 12:00:00 GMT`
pub(crate) fn http_date(at: Seconds) -> String {
    DateTime::from_secs(at)
        .fmt(Format::HttpDate)
        .unwrap_or_default()
}

/// Reads the compact form back.
pub(crate) fn parse_compact(text: &str) -> Option<Seconds> {
    let well_formed = text.len() == 16 && text.is_ascii();
    let (date, time) = well_formed.then(|| text.split_at(8))?;
    let time = time.strip_prefix('T')?.strip_suffix('Z')?;
    parse(&format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..],
        &time[..2],
        &time[2..4],
        &time[4..]
    ))
}

/// Reads an ISO date, or seconds since 1970 as IAM also accepts them.
pub(crate) fn parse(text: &str) -> Option<Seconds> {
    text.parse().ok().or_else(|| {
        let date = DateTime::from_str(text, Format::DateTimeWithOffset).ok()?;
        Some(date.secs())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_and_reads_back() {
        let at = 1_769_860_800;
        assert_eq!(iso(at), "2026-01-31T12:00:00Z");
        assert_eq!(iso_millis(at * 1000 + 7), "2026-01-31T12:00:00.007Z");
        assert_eq!(compact(at), "20260131T120000Z");
        assert_eq!(http_date(at), "Sat, 31 Jan 2026 12:00:00 GMT");
        assert_eq!(parse_compact("20260131T120000Z"), Some(at));
        assert_eq!(parse("2026-01-31T12:00:00Z"), Some(at));
        assert_eq!(parse("1769860800"), Some(at));
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "2026",
            "20260131X120000Z",
            "20261331T120000Z",
            "ä0260131T12000Z",
        ] {
            assert_eq!(parse_compact(text), None, "{text}");
        }
    }

    #[test]
    fn an_offset_shifts_the_clock() {
        let clock = Clock::default();
        let before = clock.now();
        clock.set_offset(3600);
        assert!((3600..3660).contains(&(clock.now() - before)));
    }
}
