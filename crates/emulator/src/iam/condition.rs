//! The `Condition` element: an operator over one key of the request's context. What operators compare is for
//! `operator`.

use anyhow::Context as _;

use super::context::Context;
use super::operator::{self, Test};
use super::pattern::Pattern;

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
    /// None is written: the key is expected to have one value.
    None,
    Any,
    All,
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
            _ => (Quantifier::None, operator),
        };
        let (name, if_exists) = match name.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (test, negated) = operator::parse(name)
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
            // IAM: ForAnyValue never holds for an absent key, not even negated or with IfExists.
            return match self.quantifier {
                Quantifier::None => self.if_exists || self.negated,
                Quantifier::Any => false,
                Quantifier::All => true,
            };
        }
        let expected: Vec<Pattern> = self
            .expected
            .iter()
            .filter_map(|text| context.expand(text))
            .collect();
        let matches = |value: &String| {
            expected.iter().any(|wanted| self.test.holds(wanted, value)) != self.negated
        };
        match self.quantifier {
            Quantifier::None | Quantifier::Any => found.iter().any(matches),
            Quantifier::All => found.iter().all(matches),
        }
    }

    /// Describes what did not hold, for the journal.
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
        for (operator, key, wanted, expected) in OPERATORS {
            let condition =
                Condition::parse(operator, key.into(), vec![wanted.into()]).expect(operator);
            assert_eq!(
                condition.holds(&context()),
                expected,
                "{operator} {key} {wanted}"
            );
        }
    }

    const OPERATORS: [(&str, &str, &str, bool); 38] = [
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
        ("StringLike", "aws:username", "${aws:absent, 'ci'}", true),
        ("StringLike", "aws:username", "${aws:username, 'x'}", true),
        ("StringLike", "aws:username", "${aws:absent, ci}", false),
        ("StringLike", "aws:TagKeys", "${aws:TagKeys}", false),
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
        ("BinaryEquals", "sts:ExternalId", "azNK", true),
        ("BinaryEquals", "sts:ExternalId", "k3J", false),
    ];

    #[test]
    fn for_any_value_never_holds_for_an_absent_key() {
        for operator in [
            "ForAnyValue:StringEquals",
            "ForAnyValue:StringNotEquals",
            "ForAnyValue:StringLikeIfExists",
            "ForAnyValue:StringNotLikeIfExists",
        ] {
            let condition = Condition::parse(operator, "aws:Absent".into(), vec!["x".into()]);
            assert!(!condition.expect(operator).holds(&context()), "{operator}");
        }
    }

    #[test]
    fn a_wildcard_in_braces_is_a_plain_character() {
        for (operator, wanted, found, expected) in [
            ("StringLike", "abc${*}", "abc-1234", false),
            ("StringLike", "abc${*}", "abc*", true),
            ("StringLike", "abc${?}", "abcd", false),
            ("StringLike", "a*${$}", "abc$", true),
            ("StringEquals", "abc${*}", "abc*", true),
            ("StringLike", "${aws:username}", "anything", false),
            ("ArnLike", "a:b:c:d:e:${*}", "a:b:c:d:e:f", false),
        ] {
            let mut context = Context::default();
            context.set("aws:username", "any*");
            context.set("sts:ExternalId", found);
            let condition =
                Condition::parse(operator, "sts:ExternalId".into(), vec![wanted.into()]);
            let holds = condition.expect(operator).holds(&context);
            assert_eq!(holds, expected, "{operator} {wanted} {found}");
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
