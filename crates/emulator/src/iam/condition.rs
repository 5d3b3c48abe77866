//! The `Condition` element: its operators, and the request's context that they look at.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use anyhow::Context as _;

use super::pattern;
use crate::clock;

/// What is known about a request, by condition key. Keys ignore case, as IAM's do.
#[derive(Clone, Default)]
pub(crate) struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    pub(crate) fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.to_ascii_lowercase(), vec![value.into()]);
    }

    pub(crate) fn set_option(&mut self, key: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    pub(crate) fn set_list(&mut self, key: &str, values: Vec<String>) {
        self.0.insert(key.to_ascii_lowercase(), values);
    }

    fn get(&self, key: &str) -> &[String] {
        self.0
            .get(&key.to_ascii_lowercase())
            .map_or(&[], Vec::as_slice)
    }

    /// Replaces policy variables such as `${aws:username}`; an unknown one matches nothing.
    pub(super) fn expand(&self, text: &str) -> Option<String> {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (key, after) = after.split_once('}')?;
            expanded.push_str(before);
            expanded.push_str(match key {
                "*" | "?" | "$" => key,
                key => self.get(key).first()?,
            });
            rest = after;
        }
        Some(expanded + rest)
    }
}

/// One operator over one key.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    operator: String,
    key: String,
    expected: Vec<String>,
    quantifier: Quantifier,
    if_exists: bool,
    negated: bool,
    test: Test,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Quantifier {
    Any,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Test {
    Equals,
    EqualsIgnoringCase,
    Like,
    Arn,
    Bool,
    Null,
    Address,
    Number(Compare),
    Date(Compare),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Compare {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Condition {
    pub(super) fn parse(
        operator: &str,
        key: String,
        expected: Vec<String>,
    ) -> anyhow::Result<Self> {
        let (quantifier, name) = match operator.split_once(':') {
            Some(("ForAllValues", name)) => (Quantifier::All, name),
            Some(("ForAnyValue", name)) => (Quantifier::Any, name),
            _ => (Quantifier::Any, operator),
        };
        let (name, if_exists) = match name.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (test, negated) = parse_test(name)
            .with_context(|| format!("condition operator {operator} is unknown"))?;
        Ok(Self {
            operator: operator.to_owned(),
            key,
            expected,
            quantifier,
            if_exists,
            negated,
            test,
        })
    }

    pub(super) fn holds(&self, context: &Context) -> bool {
        let found = context.get(&self.key);
        if self.test == Test::Null {
            return self
                .expected
                .iter()
                .any(|wanted| (wanted == "true") == found.is_empty());
        }
        if found.is_empty() {
            // IAM: a negated operator, IfExists and ForAllValues all hold for an absent key.
            return self.if_exists || self.negated || self.quantifier == Quantifier::All;
        }
        let expected: Vec<String> = self
            .expected
            .iter()
            .filter_map(|text| context.expand(text))
            .collect();
        let matches = |value: &String| {
            expected.iter().any(|wanted| self.test.holds(wanted, value)) != self.negated
        };
        match self.quantifier {
            Quantifier::Any => found.iter().any(matches),
            Quantifier::All => found.iter().all(matches),
        }
    }

    /// What did not hold, for the journal.
    pub(super) fn describe(&self, context: &Context) -> String {
        let found = context.get(&self.key);
        let found = if found.is_empty() {
            "none".to_owned()
        } else {
            found.join(", ")
        };
        format!(
            "{} {} wants {}, the request has {found}",
            self.operator,
            self.key,
            self.expected.join(" or ")
        )
    }
}

fn parse_test(name: &str) -> Option<(Test, bool)> {
    Some(match name {
        "StringEquals" => (Test::Equals, false),
        "StringNotEquals" => (Test::Equals, true),
        "StringEqualsIgnoreCase" => (Test::EqualsIgnoringCase, false),
        "StringNotEqualsIgnoreCase" => (Test::EqualsIgnoringCase, true),
        "StringLike" => (Test::Like, false),
        "StringNotLike" => (Test::Like, true),
        "ArnEquals" | "ArnLike" => (Test::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Test::Arn, true),
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
    fn holds(self, wanted: &str, found: &str) -> bool {
        match self {
            Self::Equals => wanted == found,
            Self::EqualsIgnoringCase | Self::Bool => wanted.eq_ignore_ascii_case(found),
            Self::Like => pattern::matches(wanted, found),
            Self::Arn => arn_matches(wanted, found),
            Self::Null => false,
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
fn arn_matches(wanted: &str, found: &str) -> bool {
    let wanted: Vec<&str> = wanted.splitn(6, ':').collect();
    let found: Vec<&str> = found.splitn(6, ':').collect();
    wanted.len() == found.len()
        && wanted
            .iter()
            .zip(&found)
            .all(|(w, f)| pattern::matches(w, f))
}

fn address_matches(wanted: &str, found: &str) -> Option<bool> {
    let (network, bits) = wanted.split_once('/').unwrap_or((wanted, "32"));
    let (network, bits): (Ipv4Addr, u32) = (network.parse().ok()?, bits.parse().ok()?);
    let mask = u32::MAX.checked_shl(32_u32.checked_sub(bits)?).unwrap_or(0);
    let found: Ipv4Addr = found.parse().ok()?;
    Some(u32::from(network) & mask == u32::from(found) & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        let mut context = Context::default();
        context.set("sts:ExternalId", "k3J");
        context.set("sts:DurationSeconds", "3600");
        context.set(
            "aws:PrincipalArn",
            "arn:aws:iam::198331734661:role/team/Reader",
        );
        context.set("aws:MultiFactorAuthPresent", "true");
        context.set("aws:TokenIssueTime", "2026-01-31T12:00:00Z");
        context.set("aws:SourceIp", "127.0.0.1");
        context.set("aws:username", "ci");
        context.set_list("aws:TagKeys", vec!["team".into(), "stage".into()]);
        context
    }

    #[test]
    fn operators() {
        for (operator, key, wanted, expected) in [
            ("StringEquals", "sts:ExternalId", "k3J", true),
            ("StringEquals", "STS:externalid", "k3J", true),
            ("StringEquals", "sts:ExternalId", "K3J", false),
            ("StringEquals", "sts:RoleSessionName", "x", false),
            ("StringEqualsIfExists", "sts:RoleSessionName", "x", true),
            ("StringEqualsIfExists", "sts:ExternalId", "x", false),
            ("StringEqualsIgnoreCase", "sts:ExternalId", "K3J", true),
            ("StringNotEquals", "sts:ExternalId", "x", true),
            ("StringNotEquals", "sts:RoleSessionName", "x", true),
            ("StringLike", "sts:ExternalId", "k*", true),
            ("StringNotLike", "sts:ExternalId", "k*", false),
            ("StringLike", "aws:username", "${aws:username}", true),
            ("StringLike", "aws:username", "${aws:absent}", false),
            ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/*", true),
            ("ArnLike", "aws:PrincipalArn", "arn:aws:*:role/*", false),
            (
                "ArnNotLike",
                "aws:PrincipalArn",
                "arn:aws:iam::*:user/*",
                true,
            ),
            ("Bool", "aws:MultiFactorAuthPresent", "true", true),
            ("BoolIfExists", "aws:SecureTransport", "true", true),
            ("Null", "aws:SecureTransport", "true", true),
            ("Null", "sts:ExternalId", "true", false),
            ("NumericLessThanEquals", "sts:DurationSeconds", "3600", true),
            ("NumericLessThan", "sts:DurationSeconds", "3600", false),
            ("NumericGreaterThan", "sts:DurationSeconds", "900", true),
            ("NumericEquals", "sts:ExternalId", "1", false),
            (
                "DateLessThan",
                "aws:TokenIssueTime",
                "2026-02-01T00:00:00Z",
                true,
            ),
            (
                "DateGreaterThan",
                "aws:TokenIssueTime",
                "2026-02-01T00:00:00Z",
                false,
            ),
            ("IpAddress", "aws:SourceIp", "127.0.0.0/8", true),
            ("IpAddress", "aws:SourceIp", "10.0.0.0/8", false),
            ("NotIpAddress", "aws:SourceIp", "0.0.0.0/0", false),
            ("ForAnyValue:StringEquals", "aws:TagKeys", "stage", true),
            ("ForAllValues:StringEquals", "aws:TagKeys", "stage", false),
            ("ForAllValues:StringEquals", "aws:Absent", "stage", true),
        ] {
            let condition =
                Condition::parse(operator, key.into(), vec![wanted.into()]).expect(operator);
            assert_eq!(
                condition.holds(&context()),
                expected,
                "{operator} {key} {wanted}"
            );
        }
    }

    #[test]
    fn an_unknown_operator_is_an_error() {
        for operator in ["StringMatches", "NumericBetween", "Bool2", ""] {
            assert!(
                Condition::parse(operator, "a:b".into(), vec![]).is_err(),
                "{operator}"
            );
        }
    }

    #[test]
    fn several_values_are_alternatives() {
        let either = |operator| {
            Condition::parse(
                operator,
                "sts:ExternalId".into(),
                vec!["a".into(), "k3J".into()],
            )
        };
        assert!(either("StringEquals").expect("known").holds(&context()));
        assert!(!either("StringNotEquals").expect("known").holds(&context()));
    }
}
