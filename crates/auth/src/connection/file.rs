//! The configuration file for those who change it: read, changed and replaced whole, one process at a time, for our
//! eyes only. What is changed in the text is in `edit.rs`; whoever only reads goes through [`Configuration::load`].

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml_edit::DocumentMut;

use super::edit::{self, Change, Written};
use super::nearest::nearest;
use super::{Configuration, table};
use crate::environment::{self, Environment};
use crate::error::ConfigurationError;
use crate::lock;
use crate::private_file;

/// A change takes milliseconds; a process that holds the file longer is stuck.
const LOCK_DEADLINE: Duration = Duration::from_secs(10);

/// The configuration file, which need not exist yet.
#[derive(Debug, Clone)]
pub struct ConfigurationFile {
    path: PathBuf,
}

impl ConfigurationFile {
    /// The one that everything else reads.
    ///
    /// # Errors
    /// There is no home directory for it to lie in.
    pub fn of(environment: &Environment) -> Result<Self, ConfigurationError> {
        let path = environment.configuration_file();
        let path = path.ok_or_else(|| ConfigurationError::Unwritable {
            path: PathBuf::from("config.toml"),
            reason: format!("there is no home directory; set {}", environment::CONFIG),
        })?;
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it says.
    ///
    /// # Errors
    /// It cannot be read, or a line of it must be mended.
    pub fn configuration(&self) -> Result<Configuration, ConfigurationError> {
        self.checked(&self.text()?)
    }

    /// The connection `name` as it is written, if it is there.
    ///
    /// # Errors
    /// It cannot be read, or is not TOML.
    pub fn written(&self, name: &str) -> Result<Option<Written>, ConfigurationError> {
        Ok(edit::written(&self.document(&self.text()?)?, name))
    }

    /// Makes `changes` to the connection `name`, which is added if it is new.
    ///
    /// # Errors
    /// The file is wrong already, or cannot be written, or the connection would not be a whole one. Nothing is
    /// changed then.
    pub fn change(&self, name: &str, changes: &[Change]) -> Result<(), ConfigurationError> {
        let _lock = self.lock()?;
        let (after, _) = self.after(name, changes)?;
        self.replace(&after)
    }

    /// What it would say after `changes` to the connection `name`.
    ///
    /// # Errors
    /// As [`ConfigurationFile::change`].
    pub fn preview(
        &self,
        name: &str,
        changes: &[Change],
    ) -> Result<Configuration, ConfigurationError> {
        let (_, configuration) = self.after(name, changes)?;
        Ok(configuration)
    }

    /// Takes the connection `name` away. What else the file says need not be right for that.
    ///
    /// # Errors
    /// There is no such connection, or the file is not TOML or cannot be written.
    pub fn remove(&self, name: &str) -> Result<(), ConfigurationError> {
        let _lock = self.lock()?;
        let mut document = self.document(&self.text()?)?;
        match edit::remove(&mut document, name) {
            true => self.replace(&document.to_string()),
            false => Err(unknown(name, &document)),
        }
    }

    fn after(
        &self,
        name: &str,
        changes: &[Change],
    ) -> Result<(String, Configuration), ConfigurationError> {
        let before = self.text()?;
        self.checked(&before)?;
        let mut document = self.document(&before)?;
        edit::change(&mut document, name, changes);
        let after = document.to_string();
        let configuration = Configuration::parse(&after).map_err(|error| not_saved(name, error))?;
        Ok((after, configuration))
    }

    fn checked(&self, text: &str) -> Result<Configuration, ConfigurationError> {
        Configuration::parse(text).map_err(|error| error.in_file(&self.path))
    }

    /// A missing file is an empty one.
    fn text(&self) -> Result<String, ConfigurationError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(ConfigurationError::Unreadable {
                path: self.path.clone(),
                reason: error.to_string(),
                named: false,
            }),
        }
    }

    fn document(&self, text: &str) -> Result<DocumentMut, ConfigurationError> {
        table::TomlText::parse(text).map_err(|error| error.in_file(&self.path))?;
        text.parse()
            .map_err(|error: toml_edit::TomlError| self.unwritable(error.message()))
    }

    /// On a file beside it, since the file itself is replaced. The system releases it when its holder dies.
    fn lock(&self) -> Result<File, ConfigurationError> {
        let target = self.target()?;
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let file = private_file::open_or_make(&target.with_file_name(format!(".{name}.lock")));
        let file = file.map_err(|reason| self.unwritable(&reason))?;
        match lock::wait(&file, LOCK_DEADLINE) {
            Ok(true) => Ok(file),
            Ok(false) => Err(self.unwritable("another process is changing it")),
            Err(error) => Err(self.unwritable(&error.to_string())),
        }
    }

    /// Readers see the old text or the new one, never a part. 0600 from its creation.
    fn replace(&self, text: &str) -> Result<(), ConfigurationError> {
        let target = self.target()?;
        let directory = target.parent().unwrap_or(Path::new("."));
        let replaced = tempfile::NamedTempFile::new_in(directory).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&target).map_err(|error| error.error)?;
            Ok(())
        });
        replaced.map_err(|error| self.unwritable(&error.to_string()))
    }

    /// Where the text really lies: people keep this file among their dotfiles and link to it. Its directory is made
    /// if it is missing; one that is there may be open to others, as far as this file is concerned.
    fn target(&self) -> Result<PathBuf, ConfigurationError> {
        if let Ok(target) = fs::canonicalize(&self.path) {
            return Ok(target);
        }
        match self.path.parent() {
            Some(directory) if !directory.as_os_str().is_empty() && !directory.exists() => {
                private_file::make_directory(directory)
                    .map_err(|reason| self.unwritable(&reason))?;
            }
            _ => {}
        }
        Ok(self.path.clone())
    }

    fn unwritable(&self, reason: &str) -> ConfigurationError {
        ConfigurationError::Unwritable {
            path: self.path.clone(),
            reason: reason.to_owned(),
        }
    }
}

/// The text that was wrong is seen by nobody, so its lines would say nothing.
fn not_saved(name: &str, error: ConfigurationError) -> ConfigurationError {
    match error {
        ConfigurationError::File { problem, .. } => ConfigurationError::NotSaved {
            name: name.to_owned(),
            problem,
        },
        other => other,
    }
}

fn unknown(name: &str, document: &DocumentMut) -> ConfigurationError {
    ConfigurationError::UnknownConnection {
        name: name.to_owned(),
        variable: None,
        nearest: nearest(name, edit::names(document)).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests;
