//! An IAM policy document, with just the elements that a reader role's trust and permissions need, in the order in
//! which people write them. `policy.rs` decides the content; programs may also render it otherwise.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::id_token::IdTokenTrust;

/// A policy document; serialised, it is the JSON that IAM takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Document {
    version: &'static str,
    statement: Vec<Statement>,
}

/// One statement. All of ours allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    effect: &'static str,
    /// Who; trust policies only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<Principal>,
    /// What, as `service:Action`.
    pub action: &'static str,
    /// On what; permissions only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<Resource>,
    /// Only if.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
}

/// Whom a role trusts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Principal {
    /// The ARN of a role, a user, or an account's root.
    #[serde(rename = "AWS")]
    Aws(String),
    /// The ARN of an identity provider.
    Federated(String),
}

/// The resources of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Resource {
    /// `*`, for an action that knows no resources.
    Any(&'static str),
    /// ARNs, sorted, so that the same connection always gives the same document.
    These(BTreeSet<String>),
}

/// Keys of the request that must have these values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Condition {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    string_equals: BTreeMap<String, String>,
    /// With `*` for anything.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    string_like: BTreeMap<String, String>,
}

impl Document {
    pub(super) fn new(statement: Vec<Statement>) -> Self {
        Self {
            version: "2012-10-17",
            statement,
        }
    }

    /// In their order.
    pub fn statements(&self) -> &[Statement] {
        &self.statement
    }
}

impl Statement {
    pub(super) fn trusting(principal: &str) -> Self {
        Self {
            principal: Some(Principal::Aws(principal.to_owned())),
            ..Self::allowing("sts:AssumeRole")
        }
    }

    pub(super) fn trusting_tokens_of(provider: &str) -> Self {
        Self {
            principal: Some(Principal::Federated(provider.to_owned())),
            ..Self::allowing("sts:AssumeRoleWithWebIdentity")
        }
    }

    pub(super) fn on(action: &'static str, arns: BTreeSet<String>) -> Self {
        Self {
            resource: Some(Resource::These(arns)),
            ..Self::allowing(action)
        }
    }

    pub(super) fn on_anything(action: &'static str) -> Self {
        Self {
            resource: Some(Resource::Any("*")),
            ..Self::allowing(action)
        }
    }

    pub(super) fn only_if(self, condition: Condition) -> Self {
        Self {
            condition: Some(condition),
            ..self
        }
    }

    fn allowing(action: &'static str) -> Self {
        Self {
            effect: "Allow",
            principal: None,
            action,
            resource: None,
            condition: None,
        }
    }
}

impl Resource {
    /// Each ARN, or `*`.
    pub fn arns(&self) -> Vec<&str> {
        match self {
            Resource::Any(any) => vec![any],
            Resource::These(arns) => arns.iter().map(String::as_str).collect(),
        }
    }
}

impl Condition {
    pub(super) fn external_id(external_id: &str) -> Self {
        Self::equals([("sts:ExternalId".to_owned(), external_id.to_owned())])
    }

    pub(super) fn service(host: &str) -> Self {
        Self::equals([("sts:AWSServiceName".to_owned(), host.to_owned())])
    }

    /// A subject without `*` is compared as it is.
    pub(super) fn id_token(trusted: &IdTokenTrust) -> Self {
        let key = |claim| format!("{}:{claim}", trusted.issuer);
        let mut condition = Self::equals([(key("aud"), trusted.audience.clone())]);
        let keys = if trusted.subject.contains(['*', '?']) {
            &mut condition.string_like
        } else {
            &mut condition.string_equals
        };
        keys.insert(key("sub"), trusted.subject.clone());
        condition
    }

    fn equals<const N: usize>(keys: [(String, String); N]) -> Self {
        Self {
            string_equals: keys.into(),
            ..Self::default()
        }
    }

    /// Each key, and the value that it must have.
    pub fn keys_and_values(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.string_equals.iter().chain(&self.string_like);
        all.map(|(key, value)| (key.as_str(), value.as_str()))
    }
}
