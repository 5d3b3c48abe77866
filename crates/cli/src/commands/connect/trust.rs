//! Whose word counts about a role. An External ID stops a customer from making a platform use somebody else's role, as
//! long as the platform makes it. So what the other side sends must not replace it, repeat another connection's, or lead
//! to a role of a third party.

use codeartifact_auth::connection::{Configuration, Connection, Key};
use codeartifact_clients::error::UsageError;

use super::draft::Draft;

/// Refuses a role or an External ID that this connection cannot have.
pub(super) fn check(
    name: &str,
    draft: &Draft<'_>,
    configuration: &Configuration,
) -> Result<(), UsageError> {
    if draft.is_given(Key::RoleArn) {
        check_account(draft)?;
    }
    if draft.is_given(Key::ExternalId) {
        check_external_id(name, draft, configuration)?;
    }
    Ok(())
}

/// The External ID of the other side's stack is the one that it was told. `given` is what it says.
pub(super) fn check_output(draft: &Draft<'_>, given: &str) -> Result<(), UsageError> {
    match draft.text(Key::ExternalId) {
        Some(saved) if saved != given.trim() => Err(UsageError::new(
            "output ExternalId: it is not the external id of this connection, which the other side was told\n  \
             hint: the stack has to be deployed again with the id that `codeartifact policy trust` shows",
        )),
        _ => Ok(()),
    }
}

/// A role of another account may be meant, but then the user's own hand has to write it.
fn check_account(draft: &Draft<'_>) -> Result<(), UsageError> {
    let account_id = draft.text(Key::AccountId);
    let of_role = draft
        .text(Key::RoleArn)
        .and_then(|role| role.split(':').nth(4));
    match (of_role, account_id) {
        (Some(of_role), Some(account_id)) if of_role != account_id => {
            Err(UsageError::new(format!(
                "the role is of account {of_role}, and the connection is for account {account_id}\n  \
                 hint: give a role of account {account_id}; if the other one is meant, write role_arn into config.toml"
            )))
        }
        _ => Ok(()),
    }
}

/// Two connections through one role have its one External ID.
fn check_external_id(
    name: &str,
    draft: &Draft<'_>,
    configuration: &Configuration,
) -> Result<(), UsageError> {
    let Some(external_id) = draft.text(Key::ExternalId) else {
        return Ok(());
    };
    let role_arn = draft.text(Key::RoleArn);
    let is_anothers = |connection: &&Connection| {
        let mut hops = connection.hops.iter();
        connection.name.as_deref() != Some(name)
            && hops.any(|hop| {
                hop.external_id.as_deref() == Some(external_id)
                    && Some(hop.role_arn.as_str()) != role_arn
            })
    };
    match configuration.connections().find(is_anothers) {
        Some(other) => Err(UsageError::new(format!(
            "connection {} has the same external id\n  \
             hint: each customer needs one of its own: leave it out, and a new one is made",
            other.name.as_deref().unwrap_or_default()
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::endpoint::MappedHosts;

    use super::*;

    const TEXT: &str = "
[connections.acme]
account_id = '111122223333'
role_arn = 'arn:aws:iam::111122223333:role/Reader'
external_id = 'acme-7f3c2a91'
npm = 'https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/'
";

    #[test]
    fn only_an_own_role_and_an_own_external_id_are_taken() {
        let configuration = Configuration::parse(TEXT).unwrap();
        let hosts = MappedHosts::new();
        for (name, account, role, external_id, refused) in OUTPUTS {
            let mut draft = Draft::new(None, &hosts);
            for (key, text) in [
                (Key::AccountId, account),
                (Key::RoleArn, role),
                (Key::ExternalId, external_id),
            ] {
                draft.set(key, text).unwrap();
            }
            let checked = check(name, &draft, &configuration);
            let said = checked
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            assert!(
                said.starts_with(refused) && said.is_empty() == refused.is_empty(),
                "{said}"
            );
        }
    }

    /// Connection, account, role, external id; what is refused.
    const OUTPUTS: [(&str, &str, &str, &str, &str); 5] = [
        (
            "globex",
            "444455556666",
            "arn:aws:iam::444455556666:role/Reader",
            "globex-51e8d0b4",
            "",
        ),
        (
            "globex",
            "444455556666",
            "arn:aws:iam::111122223333:role/Reader",
            "globex-51e8d0b4",
            "the role is of account",
        ),
        (
            "globex",
            "444455556666",
            "arn:aws:iam::444455556666:role/Reader",
            "acme-7f3c2a91",
            "connection acme has the same",
        ),
        (
            "acme",
            "111122223333",
            "arn:aws:iam::111122223333:role/Other",
            "acme-7f3c2a91",
            "",
        ),
        (
            "acme-eu",
            "111122223333",
            "arn:aws:iam::111122223333:role/Reader",
            "acme-7f3c2a91",
            "",
        ),
    ];
}
