//! One hop of the role chain: AssumeRole with the credentials of the hop before.
//! Called directly, because the SDK's own provider names sessions as it likes.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_sts::types;

use super::aws::Dialogue;
use super::codes;
use super::refusal::{self, Refusal};
use crate::connection::Hop;
use crate::endpoint::Domain;
use crate::error::{Cause, MintError, Step, Suspicion};

/// The most that AWS grants to a session that session credentials ask for, and no role's own limit is below it.
pub(super) const SESSION_SECONDS: u16 = 3600;

/// It answers a question that can stay open.
const WITHOUT_ID_DEADLINE: Duration = Duration::from_secs(10);

/// What STS allows for the name of a role session.
const LONGEST_SESSION_NAME: usize = 64;

impl Dialogue<'_> {
    /// Assumes the role of hop `number` (from 1).
    pub(super) async fn assume_role(
        &self,
        number: usize,
        credentials: Credentials,
    ) -> Result<Credentials, Box<MintError>> {
        let hops = &self.request.connection.hops;
        let Some(hop) = hops.get(number - 1) else {
            return Ok(credentials);
        };
        let step = Step::Hop {
            number,
            of: hops.len(),
            role_arn: hop.role_arn.clone(),
        };
        let is_last = number == hops.len();
        let session = self.step(step, self.ask_for_session(hop, is_last, credentials));
        session.await.map_err(|mut error| {
            if error.cause == Cause::RoleRefused(Suspicion::None) {
                error.cause = Cause::RoleRefused(suspicion(hop, is_last, self.request.domain));
            }
            error
        })
    }

    /// Whether the last role takes us without its external id too; `None` if that cannot be told.
    pub(super) async fn works_without_external_id(&self, credentials: Credentials) -> Option<bool> {
        let hop = self.request.connection.hops.last()?;
        hop.external_id.as_ref()?;
        let without = Hop {
            external_id: None,
            ..hop.clone()
        };
        let tried = self.ask_for_session(&without, true, credentials);
        let tried = tokio::time::timeout(WITHOUT_ID_DEADLINE, tried)
            .await
            .ok()?;
        match tried.map_err(|refusal| refusal.cause) {
            Ok(_) => Some(true),
            Err(Cause::RoleRefused(_)) => Some(false),
            Err(_) => None,
        }
    }

    async fn ask_for_session(
        &self,
        hop: &Hop,
        is_last: bool,
        credentials: Credentials,
    ) -> Result<Credentials, Refusal> {
        let connection = self.request.connection;
        let client = aws_sdk_sts::Client::new(&self.settings_of(credentials));
        let answer = client
            .assume_role()
            .role_arn(&hop.role_arn)
            .role_session_name(session_name(connection.name.as_deref()))
            .set_external_id(hop.external_id.clone())
            .duration_seconds(SESSION_SECONDS.into())
            .set_policy(connection.session_policy().filter(|_| is_last))
            .send()
            .await
            .map_err(|error| refusal::of_call(&error, codes::at_hop))?;
        answer
            .credentials
            .map(session_credentials)
            .ok_or_else(|| Cause::Garbled { status: 200 }.into())
    }
}

/// AWS words all refusals of a role alike; what the connection says is the only thing that speaks for one reason.
fn suspicion(hop: &Hop, is_last: bool, domain: &Domain) -> Suspicion {
    let account_id = hop.role_arn.split(':').nth(4);
    if !is_last {
        Suspicion::BeforeLast
    } else if account_id != Some(&domain.owner) {
        Suspicion::OtherAccount {
            account_id: domain.owner.clone(),
        }
    } else if hop.external_id.is_none() {
        Suspicion::NoExternalId
    } else {
        Suspicion::None
    }
}

/// Without their expiry: they are used at once, and a wrong clock of ours must not discard them.
pub(super) fn session_credentials(session: types::Credentials) -> Credentials {
    Credentials::builder()
        .access_key_id(session.access_key_id)
        .secret_access_key(session.secret_access_key)
        .session_token(session.session_token)
        .provider_name("AssumeRole")
        .build()
}

/// `codeartifact-CONNECTION`, in the characters that STS takes: what the other account's CloudTrail shows.
pub(super) fn session_name(connection: Option<&str>) -> String {
    let name = match connection {
        Some(connection) => format!("codeartifact-{connection}"),
        None => "codeartifact".to_owned(),
    };
    name.chars()
        .map(|character| {
            if is_allowed(character) {
                character
            } else {
                '-'
            }
        })
        .take(LONGEST_SESSION_NAME)
        .collect()
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_+=,.@-".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_connection_says_speaks_for_a_reason() {
        let domain = Domain {
            name: "my-domain".into(),
            owner: "111122223333".into(),
            region: "us-east-1".into(),
        };
        let hop = |account: &str, external_id: Option<&str>| Hop {
            role_arn: format!("arn:aws:iam::{account}:role/CodeArtifactReader"),
            external_id: external_id.map(str::to_owned),
        };
        let elsewhere = Suspicion::OtherAccount {
            account_id: domain.owner.clone(),
        };
        let rows = [
            (hop("198331734661", None), false, Suspicion::BeforeLast),
            (hop("198331734661", None), true, elsewhere),
            (hop("111122223333", None), true, Suspicion::NoExternalId),
            (hop("111122223333", Some("12345678")), true, Suspicion::None),
        ];
        for (hop, is_last, expected) in rows {
            assert_eq!(suspicion(&hop, is_last, &domain), expected, "{hop:?}");
        }
    }

    #[test]
    fn session_names_are_what_sts_takes() {
        let long = "x".repeat(100);
        let rows = [
            (None, "codeartifact".to_owned()),
            (Some("acme"), "codeartifact-acme".to_owned()),
            (Some("acme corp/é"), "codeartifact-acme-corp--".to_owned()),
            (Some("a_+=,.@-9"), "codeartifact-a_+=,.@-9".to_owned()),
            (
                Some(long.as_str()),
                format!("codeartifact-{}", "x".repeat(51)),
            ),
        ];
        for (connection, expected) in rows {
            assert_eq!(session_name(connection), expected);
        }
    }
}
