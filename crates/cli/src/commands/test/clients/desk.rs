//! What a client that is started here would read: the directories of the project, the user's home, variables.
//! It judges nothing.

use std::fs;
use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::{Endpoint, MappedHosts};
use codeartifact_auth::environment::Environment;

/// Where the person works.
pub(super) struct Desk<'a> {
    pub(super) environment: &'a Environment,
    pub(super) hosts: &'a MappedHosts,
    pub(super) home: PathBuf,
    /// The current one and those above it, up to the home directory or the root.
    pub(super) directories: Vec<PathBuf>,
}

/// A text, and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// A path or a variable's name.
    pub(super) name: String,
    pub(super) text: String,
}

impl<'a> Desk<'a> {
    /// `None` without a current directory or a home.
    pub(super) fn here(environment: &'a Environment, hosts: &'a MappedHosts) -> Option<Self> {
        let current = std::env::current_dir().ok()?;
        let home = environment.home()?;
        let above = current.ancestors().skip(1);
        let above = above.take_while(|directory| **directory != *home);
        let directories = [current.as_path()].into_iter().chain(above);
        Some(Self {
            environment,
            hosts,
            directories: directories.map(Path::to_owned).collect(),
            home,
        })
    }

    /// Whether a client would ask CodeArtifact there.
    pub(super) fn is_ours(&self, url: &str) -> bool {
        Endpoint::parse(url, self.hosts).is_ok()
    }

    /// The nearest file of that name in the project.
    pub(super) fn nearest(&self, name: &str) -> Option<Page> {
        let mut files = self
            .directories
            .iter()
            .map(|directory| directory.join(name));
        files.find_map(|file| page(&file))
    }

    /// A variable as a page, so that it is judged like a file.
    pub(super) fn variable(&self, name: &str) -> Option<Page> {
        Some(Page {
            name: name.to_owned(),
            text: self.environment.text(name)?,
        })
    }
}

/// A file's text; one that is missing or cannot be read says nothing to a client either.
pub(super) fn page(file: &Path) -> Option<Page> {
    let bytes = fs::read(file).ok()?;
    Some(Page {
        name: file.display().to_string(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}
