//! Condition operators by name, and what each compares. Nothing here knows of keys or absent values.

use std::net::Ipv4Addr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::pattern::Pattern;
use crate::clock;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Test {
    Equals,
    EqualsIgnoringCase,
    Like,
    Arn,
    Binary,
    Bool,
    Null,
    Address,
    Number(Compare),
    Date(Compare),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Compare {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The operator of that name without quantifier and `IfExists`, and whether it is negated.
pub(super) fn parse(name: &str) -> Option<(Test, bool)> {
    Some(match name {
        "StringEquals" => (Test::Equals, false),
        "StringNotEquals" => (Test::Equals, true),
        "StringEqualsIgnoreCase" => (Test::EqualsIgnoringCase, false),
        "StringNotEqualsIgnoreCase" => (Test::EqualsIgnoringCase, true),
        "StringLike" => (Test::Like, false),
        "StringNotLike" => (Test::Like, true),
        "ArnEquals" | "ArnLike" => (Test::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Test::Arn, true),
        "BinaryEquals" => (Test::Binary, false),
        "Bool" => (Test::Bool, false),
        "Null" => (Test::Null, false),
        "IpAddress" => (Test::Address, false),
        "NotIpAddress" => (Test::Address, true),
        _ => return parse_ordered(name),
    })
}

fn parse_ordered(name: &str) -> Option<(Test, bool)> {
    let (test, comparison): (fn(Compare) -> Test, &str) = match name.strip_prefix("Numeric") {
        Some(comparison) => (Test::Number, comparison),
        None => (Test::Date, name.strip_prefix("Date")?),
    };
    Some(match comparison {
        "Equals" => (test(Compare::Equal), false),
        "NotEquals" => (test(Compare::Equal), true),
        "LessThan" => (test(Compare::Less), false),
        "LessThanEquals" => (test(Compare::LessOrEqual), false),
        "GreaterThan" => (test(Compare::Greater), false),
        "GreaterThanEquals" => (test(Compare::GreaterOrEqual), false),
        _ => return None,
    })
}

impl Test {
    pub(super) fn holds(self, wanted: &Pattern, found: &str) -> bool {
        match self {
            Self::Like => wanted.matches(found),
            Self::Arn => arn_matches(wanted, found),
            plain => plain.compares(&wanted.text(), found),
        }
    }

    /// Compares texts without wildcards.
    fn compares(self, wanted: &str, found: &str) -> bool {
        match self {
            Self::Equals => wanted == found,
            Self::EqualsIgnoringCase | Self::Bool => wanted.eq_ignore_ascii_case(found),
            Self::Binary => STANDARD
                .decode(wanted)
                .is_ok_and(|bytes| bytes == found.as_bytes()),
            Self::Like | Self::Arn | Self::Null => false,
            Self::Address => address_matches(wanted, found).unwrap_or(false),
            Self::Number(compare) => match (found.parse::<f64>(), wanted.parse::<f64>()) {
                (Ok(found), Ok(wanted)) => compare.holds(&found, &wanted),
                _ => false,
            },
            Self::Date(compare) => match (clock::parse(found), clock::parse(wanted)) {
                (Some(found), Some(wanted)) => compare.holds(&found, &wanted),
                _ => false,
            },
        }
    }
}

impl Compare {
    fn holds<T: PartialOrd>(self, found: &T, wanted: &T) -> bool {
        match self {
            Self::Equal => found == wanted,
            Self::Less => found < wanted,
            Self::LessOrEqual => found <= wanted,
            Self::Greater => found > wanted,
            Self::GreaterOrEqual => found >= wanted,
        }
    }
}

/// Each of an ARN's six parts is matched on its own, so that a star does not reach over a colon.
fn arn_matches(wanted: &Pattern, found: &str) -> bool {
    let wanted = wanted.split(6);
    let found: Vec<&str> = found.splitn(6, ':').collect();
    wanted.len() == found.len() && wanted.iter().zip(found).all(|(w, f)| w.matches(f))
}

fn address_matches(wanted: &str, found: &str) -> Option<bool> {
    let (network, bits) = wanted.split_once('/').unwrap_or((wanted, "32"));
    let (network, bits): (Ipv4Addr, u32) = (network.parse().ok()?, bits.parse().ok()?);
    let mask = u32::MAX.checked_shl(32_u32.checked_sub(bits)?).unwrap_or(0);
    let found: Ipv4Addr = found.parse().ok()?;
    Some(u32::from(network) & mask == u32::from(found) & mask)
}
