//! An IAM policy document, with just the elements that a reader role's trust and permissions need, in the order in
//! which people write them. `policy.rs` decides the content; programs may also render it otherwise.

use std::collections::BTreeSet;

use serde::Serialize;

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
pub struct Principal {
    /// The ARN of a role, a user, or an account's root.
    #[serde(rename = "AWS")]
    pub aws: String,
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

/// A key of the request that must have one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Condition {
    string_equals: Equals,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
enum Equals {
    #[serde(rename = "sts:ExternalId")]
    ExternalId(String),
    #[serde(rename = "sts:AWSServiceName")]
    Service(&'static str),
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
        let principal = Principal {
            aws: principal.to_owned(),
        };
        Self {
            principal: Some(principal),
            ..Self::allowing("sts:AssumeRole")
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
        Self {
            string_equals: Equals::ExternalId(external_id.to_owned()),
        }
    }

    pub(super) fn service(host: &'static str) -> Self {
        Self {
            string_equals: Equals::Service(host),
        }
    }

    /// The key and the value that it must have.
    pub fn key_and_value(&self) -> (&'static str, &str) {
        match &self.string_equals {
            Equals::ExternalId(value) => ("sts:ExternalId", value),
            Equals::Service(value) => ("sts:AWSServiceName", value),
        }
    }
}
