//! The note of a proxy that serves: the variables by which a command in another process or container reaches it.

use std::collections::BTreeMap;
use std::path::Path;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::user_file::read_regular;
use serde::{Deserialize, Serialize};

use super::child::{self, Doors, TO_UNSET};
use super::files::{Files, NOTE};
use super::reach::Reach;

/// Variables to set. One of them holds the run's secret, so the file is its user's alone.
#[derive(Debug, Serialize, Deserialize)]
pub struct Note {
    variables: BTreeMap<String, String>,
}

impl Note {
    pub(crate) fn new(
        environment: &Environment,
        reach: &Reach,
        doors: &Doors,
        files: &Files,
    ) -> Self {
        let changes = child::changes(environment, reach, doors, files).into_iter();
        let variables = changes.filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value?.into_string().ok()?))
        });
        Self {
            variables: variables.collect(),
        }
    }

    pub(crate) fn to_json(&self) -> Vec<u8> {
        // Strings alone: nothing in it can fail to become JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads the note of the proxy that runs in this folder.
    ///
    /// # Errors
    /// None runs there.
    pub fn read(directory: &Path) -> std::io::Result<Self> {
        let text = read_regular(&directory.join(NOTE))?;
        serde_json::from_slice(&text).map_err(std::io::Error::other)
    }

    /// Lines for a shell: what leads to AWS is unset, then the variables are exported.
    pub fn to_shell(&self) -> String {
        // `npm_config_//HOST/:_authToken` is no name that a shell could set.
        let is_name = |name: &str| {
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let exports = self.variables.iter().filter(|(name, _)| is_name(name));
        let exports: String = exports
            .map(|(name, value)| format!("export {name}='{}'\n", value.replace('\'', r"'\''")))
            .collect();
        format!("unset {}\n{exports}", TO_UNSET.join(" "))
    }

    /// An object of names and values.
    pub fn to_object(&self) -> String {
        serde_json::to_string_pretty(&self.variables).unwrap_or_default() + "\n"
    }
}
