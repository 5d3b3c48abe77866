//! Describes how a client is tried: the command by which it makes its smallest authenticated request, as data. It is run, and
//! watched, by whoever has a stand-in of the repository; nothing is started here.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use codeartifact_auth::next_on_path;

use crate::here::Here;

/// A package that no repository has but the stand-in. A name of its own, so that it is recognized in a log.
pub(crate) const PACKAGE: &str = "codeartifact-doctor";

/// Something to publish: a wheel of that package without any module.
pub(crate) const WHEEL: (&str, &[u8]) = (
    "dist/codeartifact_doctor-1-py3-none-any.whl",
    include_bytes!("trial/empty.whl"),
);

/// A client's command on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The executable.
    pub path: PathBuf,
    /// The arguments before all others: `-m pip`.
    pub arguments: Vec<String>,
    /// The place, if it is not simply on PATH: `venv`.
    pub place: Option<&'static str>,
}

/// A command that asks a repository, and changes nothing outside of its scratch folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trial {
    /// After those of the [`Program`].
    pub arguments: Vec<String>,
    /// Variables beside the user's own.
    pub variables: Vec<(&'static str, String)>,
    /// Files to write into the scratch folder first.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// It starts slowly, as what runs on Java does.
    pub is_slow: bool,
    /// It runs in the scratch folder, because it would write into the current directory.
    pub in_scratch: bool,
    /// Nothing but the repository decides whether it succeeds: a repository has the package that it asks for.
    pub succeeds: bool,
}

/// The folder where a trial may write.
#[derive(Debug, Clone, Copy)]
pub struct Scratch<'a> {
    /// An empty folder.
    pub folder: &'a Path,
    /// The file of certificate authorities to trust, for a client that takes it as an option alone.
    pub authorities: &'a Path,
}

impl Program {
    /// The first of that name on PATH, as a shell finds it.
    pub(crate) fn on_path(name: &str, here: &Here<'_>) -> Vec<Self> {
        let path = next_on_path::find(OsStr::new(name), here.environment);
        let program = |path| Self {
            path,
            arguments: Vec::new(),
            place: None,
        };
        path.map(program).into_iter().collect()
    }
}

impl Trial {
    pub(crate) fn of(arguments: &[&str]) -> Self {
        Self {
            arguments: arguments.iter().map(|&it| it.to_owned()).collect(),
            ..Self::default()
        }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    #[must_use]
    pub(crate) fn writing(mut self, name: &'static str, content: impl Into<Vec<u8>>) -> Self {
        self.files.push((name, content.into()));
        self
    }

    /// The same, with more patience.
    #[must_use]
    pub(crate) fn slow(self) -> Self {
        Self {
            is_slow: true,
            ..self
        }
    }

    /// The same, which succeeds where the repository gives it the package.
    #[must_use]
    pub(crate) fn succeeding(self) -> Self {
        Self {
            succeeds: true,
            ..self
        }
    }

    /// The same, in the scratch folder.
    #[must_use]
    pub(crate) fn in_scratch(self) -> Self {
        Self {
            in_scratch: true,
            ..self
        }
    }
}

impl Scratch<'_> {
    pub(crate) fn path(&self, below: &str) -> String {
        self.folder.join(below).display().to_string()
    }
}
