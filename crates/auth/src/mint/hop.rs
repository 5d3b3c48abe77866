//! One hop of the role chain: AssumeRole with the credentials of the hop before.
//! Called directly, because the SDK's own provider names sessions as it likes.

use std::time::Duration;

use aws_credential_types::Credentials;

use super::first_role::{self, FirstRole};
use super::role_session::{SESSION_SECONDS, session_credentials, session_name};
use super::session::Session;
use super::source::{self, Proof};
use super::{call, id_token};
use crate::connection::Hop;
use crate::endpoint::Domain;
use crate::error::{Call, Failure, Step, row};

/// It answers a question that can stay open.
const WITHOUT_ID_DEADLINE: Duration = Duration::from_secs(10);

/// Goes the whole chain: first credentials, then each role. Returns the credentials of the last one. A kept session of
/// the first role saves the way there; where AWS takes it no longer, the whole way is gone.
pub(super) async fn walk(session: &Session<'_>) -> Result<Credentials, Box<Failure>> {
    let first_role = FirstRole::of(session);
    // Whom a person signs in for, he wants to see signed in.
    let usable = first_role.as_ref().filter(|_| session.sign_in.is_none());
    if let Some(first_role) = usable
        && let Some(kept) = first_role.kept(session.deadline())
    {
        match roles_after(session, 1, Proof::Keys(kept)).await {
            Err(failure) if first_role::is_refused(&failure) => first_role.forget(),
            walked => return walked,
        }
    }
    walk_through(session, source::first(session).await?, first_role).await
}

/// The same from the first credentials on.
pub(super) async fn walk_from(
    session: &Session<'_>,
    proof: Proof,
) -> Result<Credentials, Box<Failure>> {
    walk_through(session, proof, FirstRole::of(session)).await
}

async fn walk_through(
    session: &Session<'_>,
    proof: Proof,
    first_role: Option<FirstRole<'_>>,
) -> Result<Credentials, Box<Failure>> {
    let Some(first_role) = first_role else {
        return roles_after(session, 0, proof).await;
    };
    let asked_at = session.environment.now();
    let first = assume_role(session, 1, proof).await?;
    first_role.keep(&first, asked_at);
    roles_after(session, 1, Proof::Keys(first)).await
}

/// Assumes the roles behind the first `taken`.
async fn roles_after(
    session: &Session<'_>,
    taken: usize,
    mut proof: Proof,
) -> Result<Credentials, Box<Failure>> {
    for number in taken + 1..=session.request.connection.hops.len() {
        proof = Proof::Keys(assume_role(session, number, proof).await?);
    }
    proof.keys(session)
}

/// Assumes the role of hop `number` (from 1).
pub(super) async fn assume_role(
    session: &Session<'_>,
    number: usize,
    proof: Proof,
) -> Result<Credentials, Box<Failure>> {
    let hops = &session.request.connection.hops;
    let Some(hop) = hops.get(number - 1) else {
        return proof.keys(session);
    };
    let is_last = number == hops.len();
    let asked = async {
        match proof {
            Proof::Keys(keys) => ask_for_session(session, hop, number, keys).await,
            Proof::IdToken(token) => {
                let wanted = id_token::Wanted {
                    role_arn: &hop.role_arn,
                    session_name: session_name(named_in(session, is_last)),
                    policy: session_policy(session, is_last),
                    seconds: Some(SESSION_SECONDS.into()),
                };
                id_token::assume_role(session, &token, wanted).await
            }
        }
    };
    let step = Step::hop(number, hops.len(), &hop.role_arn);
    let assumed = session.step(step, asked).await;
    assumed.map_err(|failure| explained(failure, hop, is_last, session.request.domain))
}

fn session_policy(session: &Session<'_>, is_last: bool) -> Option<String> {
    let policy = session.request.connection.session_policy();
    policy.filter(|_| is_last)
}

/// Tells whether the last role trusts us without its external id too; `None` if that stays open.
pub(super) async fn works_without_external_id(
    session: &Session<'_>,
    credentials: Credentials,
) -> Option<bool> {
    let hops = &session.request.connection.hops;
    let hop = hops.last()?;
    hop.external_id.as_ref()?;
    let without = Hop {
        external_id: None,
        ..hop.clone()
    };
    let tried = ask_for_session(session, &without, hops.len(), credentials);
    match tokio::time::timeout(WITHOUT_ID_DEADLINE, tried)
        .await
        .ok()?
    {
        Ok(_) => Some(true),
        Err(failure) => failure.is(&[&row::ROLE_REFUSED]).then_some(false),
    }
}

async fn ask_for_session(
    session: &Session<'_>,
    hop: &Hop,
    number: usize,
    credentials: Credentials,
) -> Result<Credentials, Box<Failure>> {
    let is_last = number == session.request.connection.hops.len();
    let client = call::sts(&session.settings_of(credentials));
    let request = client
        .assume_role()
        .role_arn(&hop.role_arn)
        .role_session_name(session_name(named_in(session, is_last)))
        .set_external_id(hop.external_id.clone())
        .duration_seconds(SESSION_SECONDS.into())
        .set_policy(session_policy(session, is_last));
    let account = session.account_after(number - 1);
    let send = || request.clone().send();
    let answer = session.send(Call::AssumeRole, account, send).await?;
    let credentials = answer.credentials.map(session_credentials);
    credentials.ok_or_else(|| row::ANSWER_GARBLED.with("status", 200))
}

/// AWS words all refusals of a role alike; only what the connection says points to one reason.
fn explained(failure: Box<Failure>, hop: &Hop, is_last: bool, domain: &Domain) -> Box<Failure> {
    let account_id = hop.role_arn.split(':').nth(4);
    if !failure.is(&[&row::ROLE_REFUSED]) {
        failure
    } else if !is_last {
        failure.turned(&row::VIA_REFUSED)
    } else if account_id != Some(&domain.owner) {
        let failure = failure.with("owner", &domain.owner);
        failure.turned(&row::ROLE_OF_OTHER_ACCOUNT)
    } else if hop.external_id.is_none() {
        failure.turned(&row::EXTERNAL_ID_NOT_SENT)
    } else {
        failure
    }
}

/// The connection that a session is named after: a customer's own role shows whose job it was, and the session of a role
/// before it is for all.
fn named_in<'a>(session: &Session<'a>, is_last: bool) -> Option<&'a str> {
    session.connection().filter(|_| is_last)
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
        let rows = [
            (hop("198331734661", None), false, &row::VIA_REFUSED),
            (hop("198331734661", None), true, &row::ROLE_OF_OTHER_ACCOUNT),
            (hop("111122223333", None), true, &row::EXTERNAL_ID_NOT_SENT),
            (
                hop("111122223333", Some("12345678")),
                true,
                &row::ROLE_REFUSED,
            ),
        ];
        for (hop, is_last, expected) in rows {
            let failure = explained(row::ROLE_REFUSED.failure(), &hop, is_last, &domain);
            assert_eq!(failure.key(), expected.key, "{hop:?}");
            let other = explained(row::ROOT_USER.failure(), &hop, is_last, &domain);
            assert_eq!(other, row::ROOT_USER.failure(), "{hop:?}");
        }
    }
}
