//! The configuration file for the commands that change it: read, changed and replaced whole, one process at a time,
//! for its owner only. How the text is changed is in `edit.rs`; who only reads uses [`Configuration::load`].

mod comments;
mod edit;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use codeartifact_auth::connection::{Configuration, Connection, nearest};
use codeartifact_auth::environment::{self, Environment};
use codeartifact_auth::error::{Failure, row};
use codeartifact_auth::lock;
use codeartifact_auth::private_file;
use codeartifact_auth::user_file::{Privacy, UserFile, read_text};
use toml_edit::DocumentMut;

pub(crate) use edit::{Change, Value, Written};

/// A change takes milliseconds; a process that holds the file longer is stuck.
const LOCK_DEADLINE: Duration = Duration::from_secs(10);

/// The configuration file, which need not exist yet.
#[derive(Debug, Clone)]
pub(crate) struct ConfigurationFile {
    path: PathBuf,
}

impl ConfigurationFile {
    /// Finds the one that everything else reads.
    pub(crate) fn of(environment: &Environment) -> Result<Self, Box<Failure>> {
        let path = environment.configuration_file().ok_or_else(|| {
            let reason = format!("there is no home directory; set {}", environment::CONFIG);
            unusable("change", Path::new("config.toml"), reason)
        })?;
        Ok(Self { path })
    }

    /// Returns its path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads and checks it.
    pub(crate) fn configuration(&self) -> Result<Configuration, Box<Failure>> {
        self.checked(&self.text()?)
    }

    /// Returns the connection `name` as it is written, if it is there.
    pub(crate) fn written(&self, name: &str) -> Result<Option<Written>, Box<Failure>> {
        Ok(edit::written(&self.document(&self.text()?)?, name))
    }

    /// Makes `changes` to the connection `name`, which is added if it is new. If the file is wrong already, or would
    /// be wrong then, nothing is changed.
    pub(crate) fn change(&self, name: &str, changes: &[Change]) -> Result<(), Box<Failure>> {
        let _lock = self.lock()?;
        let (after, _) = self.after(name, changes)?;
        self.replace(&after)
    }

    /// Returns the configuration as it would be after `changes` to the connection `name`.
    pub(crate) fn preview(
        &self,
        name: &str,
        changes: &[Change],
    ) -> Result<Configuration, Box<Failure>> {
        let (_, configuration) = self.after(name, changes)?;
        Ok(configuration)
    }

    /// Removes the connection `name`. The rest of the file need not be right for that.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Box<Failure>> {
        let _lock = self.lock()?;
        let mut document = self.document(&self.text()?)?;
        if edit::remove(&mut document, name) {
            self.replace(&document.to_string())
        } else {
            Err(row::CONNECTION_UNKNOWN
                .with("name", name.escape_debug())
                .with_any("nearest", nearest(name, edit::names(&document))))
        }
    }

    /// The changed text is not on any disk, so a place in it would say nothing.
    fn after(
        &self,
        name: &str,
        changes: &[Change],
    ) -> Result<(String, Configuration), Box<Failure>> {
        let before = self.text()?;
        self.checked(&before)?;
        let mut document = self.document(&before)?;
        edit::change(&mut document, name, changes);
        let after = document.to_string();
        let parsed = Configuration::parse(&after).and_then(|configuration| {
            has_repository(configuration.connection(name))?;
            Ok(configuration)
        });
        let configuration = parsed.map_err(|failure| {
            let place = format!("connection `{}` is not saved", name.escape_debug());
            failure.with("step", place)
        })?;
        Ok((after, configuration))
    }

    fn checked(&self, text: &str) -> Result<Configuration, Box<Failure>> {
        Configuration::parse(text).map_err(|failure| failure.in_file(&self.path))
    }

    /// A missing file is an empty one.
    fn text(&self) -> Result<String, Box<Failure>> {
        match read_text(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
            read => read.map_err(|error| unusable("read", &self.path, error)),
        }
    }

    /// A file that is no TOML is no configuration either, and that failure names the line.
    fn document(&self, text: &str) -> Result<DocumentMut, Box<Failure>> {
        text.parse().or_else(|error: toml_edit::TomlError| {
            self.checked(text)?;
            Err(self.unwritable(error.message()))
        })
    }

    /// Locks a file beside it, since the file itself is replaced. The system releases the lock when its holder dies.
    fn lock(&self) -> Result<File, Box<Failure>> {
        let target = self.target()?;
        let target = target.path();
        match target.parent() {
            Some(directory) if !directory.as_os_str().is_empty() && !directory.exists() => {
                private_file::make_directory(directory)
                    .map_err(|reason| self.unwritable(reason))?;
            }
            _ => {}
        }
        let file = private_file::open_or_make(&lock_of(target));
        let file = file.map_err(|reason| self.unwritable(reason))?;
        match lock::wait(&file, LOCK_DEADLINE) {
            Ok(true) => Ok(file),
            Ok(false) => Err(self.unwritable("another process is changing it")),
            Err(error) => Err(self.unwritable(error)),
        }
    }

    /// Under the lock, so that what a killed process has left beside it can go.
    fn replace(&self, text: &str) -> Result<(), Box<Failure>> {
        let target = self.target()?;
        target.remove_leftovers();
        let replaced = target.replace(text.as_bytes(), Privacy::OwnerOnly);
        replaced.map_err(|error| self.unwritable(error))
    }

    /// People keep this file among their dotfiles and link to it.
    fn target(&self) -> Result<UserFile, Box<Failure>> {
        UserFile::at(&self.path).map_err(|error| self.unwritable(error))
    }

    fn unwritable(&self, reason: impl Display) -> Box<Failure> {
        unusable("change", &self.path, reason)
    }
}

/// One without is read, since it does no harm, but not made.
fn has_repository(connection: Option<&Connection>) -> Result<(), Box<Failure>> {
    if connection.is_some_and(|connection| !connection.endpoints.is_empty()) {
        return Ok(());
    }
    let failure = row::VALUE_WRONG.with("reason", "there is no repository URL");
    Err(failure.with("correction", "add one: --npm URL, --pypi URL and so on"))
}

fn unusable(action: &str, path: &Path, reason: impl Display) -> Box<Failure> {
    row::FILE_UNUSABLE
        .with("action", action)
        .with("path", path.display())
        .with("reason", reason)
}

/// The lock is a file beside the configuration's.
pub(crate) fn lock_of(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.lock"))
}
