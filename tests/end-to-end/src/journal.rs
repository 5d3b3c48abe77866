//! The emulator's journal as typed records, and the questions that tests ask of it.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One request and its answer. The emulator's README explains the fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[expect(
    missing_docs,
    reason = "the fields are documented where they are written"
)]
pub struct Entry {
    pub connection: u64,
    pub host: String,
    pub method: String,
    pub path: String,
    pub user_agent: Option<String>,
    pub action: String,
    pub signer: Option<Signer>,
    pub session_of: Vec<String>,
    pub parameters: BTreeMap<String, String>,
    pub authorization: Option<Presented>,
    pub issued: Option<String>,
    pub status: Option<u16>,
    pub error: Option<String>,
    pub reason: Option<String>,
}

/// The signer of a request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Signer {
    pub arn: String,
    pub access_key_id: String,
}

/// A credential that a client presented, as a fingerprint.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Presented {
    pub scheme: String,
    pub user: Option<String>,
    pub fingerprint: String,
}

/// Requests in the order in which they were answered.
#[derive(Clone, Debug, Default)]
pub struct Journal(pub Vec<Entry>);

impl Journal {
    pub(crate) fn parse(lines: &str) -> Self {
        let entry =
            |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        Self(lines.lines().map(entry).collect())
    }

    /// The requests of one action, or of one service: `sts:AssumeRole`, `sts`.
    pub fn of(&self, action: &str) -> Vec<&Entry> {
        let service = format!("{action}:");
        let is_it = |entry: &&Entry| entry.action == action || entry.action.starts_with(&service);
        self.0.iter().filter(is_it).collect()
    }

    /// The requests to AWS's own services, as opposed to those for packages.
    pub fn aws(&self) -> Vec<&Entry> {
        [self.of("sts"), self.of("codeartifact")].concat()
    }

    /// Counts the authorization tokens that AWS issued.
    pub fn mints(&self) -> usize {
        let is_granted = |entry: &&&Entry| entry.status == Some(200);
        self.of("codeartifact:GetAuthorizationToken")
            .iter()
            .filter(is_granted)
            .count()
    }

    /// Returns what came after the first `number` requests.
    pub fn after(&self, number: usize) -> Self {
        Self(self.0[number..].to_vec())
    }

    /// Every request has an answer of this status.
    #[track_caller]
    pub fn all_answered(&self, action: &str, statuses: &[u16]) {
        let entries = self.of(action);
        assert!(!entries.is_empty(), "no {action} in {self:#?}");
        for entry in entries {
            assert!(
                entry
                    .status
                    .is_some_and(|status| statuses.contains(&status)),
                "{entry:#?}"
            );
        }
    }
}
