//! Numbers with a unit: a token's life, and a number of bytes.

use super::wrong;
use crate::connection::TokenDuration;
use crate::error::Failure;

const DURATION_SECONDS: std::ops::RangeInclusive<u32> = 900..=43_200;

/// Takes `15m` … `12h`, also in seconds, or `session`.
pub(in crate::connection) fn duration(text: &str) -> Result<TokenDuration, Box<Failure>> {
    if text == "session" {
        return Ok(TokenDuration::Session);
    }
    let seconds = seconds(text).filter(|seconds| DURATION_SECONDS.contains(seconds));
    seconds.map(TokenDuration::Seconds).ok_or_else(|| {
        let given = text.escape_debug();
        wrong(format_args!("`{given}` is not a duration from 15m to 12h"))
            .with("correction", "write 15m, 1h, 12h, or session")
    })
}

fn seconds(text: &str) -> Option<u32> {
    let unit_at = text.len().checked_sub(1)?;
    let (number, unit) = text.split_at_checked(unit_at)?;
    let in_seconds = match unit {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        _ => return None,
    };
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = number.parse().ok().filter(|_| is_number)?;
    number.checked_mul(in_seconds)
}

/// A number of bytes: `500MB`, `10GB`, `1TB`, in powers of ten.
pub(in crate::connection) fn size(text: &str) -> Result<u64, Box<Failure>> {
    let refused = || {
        let given = text.escape_debug();
        wrong(format_args!(
            "`{given}` is not a size such as `500MB` or `10GB`"
        ))
    };
    let digits = text.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    let factor = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        _ => return Err(refused()),
    };
    let number: u64 = digits.trim().parse().map_err(|_| refused())?;
    number.checked_mul(factor).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let rows = [
            ("15m", Some(TokenDuration::Seconds(900))),
            ("900s", Some(TokenDuration::Seconds(900))),
            ("1h", Some(TokenDuration::Seconds(3600))),
            ("90m", Some(TokenDuration::Seconds(5400))),
            ("720m", Some(TokenDuration::Seconds(43_200))),
            ("12h", Some(TokenDuration::LONGEST)),
            ("session", Some(TokenDuration::Session)),
            ("14m", None),
            ("899s", None),
            ("43201s", None),
            ("13h", None),
            ("0h", None),
            ("3600", None),
            ("+1h", None),
            ("-1h", None),
            ("1.5h", None),
            ("1h30m", None),
            ("1 h", None),
            ("12H", None),
            ("h", None),
            ("1é", None),
            ("99999999999h", None),
            ("4294967295h", None),
            ("Session", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(duration(text).ok(), expected, "{text:?}");
        }
    }

    #[test]
    fn sizes() {
        let rows = [
            ("10GB", Some(10_000_000_000)),
            ("500 mb", Some(500_000_000)),
            ("1TB", Some(1_000_000_000_000)),
            ("10", None),
            ("10G", None),
            ("GB", None),
            ("-1GB", None),
            ("1.5GB", None),
            ("99999999999TB", None),
        ];
        for (text, expected) in rows {
            assert_eq!(size(text).ok(), expected, "{text}");
        }
    }
}
