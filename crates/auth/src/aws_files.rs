//! AWS's shared files, `~/.aws/config` and `~/.aws/credentials`, read exactly as the AWS CLI reads them (botocore's
//! `configloader` and `Session.full_config`), and the [`Identity`] that they and the variables lead to.
//! No AWS crate is used, and no AWS call is made.

mod identity;
mod path;
mod profile;
mod syntax;
pub(crate) mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

#[cfg(feature = "aws")]
pub(crate) use identity::SHOWN_PROFILES;
pub(crate) use identity::describe_identity;
pub use identity::{Base, Identity, IdentityError, Keys, Role, SsoSignIn, selected_profile};
#[cfg(feature = "aws")]
pub(crate) use path::expand;
pub(crate) use path::home;
pub use profile::Profile;
pub use syntax::SyntaxError;

use crate::environment::{AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, Environment};
use crate::error::{Failure, row};
use crate::user_file::read_regular;

/// The profile that is used when none is named.
pub const DEFAULT_PROFILE: &str = "default";

/// Both files.
#[derive(Debug)]
pub struct AwsFiles {
    config: AwsFile,
    credentials: AwsFile,
    /// Profiles of the config file, before the credentials file is added.
    config_profiles: BTreeMap<String, Profile>,
    /// Sections of the credentials file, under the whole name that is in the brackets.
    credentials_profiles: BTreeMap<String, Profile>,
    profiles: BTreeMap<String, Profile>,
    sso_sessions: BTreeMap<String, Profile>,
    services: BTreeMap<String, Profile>,
}

/// One of the files: where it is, and what was found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsFile {
    path: PathBuf,
    variable: Option<&'static str>,
    state: FileState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum FileState {
    Read,
    Missing,
    /// The AWS CLI passes over a file that it cannot open, without a word.
    Unreadable(String),
}

/// A file that the AWS CLI refuses to read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}, {problem}")]
pub struct FileError {
    file: AwsFile,
    problem: SyntaxError,
}

impl FileError {
    /// Its row, filled.
    pub fn failure(&self) -> Box<Failure> {
        row::SHARED_FILES_UNREADABLE.with("reason", self)
    }
}

impl AwsFiles {
    /// Reads both. A file that is missing counts as empty.
    ///
    /// # Errors
    /// A file is there that the AWS CLI does not take.
    pub fn load(environment: &Environment) -> Result<Self, FileError> {
        let config = AwsFile::locate(environment, AWS_CONFIG_FILE, "config");
        let credentials = AwsFile::locate(environment, AWS_SHARED_CREDENTIALS_FILE, "credentials");
        let (config, sections) = config.read()?;
        let mut files = Self::of_config(config, credentials.clone(), sections);
        let (credentials, sections) = credentials.read()?;
        files.credentials = credentials;
        files.add_credentials(sections);
        Ok(files)
    }

    /// None of them, for one who does without.
    pub fn unread(environment: &Environment) -> Self {
        let config = AwsFile::locate(environment, AWS_CONFIG_FILE, "config");
        let credentials = AwsFile::locate(environment, AWS_SHARED_CREDENTIALS_FILE, "credentials");
        Self::of_config(config, credentials, Vec::new())
    }

    fn of_config(config: AwsFile, credentials: AwsFile, sections: Vec<syntax::RawSection>) -> Self {
        let (mut profiles, mut sso_sessions, mut services) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for section in sections {
            let kinds = [
                ("profile", &mut profiles),
                ("sso-session", &mut sso_sessions),
                ("services", &mut services),
            ];
            let profile = Profile(section.settings);
            let kind = kinds
                .into_iter()
                .find(|(kind, _)| section.name.starts_with(kind));
            match (kind, second_word(&section.name)) {
                (Some((_, of_kind)), Some(name)) => _ = of_kind.insert(name, profile),
                (None, _) if section.name == DEFAULT_PROFILE => {
                    profiles.insert(section.name, profile);
                }
                _ => {}
            }
        }
        Self {
            config,
            credentials,
            config_profiles: profiles.clone(),
            credentials_profiles: BTreeMap::new(),
            profiles,
            sso_sessions,
            services,
        }
    }

    /// Settings of the credentials file go before those of the config file.
    fn add_credentials(&mut self, sections: Vec<syntax::RawSection>) {
        for section in sections {
            let merged = self.profiles.entry(section.name.clone()).or_default();
            merged.0.extend(section.settings.clone());
            let profile = Profile(section.settings);
            self.credentials_profiles.insert(section.name, profile);
        }
    }

    /// A profile with the settings of both files.
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.get(name)
    }

    /// The names of all profiles, sorted.
    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.profiles.keys().map(String::as_str)
    }

    /// A `[services NAME]` section.
    pub fn services(&self, name: &str) -> Option<&Profile> {
        self.services.get(name)
    }

    /// The files that were looked at: config, credentials.
    pub fn files(&self) -> [&AwsFile; 2] {
        [&self.config, &self.credentials]
    }
}

impl AwsFile {
    fn locate(environment: &Environment, variable: &'static str, name: &str) -> Self {
        let named = environment.even_empty(variable);
        let (path, variable) = match named {
            Some(path) => (path::expand(environment, &path), Some(variable)),
            None => {
                let home = environment.home().unwrap_or_default();
                (home.join(".aws").join(name), None)
            }
        };
        Self {
            path,
            variable,
            state: FileState::Missing,
        }
    }

    /// A file that is not of `~/.aws`.
    fn at(environment: &Environment, path: &str, variable: Option<&'static str>) -> Self {
        Self {
            path: path::expand(environment, path),
            variable,
            state: FileState::Missing,
        }
    }

    fn read(mut self) -> Result<(Self, Vec<syntax::RawSection>), FileError> {
        let bytes = match read_regular(&self.path) {
            Ok(bytes) => {
                self.state = FileState::Read;
                bytes
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                self.state = FileState::Unreadable(error.to_string());
                Vec::new()
            }
        };
        match syntax::parse(&bytes) {
            Ok(sections) => Ok((self, sections)),
            Err(problem) => Err(FileError {
                file: self,
                problem,
            }),
        }
    }

    /// Tells whether its settings count.
    pub fn is_read(&self) -> bool {
        self.state == FileState::Read
    }
}

impl fmt::Display for AwsFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.variable {
            Some(variable) => write!(formatter, "{variable}={path}")?,
            None => write!(formatter, "{path}")?,
        }
        match &self.state {
            FileState::Read => Ok(()),
            FileState::Missing => formatter.write_str(" (missing)"),
            FileState::Unreadable(reason) => write!(formatter, " ({reason})"),
        }
    }
}

/// The NAME of `profile NAME`, which may be quoted.
fn second_word(header: &str) -> Option<String> {
    let words = words::split(header)?;
    <[String; 2]>::try_from(words).ok().map(|[_, name]| name)
}

#[cfg(test)]
mod tests;
