//! The directory of a running emulator: its CA, its journal, and a note of where it listens, which
//! `codeartifact-emulator env` reads from another process. The note is gone when the emulator is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use crate::variables::{self, Offered};

#[derive(Deserialize, Serialize)]
pub(crate) struct RunDirectory {
    /// `http://127.0.0.1:PORT`
    pub(crate) address: String,
    pub(crate) ca: PathBuf,
    pub(crate) journal: PathBuf,
    pub(crate) instance: bool,
    /// The value of GOSUMDB, if the scenario has a checksum database.
    pub(crate) checksums: Option<String>,
    /// A job of GitHub Actions asks for identity tokens with it, if the scenario has a job.
    pub(crate) github_token: Option<String>,
}

/// The note, for as long as it is true.
pub(crate) struct AddressNote(PathBuf);

impl RunDirectory {
    pub(crate) fn read(directory: &Path) -> anyhow::Result<Self> {
        let path = note(directory);
        match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).with_context(|| path.display().to_string()),
            Err(_) => bail!("no emulator runs in {}", directory.display()),
        }
    }

    pub(crate) fn write(&self, directory: &Path) -> anyhow::Result<AddressNote> {
        let path = note(directory);
        std::fs::write(&path, serde_json::to_string(self)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(AddressNote(path))
    }

    pub(crate) fn variables(&self) -> BTreeMap<&'static str, String> {
        let offered = Offered {
            instance: self.instance,
            checksums: self.checksums.as_deref(),
            github_token: self.github_token.as_deref(),
        };
        variables::block(&self.address, &self.ca, &offered)
    }
}

impl Drop for AddressNote {
    fn drop(&mut self) {
        // A note that stays does no harm: its address does not answer.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn note(directory: &Path) -> PathBuf {
    directory.join("emulator.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_ends_with_the_emulator() {
        let folder = tempfile::tempdir().unwrap();
        let state = RunDirectory {
            address: "http://127.0.0.1:8000".into(),
            ca: folder.path().join("ca.pem"),
            journal: folder.path().join("journal.jsonl"),
            instance: false,
            checksums: None,
            github_token: None,
        };
        let note = state.write(folder.path()).unwrap();
        assert_eq!(
            RunDirectory::read(folder.path()).unwrap().address,
            state.address
        );
        drop(note);
        let error = RunDirectory::read(folder.path())
            .map(drop)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("no emulator runs in "), "{error}");
    }
}
