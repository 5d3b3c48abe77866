//! A token, the secret inside it, and how old it is: pure functions of a moment that the caller names.
//! It reads no clock and knows no cache.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zeroize::Zeroizing;

/// The longest life CodeArtifact gives an authorization token: 12 hours.
pub const LONGEST_LIFE_SECONDS: u64 = 12 * 60 * 60;

/// A token this close to its end counts as expired: the request it is for still has to reach AWS.
const EXPIRED_BEFORE_EXPIRY_SECONDS: u64 = 30;

/// A token is replaced ahead of time once less than this remains, because uv, cargo, poetry and npm
/// keep the first answer for a whole run and never ask again.
const REFRESH_BEFORE_EXPIRY_SECONDS: u64 = 60 * 60;

/// Clocks of one machine's processes agree; a little slack allows for a clock that was just adjusted.
const CLOCK_SLACK_SECONDS: u64 = 60;

/// Text that must not be seen. It leaves only through [`Secret::expose`] and is zeroed on drop.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of `text`, so that no copy is left behind.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself: the one way out, so that every use can be found by searching for this name.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("REDACTED")
    }
}

/// A moment: whole seconds since the Unix epoch, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// Seconds from `earlier` to `self`; 0 if `earlier` is later.
    pub fn since(self, earlier: Timestamp) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment `seconds` later.
    pub fn plus(self, seconds: u64) -> Timestamp {
        Timestamp(self.0.saturating_add(seconds))
    }
}

/// RFC 3339 in UTC: `2027-01-15T08:00:00Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = i64::try_from(self.0)
            .ok()
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
            .and_then(|moment| moment.format(&Rfc3339).ok());
        match text {
            Some(text) => formatter.write_str(&text),
            None => write!(formatter, "second {}", self.0),
        }
    }
}

/// An authorization token as CodeArtifact issued it.
#[derive(Debug, Clone)]
pub struct Token {
    /// The text that the client sends.
    pub secret: Secret,
    /// When we asked for it, by this machine's clock.
    pub issued_at: Timestamp,
    /// When the server stops taking it; never later than the server said.
    pub expires_at: Timestamp,
}

/// Tells whether a token may be served at a given moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Serve it.
    Fresh,
    /// Still valid: replace it if that is possible, serve it otherwise.
    Stale,
    /// Expired, about to, or not believable: never serve it.
    Expired,
}

impl Token {
    /// Judges this token at `now`.
    ///
    /// A token issued in the future, or one that claims to live longer than CodeArtifact allows, was
    /// written under another clock: its expiry cannot be trusted, so it counts as expired.
    pub fn freshness(&self, now: Timestamp) -> Freshness {
        if !self.is_believable(now) || self.remaining(now) <= EXPIRED_BEFORE_EXPIRY_SECONDS {
            Freshness::Expired
        } else if self.remaining(now) < self.refresh_window() {
            Freshness::Stale
        } else {
            Freshness::Fresh
        }
    }

    /// Seconds until it expires; 0 when it has.
    pub fn remaining(&self, now: Timestamp) -> u64 {
        self.expires_at.since(now)
    }

    /// When a client that keeps this token should ask for another one: once it is stale, so that a long build gets the next
    /// one ahead of time; and when it expires, if it is stale already.
    pub fn ask_again_at(&self, now: Timestamp) -> Timestamp {
        let stale = Timestamp(self.expires_at.0.saturating_sub(self.refresh_window()));
        if now < stale {
            stale
        } else {
            Timestamp(
                self.expires_at
                    .0
                    .saturating_sub(EXPIRED_BEFORE_EXPIRY_SECONDS),
            )
        }
    }

    /// Tells whether its times make sense at `now`: not issued in the future, no longer life than AWS grants.
    pub fn is_believable(&self, now: Timestamp) -> bool {
        self.issued_at <= now.plus(CLOCK_SLACK_SECONDS)
            && self.lifetime() <= LONGEST_LIFE_SECONDS + CLOCK_SLACK_SECONDS
    }

    fn lifetime(&self) -> u64 {
        self.expires_at.since(self.issued_at)
    }

    fn refresh_window(&self) -> u64 {
        REFRESH_BEFORE_EXPIRY_SECONDS.min(self.lifetime() / 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUED: u64 = 1_800_000_000;
    const HOUR: u64 = 3600;

    fn token(lifetime: u64) -> Token {
        Token {
            secret: Secret::new("eyJ2ZXIiOjF9".into()),
            issued_at: Timestamp(ISSUED),
            expires_at: Timestamp(ISSUED + lifetime),
        }
    }

    #[test]
    fn age_is_a_function_of_the_moment() {
        let rows = [
            // lifetime, seconds after it was issued, age
            (12 * HOUR, 0, Freshness::Fresh),
            (12 * HOUR, 11 * HOUR, Freshness::Fresh),
            (12 * HOUR, 11 * HOUR + 1, Freshness::Stale),
            (12 * HOUR, 12 * HOUR - 31, Freshness::Stale),
            (12 * HOUR, 12 * HOUR - 30, Freshness::Expired),
            (12 * HOUR, 12 * HOUR, Freshness::Expired),
            (12 * HOUR, 13 * HOUR, Freshness::Expired),
            (HOUR, 45 * 60, Freshness::Fresh),
            (HOUR, 45 * 60 + 1, Freshness::Stale),
            (900, 675, Freshness::Fresh),
            (900, 676, Freshness::Stale),
            (900, 870, Freshness::Expired),
            (20, 0, Freshness::Expired),
        ];
        for (lifetime, after, expected) in rows {
            let age = token(lifetime).freshness(Timestamp(ISSUED + after));
            assert_eq!(age, expected, "{lifetime} s, {after} s after issue");
        }
    }

    #[test]
    fn another_clock_makes_a_token_unbelievable() {
        let now = Timestamp(ISSUED);
        let rows = [
            ("issued a minute ahead", ISSUED + 60, ISSUED + HOUR, true),
            ("issued in the future", ISSUED + 61, ISSUED + HOUR, false),
            (
                "clock set back by a day",
                ISSUED + 24 * HOUR,
                ISSUED + 36 * HOUR,
                false,
            ),
            (
                "lives longer than AWS grants",
                ISSUED,
                ISSUED + 12 * HOUR + 61,
                false,
            ),
            ("expires before it was issued", ISSUED, ISSUED - 1, true),
        ];
        for (what, issued, expires, believable) in rows {
            let mut token = token(0);
            token.issued_at = Timestamp(issued);
            token.expires_at = Timestamp(expires);
            assert_eq!(token.is_believable(now), believable, "{what}");
            if !believable {
                assert_eq!(token.freshness(now), Freshness::Expired, "{what}");
            }
        }
    }

    #[test]
    fn moments_are_shown_in_utc() {
        let rows = [
            (0, "1970-01-01T00:00:00Z"),
            (1_800_000_000, "2027-01-15T08:00:00Z"),
            (u64::MAX, "second 18446744073709551615"),
        ];
        for (seconds, expected) in rows {
            assert_eq!(Timestamp(seconds).to_string(), expected);
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", token(HOUR));
        assert!(shown.contains("REDACTED"), "{shown}");
        assert!(!shown.contains("eyJ2"), "{shown}");
    }
}
