//! Moments as AWS's tools of all ages write them into their files: ISO 8601 with any offset, or `UTC` behind it.

use time::{Date, Month};

use crate::environment::Environment;

/// Tells whether there is more time than the margin until then. A time that cannot be read is AWS's to judge.
pub(super) fn lasts(until: &str, environment: &Environment, margin_seconds: i64) -> bool {
    let now = i64::try_from(environment.now().0).unwrap_or(i64::MAX);
    unix_time(until).is_none_or(|end| end > now + margin_seconds)
}

/// Seconds since 1970; a fraction is cut, and a moment without an offset is UTC.
pub(super) fn unix_time(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let (time, rest) = rest.strip_prefix(['T', 't', ' '])?.split_at_checked(8)?;
    let [year, month, day] = numbers(date, '-')?;
    let [hours, minutes, seconds] = numbers(time, ':')?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()?;
    let days =
        i64::from(date.to_julian_day() - Date::from_ordinal_date(1970, 1).ok()?.to_julian_day());
    let is_time =
        (0..24).contains(&hours) && (0..60).contains(&minutes) && (0..61).contains(&seconds);
    let local = days * 86_400 + i64::from(hours * 3600 + minutes * 60 + seconds);
    is_time.then_some(local - offset(without_fraction(rest))?)
}

fn numbers(text: &str, separator: char) -> Option<[i32; 3]> {
    let is_digit = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split(separator).filter(is_digit).collect();
    let [first, second, third] = parts.try_into().ok()?;
    let number = |part: &str| part.parse().ok();
    Some([number(first)?, number(second)?, number(third)?])
}

fn without_fraction(text: &str) -> &str {
    match text.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|digit: char| digit.is_ascii_digit()),
        None => text,
    }
}

fn offset(text: &str) -> Option<i64> {
    let text = text.trim();
    if matches!(text, "" | "Z" | "z" | "UTC") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?.replace(':', "");
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    let seconds = hours.parse::<u8>().ok().map(i64::from)? * 3600
        + minutes.parse::<u8>().ok().map(i64::from)? * 60;
    Some(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_all_tools_are_read() {
        let noon = 1_764_504_000;
        let rows = [
            ("2025-11-30T12:00:00Z", Some(noon)),
            ("2025-11-30T12:00:00UTC", Some(noon)),
            ("2025-11-30t12:00:00z", Some(noon)),
            ("2025-11-30T12:00:00", Some(noon)),
            ("2025-11-30 12:00:00+00:00", Some(noon)),
            ("2025-11-30T12:00:00.123456Z", Some(noon)),
            ("2025-11-30T04:00:00-08:00", Some(noon)),
            ("2025-11-30T17:30:00+0530", Some(noon)),
            ("2025-11-30T13:00:00+01", Some(noon)),
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2025-13-30T12:00:00Z", None),
            ("2025-11-30T25:00:00Z", None),
            ("2025-11-30", None),
            ("tomorrow", None),
            ("", None),
        ];
        for (text, expected) in rows {
            assert_eq!(unix_time(text), expected, "{text}");
        }
    }
}
