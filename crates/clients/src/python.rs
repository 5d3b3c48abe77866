//! Shared by the Python clients: a file of theirs gets our lines, they ask a keyring for the token, and that
//! is tried in the end. What differs from client to client are the fields of [`Python`]; each has a room of its own.

mod byte_order;
mod client;
#[cfg(test)]
pub(crate) mod for_tests;
pub(crate) mod keyring;
pub(crate) mod library;
pub(crate) mod project;
mod told;
mod wanted;

use std::path::{Path, PathBuf};

use codeartifact_auth::environment::Environment;

use crate::error::UserError;
use crate::finding::Finding;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::plan::Marks;
use crate::setting::Setting;
use crate::setup::{Level, Setup};
use crate::text::Text;
use crate::trial::{Program, Scratch, Trial};
use crate::variables::Variables;
use crate::words::without_passwords;

pub(crate) use project::named_in;
pub(crate) use wanted::{Wanted, free_name, with_user};

/// Our back end, as a file. No registry has a package of ours, so no hint names one that a stranger could register.
pub(crate) const WHEEL: &str = "./codeartifact_keyring-….whl";

/// The folder of programs in a Python environment.
pub(crate) const PROGRAMS: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// The name of what all repositories of a file share.
pub(crate) const SHARED: &str = "(keyring)";

pub(crate) const NOTE: &str = "\
What is written stands between two marks, without any token; what it replaces is kept in a file of our own, and --undo
gives back the file as it was. poetry, hatch and twine ask Python's keyring library, so the wheel that
install/python builds has to be in their environment: `pipx inject poetry ./codeartifact_keyring-….whl`.";

/// A Python client.
pub(crate) struct Python {
    pub(crate) name: &'static str,
    pub(crate) check: &'static str,
    /// A line for `setup --help`.
    pub(crate) about: &'static str,
    pub(crate) notes: &'static str,
    /// Its projects have a configuration of their own.
    pub(crate) has_project: bool,
    pub(crate) asks: Asks,
    /// The user's own file, or the project's.
    pub(crate) file: fn(&Here<'_>, Level) -> Option<PathBuf>,
    /// Writes our part into it; returns what the user should know.
    pub(crate) edit: fn(&mut Text, &Wanted<'_>) -> Result<Vec<String>, UserError>,
    /// The file of its passwords, each under the name of a repository.
    pub(crate) passwords_file: fn(&Here<'_>) -> Option<PathBuf>,
    /// Takes those of the repository out of there: it would send them, and ask no keyring.
    pub(crate) drop_passwords: fn(&mut Text, &Wanted<'_>) -> Result<(), UserError>,
    /// It reads past a byte order mark at the start of its files.
    pub(crate) reads_bom: bool,
    /// It has one repository, so another one's lines make room.
    pub(crate) has_one: bool,
    /// Returns what other tools, which run the client, need besides.
    pub(crate) beside: fn(&Here<'_>) -> Vec<String>,
    /// The reason why there is no file of a project.
    pub(crate) no_project: &'static str,
    /// Variables that win over the file.
    pub(crate) winning: &'static [&'static str],
    /// Variables that it takes instead of asking a keyring, beside those that hold nothing but a password.
    pub(crate) passwords: &'static [&'static str],
    pub(crate) settings: fn(&Here<'_>) -> anyhow::Result<Vec<Setting>>,
    /// Refuses names of which its variables make one.
    pub(crate) require_harmless: fn(&Here<'_>) -> anyhow::Result<()>,
    pub(crate) variables: fn(&mut Variables<'_>),
    pub(crate) leftovers: Leftovers,
    pub(crate) findings: fn(&Here<'_>) -> Vec<Finding>,
    pub(crate) reason: fn(&Here<'_>, Option<&str>) -> Option<Finding>,
    pub(crate) risks: fn(&Here<'_>) -> Vec<Finding>,
    pub(crate) intended: fn(&Here<'_>) -> Vec<Setting>,
    /// Its commands beside the one on PATH.
    pub(crate) programs: fn(&Here<'_>) -> Vec<Program>,
    pub(crate) trials: fn(&Here<'_>, &[Setting], &Scratch<'_>) -> Vec<Trial>,
}

/// A client's way to a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// A command named `keyring`.
    Command,
    /// Python's keyring library, in the client's own environment.
    Library,
}

impl Python {
    /// A room without anything in it, for the fields that a client has no use for.
    pub(crate) const EMPTY: Python = Python {
        name: "",
        check: "",
        about: "",
        notes: "",
        has_project: false,
        asks: Asks::Command,
        file: |_, _| None,
        edit: |_, _| Ok(Vec::new()),
        passwords_file: |_| None,
        drop_passwords: |_, _| Ok(()),
        reads_bom: false,
        has_one: false,
        beside: |_| Vec::new(),
        no_project: "no project here: run this in its directory",
        winning: &[],
        passwords: &[],
        settings: |_| Ok(Vec::new()),
        require_harmless: |_| Ok(()),
        variables: |_| {},
        leftovers: Leftovers::NONE,
        findings: |_| Vec::new(),
        reason: |_, _| None,
        risks: |_| Vec::new(),
        intended: |_| Vec::new(),
        programs: |_| Vec::new(),
        trials: |_, _, _| Vec::new(),
    };

    fn file(&self, setup: &Setup<'_>) -> anyhow::Result<PathBuf> {
        let level = setup.options.level;
        let missing = match level {
            Level::User => "no home directory for its configuration",
            Level::Project => self.no_project,
        };
        let file = (self.file)(setup.here, level);
        let missing = || UserError::new(format!("{}: there is {missing}", self.name));
        let file = file.ok_or_else(missing)?;
        if level == Level::Project {
            let file = setup.here.directory.join(&file);
            let folder = file.parent().unwrap_or(&setup.here.directory);
            here::require_inside(folder, &file)?;
        }
        Ok(file)
    }

    /// Returns the file of its passwords, if there is one.
    fn passwords_file(&self, here: &Here<'_>) -> Option<PathBuf> {
        (self.passwords_file)(here).filter(|file| file.is_file())
    }

    fn marks<'a>(&'a self, name: Option<&'a str>) -> Marks<'a> {
        Marks {
            client: self.name,
            name,
            shared: Some(SHARED),
        }
    }
}

/// Says that a value makes room for ours. A password in it is not shown.
pub(crate) fn replaced(key: &str, before: &str) -> String {
    let shown = without_passwords(before);
    format!("{key} was {shown}; --undo brings it back")
}

/// A file in the folder of a client that asks the library `platformdirs`.
pub(crate) fn in_platform_folder(environment: &Environment, file: &str) -> Option<PathBuf> {
    Some(environment.user_configuration()?.join(native(file)))
}

/// A file in the folder that pip and uv take on Unix, macOS included.
pub(crate) fn below_dot_config(environment: &Environment, file: &str) -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        environment.user_configuration()
    } else {
        environment.dot_config()
    };
    Some(folder?.join(native(file)))
}

/// A relative path with the system's own separators.
fn native(path: &str) -> PathBuf {
    Path::new(path).components().collect()
}
