//! The audit: a JSON line on stderr for each token that is handed out, and for each caller that gets none. It names tokens by
//! their fingerprint; identity tokens are not in it.

use codeartifact_auth::environment::Environment;
use codeartifact_auth::token::Token;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::forward::say;

/// Enough to find a token again, and nothing to use.
const FINGERPRINT_BYTES: usize = 8;

/// What is written down of a question. The keys are stable.
#[derive(Default, Serialize)]
pub(crate) struct AuditLine<'a> {
    pub(crate) time: String,
    pub(crate) event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) connection: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) domain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fingerprint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'a str>,
    /// So many of this kind are no lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) left_out: Option<u64>,
}

impl<'a> AuditLine<'a> {
    pub(crate) fn new(event: &'static str, environment: &Environment) -> Self {
        Self {
            time: environment.now().to_string(),
            event,
            ..Self::default()
        }
    }

    pub(crate) fn of(self, issuer: &'a str, subject: &'a str) -> Self {
        Self {
            issuer: Some(issuer),
            subject: Some(subject),
            ..self
        }
    }

    pub(crate) fn about(self, connection: &'a str, domain: &'a str) -> Self {
        Self {
            connection: Some(connection),
            domain: Some(domain),
            ..self
        }
    }

    pub(crate) fn with(self, token: &Token) -> Self {
        Self {
            fingerprint: Some(fingerprint(token.secret.expose())),
            expires_at: Some(token.expires_at.to_string()),
            ..self
        }
    }

    pub(crate) fn because(self, reason: &'a str) -> Self {
        Self {
            reason: Some(reason),
            ..self
        }
    }

    /// One write, so that lines of many threads stay whole.
    pub(crate) fn write(&self) {
        if let Ok(text) = serde_json::to_string(self) {
            say(&format!("{text}\n"));
        }
    }
}

fn fingerprint(secret: &str) -> String {
    let digest = Sha256::digest(secret.as_bytes());
    let digits = digest.iter().take(FINGERPRINT_BYTES);
    digits.map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::{Secret, Timestamp};

    use super::*;

    #[test]
    fn a_line_names_the_caller_and_not_the_token() {
        let environment = Environment::fixed(&[], "/".into(), Timestamp(1_800_000_000));
        let token = Token {
            secret: Secret::new("hush".into()),
            issued_at: Timestamp(1_800_000_000),
            expires_at: Timestamp(1_800_043_200),
        };
        let line = AuditLine::new("issued", &environment)
            .of(
                "https://i.example.com",
                "system:serviceaccount:builds-acme:job",
            )
            .about("acme", "my-domain")
            .with(&token);
        assert_eq!(
            serde_json::to_string(&line).unwrap(),
            r#"{"time":"2027-01-15T08:00:00Z","event":"issued","issuer":"https://i.example.com","subject":"system:serviceaccount:builds-acme:job","connection":"acme","domain":"my-domain","fingerprint":"dc8331bcb2283e89","expires_at":"2027-01-15T20:00:00Z"}"#
        );
    }
}
