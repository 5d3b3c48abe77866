//! The user's own `.npmrc`, the one file that we write: where it is, and how it is changed. What is in it is
//! [`npmrc`](crate::npmrc)'s to know.

use std::path::{Path, PathBuf};

use anyhow::Result;
use codeartifact_auth::endpoint::{Endpoint, MappedHosts};
use codeartifact_auth::environment::Environment;

use crate::npmrc::Document;
use crate::registries::{CommandLine, Places};
use crate::write;

/// The file, and the lock for it.
#[derive(Debug)]
pub struct UserNpmrc {
    /// Where it is, or would be.
    pub path: PathBuf,
    lock: Option<PathBuf>,
}

impl UserNpmrc {
    /// The one that clients read when they are started in `directory`.
    ///
    /// # Errors
    /// There is no place for one.
    pub fn of(directory: &Path, environment: &Environment) -> Result<Self> {
        let places = Places::of(directory, &CommandLine::default(), environment)?;
        Ok(Self::at(places.user_npmrc, environment))
    }

    /// One lock for all files: writing takes milliseconds, and a lock beside an `.npmrc` would litter the home directory.
    pub(crate) fn at(path: PathBuf, environment: &Environment) -> Self {
        let state = environment.state_directory();
        Self {
            path,
            lock: state.map(|directory| directory.join("npmrc.lock")),
        }
    }

    /// What is in it; an absent file is an empty one.
    ///
    /// # Errors
    /// It cannot be read, or is no text.
    pub fn read(&self) -> Result<Document> {
        write::read(&self.path)
    }

    /// Changes it by `edit`; returns whether that changed anything.
    ///
    /// # Errors
    /// It cannot be read or replaced; or `edit`'s own.
    pub fn update(&self, edit: impl Fn(&mut Document) -> Result<()>) -> Result<bool> {
        write::update(&self.path, self.lock.as_deref(), edit)
    }

    /// Takes away the tokens for those CodeArtifact registries that are meant; returns whether there was one.
    ///
    /// # Errors
    /// It cannot be read or replaced.
    pub fn log_out(
        &self,
        hosts: &MappedHosts,
        is_meant: impl Fn(&Endpoint) -> bool,
    ) -> Result<bool> {
        self.update(|document| {
            document.remove_tokens(|registry| {
                Endpoint::parse(&format!("https:{registry}"), hosts).is_ok_and(|it| is_meant(&it))
            });
            Ok(())
        })
    }
}
