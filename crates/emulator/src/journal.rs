//! The journal: one JSON line for each request, appended as it is answered. It tells what a client did and
//! why it was refused. It never holds a token or a key, only a token's fingerprint.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::call::Authorization;
use crate::clock;
use crate::credentials::Credentials;
use crate::faults;
use crate::reply::Refusal;

pub(crate) struct Journal {
    path: PathBuf,
    file: File,
}

/// One line. The README documents these fields: outside tests read them.
#[derive(Default, Serialize)]
pub(crate) struct Entry {
    pub(crate) time: String,
    pub(crate) connection: u64,
    pub(crate) host: String,
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) query: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_agent: Option<String>,
    pub(crate) action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signer: Option<SignedBy>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) session_of: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parameters: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authorization: Option<Presented>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issued: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) faults: Vec<faults::FaultKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
}

/// The principal that signed a request, or minted the token that it carries.
#[derive(Serialize)]
pub(crate) struct SignedBy {
    arn: String,
    access_key_id: String,
}

/// An `Authorization` header, without what is secret in it.
#[derive(Serialize)]
pub(crate) struct Presented {
    scheme: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    fingerprint: String,
}

impl Journal {
    /// Begins a new journal; an old one of the same name is lost.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let file =
            File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }

    /// Appends a line. A journal that cannot be written must not stop the service it describes.
    pub(crate) fn write(&self, mut entry: Entry, at_millis: i64) {
        entry.time = clock::iso_millis(at_millis);
        let line = serde_json::to_string(&entry).map(|line| line + "\n");
        let _ = line.map(|line| (&self.file).write_all(line.as_bytes()));
    }

    /// All lines so far.
    pub(crate) fn text(&self) -> std::io::Result<String> {
        std::fs::read_to_string(&self.path)
    }
}

impl Entry {
    pub(crate) fn note_signer(&mut self, credentials: &Credentials) {
        let principal = &credentials.principal;
        self.signer = Some(SignedBy {
            arn: principal.arn.clone(),
            access_key_id: credentials.access_key_id.clone(),
        });
        self.session_of = principal
            .as_session()
            .map(|session| session.chain.clone())
            .unwrap_or_default();
    }

    pub(crate) fn note_authorization(&mut self, presented: &Authorization) {
        self.authorization = Some(Presented {
            scheme: presented.scheme,
            user: presented.shown_user().map(str::to_owned),
            fingerprint: fingerprint(&presented.token),
        });
    }

    pub(crate) fn note_issued(&mut self, token: &str) {
        self.issued = Some(fingerprint(token));
    }

    pub(crate) fn note_refusal(&mut self, refusal: &Refusal) {
        self.error = Some(refusal.code.to_string());
        let reason: &str = if refusal.reason.is_empty() {
            &refusal.message
        } else {
            &refusal.reason
        };
        self.reason = Some(reason.to_owned());
    }

    pub(crate) fn parameter(&mut self, name: &'static str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.parameters.insert(name, value.into());
        }
    }
}

/// Tells tokens apart without telling them.
fn fingerprint(token: &str) -> String {
    hex::encode(&Sha256::digest(token)[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_appended_and_hold_no_token() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::create(&folder.path().join("journal.jsonl")).unwrap();
        let mut entry = Entry {
            action: "npm:packument".into(),
            ..Entry::default()
        };
        entry.note_authorization(&Authorization::parse("Bearer t.o.k.e.n").unwrap());
        journal.write(entry, 1_769_860_800_000);
        journal.write(Entry::default(), 1_769_860_800_001);
        let text = journal.text().unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(!text.contains("t.o.k.e.n"));
        let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first["authorization"]["scheme"], "Bearer");
        assert_eq!(
            first["authorization"]["fingerprint"]
                .as_str()
                .unwrap()
                .len(),
            8
        );
        assert_eq!(first["time"], "2026-01-31T12:00:00.000Z");
    }
}
