//! Sessions that the AWS CLI keeps in `~/.aws/cli/cache`: without a person, the only way to a role that wants an MFA
//! code. They are read, never written.

use aws_credential_types::Credentials;
use serde::Deserialize;
use sha1::{Digest, Sha1};

use super::moment::unix_time;
use crate::aws_files::Role;
use crate::environment::Environment;
use crate::user_file::read_regular;

/// A session that ends this soon is not worth starting with.
const MARGIN_SECONDS: i64 = 60;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CacheFile {
    credentials: CachedSession,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CachedSession {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expiration: String,
}

/// The last of these roles whose session is kept, and the roles after it. Only roles that want a code are looked for: the
/// others can be had without the AWS CLI.
pub(super) fn latest_session<'r>(
    environment: &Environment,
    roles: &'r [Role],
) -> (Option<Credentials>, &'r [Role]) {
    let wants_code = |role: &&Role| role.mfa_serial.is_some();
    let kept = (0..roles.len()).rev().find_map(|at| {
        let role = roles.get(at).filter(wants_code)?;
        Some((session_of(environment, role)?, &roles[at + 1..]))
    });
    match kept {
        Some((credentials, after)) => (Some(credentials), after),
        None => (None, roles),
    }
}

/// The session of `role`, if the AWS CLI keeps one that is still valid.
fn session_of(environment: &Environment, role: &Role) -> Option<Credentials> {
    let cache = environment.home()?.join(".aws/cli/cache");
    let text = read_regular(&cache.join(file_name(role))).ok()?;
    let CacheFile { credentials } = serde_json::from_slice(&text).ok()?;
    let now = i64::try_from(environment.now().0).ok()?;
    (unix_time(&credentials.expiration)? > now + MARGIN_SECONDS).then(|| {
        Credentials::builder()
            .access_key_id(credentials.access_key_id)
            .secret_access_key(credentials.secret_access_key)
            .session_token(credentials.session_token)
            .provider_name("AWS CLI")
            .build()
    })
}

/// The SHA-1 of the call's arguments as Python writes them (botocore's `_create_cache_key`).
fn file_name(role: &Role) -> String {
    let duration = role.duration_seconds.map(|seconds| seconds.to_string());
    let arguments = [
        ("DurationSeconds", duration),
        ("ExternalId", quoted(role.external_id.as_deref())),
        ("RoleArn", quoted(Some(&role.role_arn))),
        ("RoleSessionName", quoted(role.role_session_name.as_deref())),
        ("SerialNumber", quoted(role.mfa_serial.as_deref())),
    ];
    let written = arguments
        .into_iter()
        .filter_map(|(name, value)| Some(format!("\"{name}\": {}", value?)));
    let json = format!("{{{}}}", written.collect::<Vec<_>>().join(", "));
    let digest = Sha1::digest(json.as_bytes());
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits + ".json"
}

fn quoted(text: Option<&str>) -> Option<String> {
    text.map(|text| serde_json::Value::from(text).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Timestamp;

    fn role() -> Role {
        Role {
            profile: "a".to_owned(),
            role_arn: "arn:aws:iam::111122223333:role/One".to_owned(),
            external_id: None,
            role_session_name: None,
            mfa_serial: Some("arn:aws:iam::111122223333:mfa/ci".to_owned()),
            duration_seconds: None,
        }
    }

    /// The names are those that AWS CLI 1.46.3 makes.
    #[test]
    fn files_are_named_as_the_aws_cli_names_them() {
        let more = Role {
            external_id: Some("acme-7f3c2a91".to_owned()),
            role_session_name: Some("me".to_owned()),
            duration_seconds: Some(3600),
            ..role()
        };
        assert_eq!(
            file_name(&role()),
            "4205a93fc55bb8fe0ec54a8a90616bfd5ed2ce4a.json"
        );
        assert_eq!(
            file_name(&more),
            "8a425332ced1d803fae77debeddcb08d5aaea913.json"
        );
    }

    #[test]
    fn only_a_valid_session_is_taken() {
        let home = tempfile::tempdir().unwrap();
        let cache = home.path().join(".aws/cli/cache");
        std::fs::create_dir_all(&cache).unwrap();
        let noon = 1_764_504_000;
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(noon));
        assert!(session_of(&environment, &role()).is_none());
        for (expiration, expected) in [
            ("2025-11-30T13:00:00+00:00", true),
            ("2025-11-30T12:00:30+00:00", false),
            ("2025-11-30T11:00:00+00:00", false),
            ("soon", false),
        ] {
            let text = format!(
                r#"{{"Credentials": {{"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c", "Expiration": "{expiration}"}}}}"#
            );
            std::fs::write(cache.join(file_name(&role())), text).unwrap();
            let found = session_of(&environment, &role()).is_some();
            assert_eq!(found, expected, "{expiration}");
        }
    }
}
