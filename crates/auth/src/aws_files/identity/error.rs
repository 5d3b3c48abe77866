//! The ways in which an identity is half set up, and the row of each.

use thiserror::Error;

use crate::aws_files::FileError;
use crate::error::{Failure, row};

/// As many profiles as a person reads in a hint.
pub(crate) const SHOWN_PROFILES: usize = 5;

/// The reasons why the variables and files lead to no identity. Each says what is wrong and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdentityError {
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The profile is not there.
    #[error("there is no profile `{name}` in {} or {}", files[0], files[1])]
    NoProfile {
        /// As it was asked for.
        name: String,
        /// Those that are there.
        existing: Vec<String>,
        /// The files that were looked at.
        files: [String; 2],
    },
    /// A key id without its secret, as a CI job has it whose secret is not given to forks.
    #[error("AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not")]
    NoEnvironmentSecret,
    /// The same in a profile.
    #[error("profile `{profile}` has no `{missing}`")]
    NoKey {
        /// The profile.
        profile: String,
        /// The half of the key that it lacks.
        missing: &'static str,
    },
    /// The same in a file of an older tool.
    #[error("{file} has no `{missing}`")]
    NoKeyInFile {
        /// The file.
        file: String,
        /// The half of the key that it lacks.
        missing: &'static str,
    },
    /// The file of an older tool is not there, though a variable names it.
    #[error("AWS_CREDENTIAL_FILE={file} cannot be read: {problem}")]
    OlderFile {
        /// The file.
        file: String,
        /// The reason.
        problem: String,
    },
    /// A token file without a role.
    #[error("the web identity of {0} has no role: neither AWS_ROLE_ARN nor `role_arn` is set")]
    NoWebIdentityRole(String),
    /// A profile of IAM Identity Center lacks a setting.
    #[error("profile `{profile}` has no `{missing}`, which IAM Identity Center needs")]
    SsoIncomplete {
        /// The profile.
        profile: String,
        /// The setting that it lacks.
        missing: &'static str,
    },
    /// `sso_session` names no section.
    #[error("profile `{profile}` uses [sso-session {session}], which is not there")]
    NoSsoSession {
        /// The profile.
        profile: String,
        /// The session that it names.
        session: String,
    },
    /// Profile and session say different things.
    #[error("`{setting}` of profile `{profile}` and of [sso-session {session}] differ")]
    SsoConflict {
        /// The profile.
        profile: String,
        /// The session that it names.
        session: String,
        /// The setting that both have.
        setting: String,
    },
    /// The profile's role has two sources.
    #[error("profile `{0}` has both `source_profile` and `credential_source`")]
    TwoSources(String),
    /// The profile's role has no source.
    #[error("profile `{0}` has a `role_arn` but neither `source_profile` nor `credential_source`")]
    NoSource(String),
    /// `credential_source` says something unknown.
    #[error(
        "`credential_source = {named}` of profile `{profile}` is none of Environment, EcsContainer, Ec2InstanceMetadata"
    )]
    UnknownSource {
        /// The profile.
        profile: String,
        /// The value that it has.
        named: String,
    },
    /// `credential_source` names a source that has nothing.
    #[error("profile `{profile}` takes its credentials from {named}, which has none")]
    NothingAtSource {
        /// The profile.
        profile: String,
        /// The value that it has.
        named: String,
    },
    /// `source_profile` names no profile.
    #[error("`source_profile = {named}` of profile `{profile}` names no profile")]
    NoSourceProfile {
        /// The profile.
        profile: String,
        /// The value that it has.
        named: String,
    },
    /// Profiles are each other's sources.
    #[error("the source profiles go in a circle at `{0}`")]
    Loop(String),
    /// The last source has no credentials.
    #[error("profile `{0}` is a source profile but has no credentials")]
    EmptySource(String),
    /// An indented line behind a `role_arn` belongs to it.
    #[error("`role_arn` of profile `{0}` is not one word")]
    RoleArn(String),
}

impl IdentityError {
    /// Its row, filled.
    pub fn failure(&self) -> Box<Failure> {
        match self {
            Self::File(error) => error.failure(),
            Self::NoProfile {
                name,
                existing,
                files: [config, credentials],
            } => {
                let shown: Vec<_> = existing.iter().take(SHOWN_PROFILES).cloned().collect();
                let absent = row::PROFILE_ABSENT
                    .with("profile", name)
                    .with("config", config)
                    .with("credentials", credentials);
                absent.with_any(
                    "existing",
                    Some(shown.join(", ")).filter(|shown| !shown.is_empty()),
                )
            }
            incomplete => row::CREDENTIALS_INCOMPLETE.with("reason", incomplete),
        }
    }
}
