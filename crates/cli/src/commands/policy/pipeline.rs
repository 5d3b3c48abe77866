//! The role that a CI system's jobs get for an identity token: the first of a connection's chain, whom it trusts, and what
//! it may do.

use std::collections::BTreeSet;

use codeartifact_auth::connection::{
    Configuration, Connection, Document, Reach, assume_roles, trust_id_token,
};
use codeartifact_auth::id_token::{IdTokenTrust, TRUSTS};
use codeartifact_clients::error::UsageError;

use super::{json, name_of, path_and_name};

/// The role, with its documents as JSON.
pub(super) struct PipelineRole {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) trusted: IdTokenTrust,
    /// The condition of its trust policy, on one line.
    pub(super) condition: String,
    /// The whole trust policy, on one line.
    pub(super) trust: String,
    /// Its permissions, on one line.
    pub(super) permissions: String,
    document: Document,
}

impl PipelineRole {
    /// The first role of the connection's chain. The audience is the connection's, if it says one.
    pub(super) fn find(
        connection: &Connection,
        configuration: &Configuration,
        given: &str,
        reach: Reach,
    ) -> anyhow::Result<Self> {
        let Some(first) = connection.hops.first() else {
            return Err(no_role(connection).into());
        };
        let mut trusted: IdTokenTrust = given.parse().map_err(|()| unreadable(given))?;
        if let Some(audience) = &connection.audience {
            trusted.audience.clone_from(audience);
        }
        let arn: Vec<_> = first.role_arn.splitn(6, ':').collect();
        let [_, partition, _, _, account, _] = arn[..] else {
            return Err(no_role(connection).into());
        };
        let provider = format!(
            "arn:{partition}:iam::{account}:oidc-provider/{}",
            trusted.issuer
        );
        let document = trust_id_token(&provider, &trusted);
        let conditions = document.statements().iter().map(|it| &it.condition);
        let condition = conditions.flatten().map(serde_json::to_string).next();
        let (path, name) = path_and_name(&first.role_arn);
        Ok(Self {
            name: name.to_owned(),
            path,
            condition: condition.transpose()?.unwrap_or_default(),
            trust: serde_json::to_string(&document)?,
            permissions: serde_json::to_string(&permissions(connection, configuration, reach))?,
            trusted,
            document,
        })
    }

    /// The trust policy as people read it.
    pub(super) fn trust_policy(&self) -> anyhow::Result<String> {
        json(&self.document)
    }
}

/// A role that only leads to others may assume the next one of every connection that begins with it.
fn permissions(connection: &Connection, configuration: &Configuration, reach: Reach) -> Document {
    if connection.hops.len() == 1 {
        return connection.permissions(reach);
    }
    let first = connection.hops.first().map(|hop| &hop.role_arn);
    let others = configuration.connections();
    let alike = others.filter(|other| other.hops.first().map(|hop| &hop.role_arn) == first);
    let next = alike.filter_map(|other| Some(other.hops.get(1)?.role_arn.clone()));
    assume_roles(next.collect::<BTreeSet<_>>())
}

fn unreadable(given: &str) -> UsageError {
    UsageError::new(format!(
        "--oidc: `{given}` does not say whose tokens to trust\n  hint: write {TRUSTS}"
    ))
}

fn no_role(connection: &Connection) -> UsageError {
    let name = name_of(connection);
    UsageError::new(format!(
        "connection {name} has no role, and an identity token opens nothing else\n  \
         hint: add one with `codeartifact connect {name} --role-arn ARN`"
    ))
}
