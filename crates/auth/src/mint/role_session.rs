//! The session of a role, as STS gives it: its name, its length, its keys. Who asks for one is in `hop.rs` and `source.rs`.

use aws_credential_types::Credentials;
use aws_sdk_sts::types;

/// The most that AWS grants to a session that session credentials ask for, and no role's own limit is below it.
pub(super) const SESSION_SECONDS: u16 = 3600;

/// The greatest length that STS allows for the name of a role session.
const LONGEST_SESSION_NAME: usize = 64;

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
