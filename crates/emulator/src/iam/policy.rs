//! IAM policy documents as data: what the JSON may say, checked as strictly as IAM does.
//! `evaluate` decides what a policy allows.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::condition::Condition;
use super::principal::Principals;
use super::texts::Texts;

/// The place that a document is attached to: it decides which elements it must have.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum PolicyKind {
    /// A user's or role's permissions, or a session policy.
    Identity,
    /// The policy of a domain or repository.
    Resource,
    /// A role's trust policy.
    Trust,
}

#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub(crate) statements: Vec<PolicyStatement>,
}

#[derive(Clone, Debug)]
pub(crate) struct PolicyStatement {
    pub(crate) name: String,
    pub(crate) allows: bool,
    pub(crate) principals: Option<Principals>,
    pub(crate) actions: Selection,
    pub(crate) resources: Option<Selection>,
    pub(crate) conditions: Vec<Condition>,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    pub(crate) patterns: Vec<String>,
    pub(crate) inverted: bool,
}

impl Policy {
    pub(crate) fn parse(text: &str, kind: PolicyKind) -> anyhow::Result<Self> {
        let document: PolicyDocument = serde_json::from_str(text)?;
        ensure!(
            matches!(
                document.version.as_deref(),
                None | Some("2012-10-17" | "2008-10-17")
            ),
            "Version must be 2012-10-17"
        );
        let statements = match document.statement {
            Value::Array(list) => list,
            single => vec![single],
        };
        let statements = statements
            .into_iter()
            .enumerate()
            .map(|(index, statement)| {
                let name = format!("statement {}", index + 1);
                PolicyStatement::parse(name.clone(), statement, kind).context(name)
            });
        Ok(Self {
            statements: statements.collect::<anyhow::Result<_>>()?,
        })
    }
}

impl PolicyStatement {
    fn parse(name: String, statement: Value, kind: PolicyKind) -> anyhow::Result<Self> {
        let raw: RawStatement = serde_json::from_value(statement)?;
        let actions = Selection::either("Action", raw.action, raw.not_action)?;
        let actions = actions.context("Action is missing")?;
        check_actions(&actions, kind)?;
        let resources = Selection::either("Resource", raw.resource, raw.not_resource)?;
        check_resources(resources.as_ref(), kind)?;
        let principals = Principals::parse(raw.principal, raw.not_principal)?;
        check_principals(principals.as_ref(), kind)?;
        let conditions = raw.condition.into_iter().flat_map(|(operator, keys)| {
            keys.into_iter()
                .map(move |(key, values)| Condition::parse(&operator, key, values.0))
        });
        Ok(Self {
            name: raw.sid.map_or(name, |sid| format!("statement {sid}")),
            allows: raw.effect == Effect::Allow,
            principals,
            actions,
            resources,
            conditions: conditions.collect::<anyhow::Result<_>>()?,
        })
    }
}

impl Selection {
    fn either(
        name: &str,
        plain: Option<Texts>,
        inverted: Option<Texts>,
    ) -> anyhow::Result<Option<Self>> {
        match (plain, inverted) {
            (Some(_), Some(_)) => bail!("{name} and Not{name} cannot both be given"),
            (Some(Texts(patterns)), None) => Ok(Some(Self {
                patterns,
                inverted: false,
            })),
            (None, Some(Texts(patterns))) => Ok(Some(Self {
                patterns,
                inverted: true,
            })),
            (None, None) => Ok(None),
        }
    }
}

fn check_actions(actions: &Selection, kind: PolicyKind) -> anyhow::Result<()> {
    for action in &actions.patterns {
        let service = action.split_once(':').map(|(service, _)| service);
        ensure!(
            action == "*" || service.is_some(),
            "Action {action} has no service prefix"
        );
        ensure!(
            kind != PolicyKind::Trust || service.is_some_and(|it| it.eq_ignore_ascii_case("sts")),
            "Action {action} is not one of sts, which is all a trust policy may name"
        );
    }
    Ok(())
}

fn check_resources(resources: Option<&Selection>, kind: PolicyKind) -> anyhow::Result<()> {
    let Some(resources) = resources else {
        ensure!(kind == PolicyKind::Trust, "Resource is missing");
        return Ok(());
    };
    ensure!(kind != PolicyKind::Trust, "a trust policy has no Resource");
    for resource in &resources.patterns {
        let is_arn = resource.starts_with("arn:") && resource.split(':').count() >= 6;
        ensure!(
            resource == "*" || is_arn,
            "Resource {resource} is neither an ARN nor *"
        );
    }
    Ok(())
}

fn check_principals(principals: Option<&Principals>, kind: PolicyKind) -> anyhow::Result<()> {
    match kind {
        PolicyKind::Identity => ensure!(
            principals.is_none(),
            "a permissions policy has no Principal"
        ),
        PolicyKind::Resource | PolicyKind::Trust => {
            ensure!(principals.is_some(), "Principal is missing")
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct PolicyDocument {
    version: Option<String>,
    #[serde(rename = "Id")]
    _id: Option<String>,
    statement: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct RawStatement {
    sid: Option<String>,
    effect: Effect,
    principal: Option<Value>,
    not_principal: Option<Value>,
    action: Option<Texts>,
    not_action: Option<Texts>,
    resource: Option<Texts>,
    not_resource: Option<Texts>,
    #[serde(default)]
    condition: BTreeMap<String, BTreeMap<String, Texts>>,
}

#[derive(Deserialize, PartialEq)]
enum Effect {
    Allow,
    Deny,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_iam_accepts() {
        for (kind, text) in [
            (
                PolicyKind::Identity,
                r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
            ),
            (
                PolicyKind::Identity,
                r#"{"Version":"2012-10-17","Id":"x","Statement":[{"Sid":"A","Effect":"Deny","NotAction":["a:b"],
                "NotResource":["arn:aws:s3:::x"],"Condition":{"Bool":{"aws:SecureTransport":true}}}]}"#,
            ),
            (
                PolicyKind::Trust,
                r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole"}]}"#,
            ),
            (
                PolicyKind::Resource,
                r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"codeartifact:*","Resource":"*"}]}"#,
            ),
        ] {
            assert!(Policy::parse(text, kind).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_services_prefix_has_no_case() {
        let text =
            r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"STS:AssumeRole"}]}"#;
        assert!(Policy::parse(text, PolicyKind::Trust).is_ok());
    }

    #[track_caller]
    fn assert_refused(kind: PolicyKind, cases: &[(&str, &str)]) {
        for (statement, expected) in cases {
            let text = format!(r#"{{"Statement":[{{{statement}}}]}}"#);
            let found = format!("{:#}", Policy::parse(&text, kind).expect_err(&text));
            assert!(found.contains(expected), "{text}: {found}");
        }
    }

    #[test]
    fn refuses_what_iam_refuses() {
        let version = r#"{"Version":"2012-10-71","Statement":[]}"#;
        let found = Policy::parse(version, PolicyKind::Identity)
            .map(drop)
            .expect_err("version");
        assert_eq!(found.to_string(), "Version must be 2012-10-17");
        let cases = [
            (
                r#""Effect":"Allow","Action":"*""#,
                "statement 1: Resource is missing",
            ),
            (
                r#""Effect":"Allow","Principal":"*","Action":"*","Resource":"*""#,
                "has no Principal",
            ),
            (
                r#""Effect":"Allow","Action":"Get","Resource":"*""#,
                "no service prefix",
            ),
            (
                r#""Effect":"Allow","Action":"*","Resource":"my-repo""#,
                "neither an ARN nor *",
            ),
            (
                r#""Effect":"Allow","Actions":"*","Resource":"*""#,
                "unknown field `Actions`",
            ),
            (
                r#""Effect":"Allow","Action":"*","NotAction":"*","Resource":"*""#,
                "cannot both",
            ),
            (
                r#""Effect":"Perhaps","Action":"*","Resource":"*""#,
                "unknown variant `Perhaps`",
            ),
            (
                r#""Effect":"Allow","Action":{},"Resource":"*""#,
                "a list of strings",
            ),
        ];
        assert_refused(PolicyKind::Identity, &cases);
    }

    #[test]
    fn refuses_what_is_no_trust_policy() {
        let cases = [
            (
                r#""Effect":"Allow","Action":"sts:AssumeRole""#,
                "Principal is missing",
            ),
            (
                r#""Effect":"Allow","Principal":"*","Action":"s3:*""#,
                "is not one of sts",
            ),
            (
                r#""Effect":"Allow","Principal":"*","Action":"sts:*","Resource":"*""#,
                "has no Resource",
            ),
        ];
        assert_refused(PolicyKind::Trust, &cases);
    }
}
