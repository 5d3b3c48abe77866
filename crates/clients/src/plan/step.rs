//! One change of a setup: how it is made, and how it is told before and after.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use codeartifact_auth::user_file::{Privacy, UserFile};

use crate::aside::{Aside, FileRecord};
use crate::error::UserError;
use crate::link;
use crate::text::Change;
use crate::words::without_secrets;

#[derive(Debug)]
pub(super) enum Step {
    /// The file's text before and after; `None` where there is no file.
    File {
        path: PathBuf,
        before: Option<String>,
        after: Option<String>,
        /// The lines that go and come. None of a file that is all ours: they are of no interest.
        changes: Vec<Change>,
    },
    /// A part that was replaced in a file, before and after.
    Keep {
        aside: Aside,
        before: FileRecord,
        after: FileRecord,
    },
    /// The same of a file of ours that is no text.
    Bytes {
        path: PathBuf,
        before: Option<Vec<u8>>,
        after: Option<Vec<u8>>,
    },
    /// A link at `path`, which leads to `program`.
    Link {
        path: PathBuf,
        program: PathBuf,
    },
    Unlink {
        path: PathBuf,
    },
}

impl Step {
    pub(super) fn apply(&mut self) -> anyhow::Result<()> {
        match self {
            Step::File {
                path,
                before,
                after,
                ..
            } => replace(path, before.as_deref(), after.as_deref())
                .with_context(|| format!("cannot change {}", path.display())),
            Step::Bytes { path, after, .. } => replace_bytes(path, after.as_deref())
                .with_context(|| format!("cannot change {}", path.display())),
            Step::Link { path, program } => link::make(path, program)
                .map_err(not_here)
                .with_context(|| format!("cannot make the link {}", path.display())),
            Step::Unlink { path } => {
                link::remove(path).with_context(|| format!("cannot remove {}", path.display()))
            }
            Step::Keep { aside, after, .. } => aside.keep(after),
        }
    }

    /// Makes it as if it had not been made.
    pub(super) fn take_back(&mut self) -> anyhow::Result<()> {
        match self {
            Step::File {
                path,
                before,
                after,
                ..
            } => replace(path, after.as_deref(), before.as_deref())
                .with_context(|| format!("cannot put {} back", path.display())),
            Step::Bytes { path, before, .. } => replace_bytes(path, before.as_deref())
                .with_context(|| format!("cannot put {} back", path.display())),
            Step::Link { path, .. } => {
                link::remove(path).with_context(|| format!("cannot remove {}", path.display()))
            }
            // A link of ours that led elsewhere: it comes with the next setup.
            Step::Unlink { .. } => Ok(()),
            Step::Keep { aside, before, .. } => aside.keep(before),
        }
    }

    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Step::File { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Tells if the user has to know of it.
    pub(super) fn is_told(&self) -> bool {
        !matches!(self, Step::Keep { .. })
    }

    pub(super) fn tell(&self, would: bool) -> String {
        let verb = |now: &str, done: &str| {
            if would {
                format!("would {now}")
            } else {
                done.to_owned()
            }
        };
        match self {
            Step::File {
                path,
                before,
                after,
                changes,
            } => {
                let [now, done] = verbs(before.is_some(), after.is_some());
                let difference = shown(changes);
                format!("{} {}\n{difference}", verb(now, done), path.display())
            }
            Step::Bytes {
                path,
                before,
                after,
            } => {
                let [now, done] = verbs(before.is_some(), after.is_some());
                format!("{} {}\n", verb(now, done), path.display())
            }
            Step::Link { path, program } => {
                let verb = verb("link", "linked");
                format!("{verb} {} to {}\n", path.display(), program.display())
            }
            Step::Unlink { path } => format!("{} {}\n", verb("remove", "removed"), path.display()),
            Step::Keep { .. } => String::new(),
        }
    }
}

fn verbs(exists: bool, stays: bool) -> [&'static str; 2] {
    match (exists, stays) {
        (false, _) => ["make", "made"],
        (_, false) => ["remove", "removed"],
        _ => ["change", "changed"],
    }
}

/// # Errors
/// It cannot be read.
pub(super) fn read_bytes(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    let bytes = UserFile::at(path).and_then(|file| file.read());
    bytes.with_context(|| format!("cannot read {}", path.display()))
}

/// # Errors
/// It cannot be read, or is not UTF-8.
pub(super) fn read(path: &Path) -> anyhow::Result<Option<String>> {
    let text = read_bytes(path)?.map(String::from_utf8).transpose();
    text.map_err(|_| UserError::new(format!("{} is not UTF-8 text", path.display())).into())
}

fn replace(path: &Path, before: Option<&str>, after: Option<&str>) -> anyhow::Result<()> {
    if read(path)?.as_deref() != before {
        return Err(UserError::new("it changed meanwhile; run this again").into());
    }
    replace_bytes(path, after.map(str::as_bytes))
}

fn replace_bytes(path: &Path, after: Option<&[u8]>) -> anyhow::Result<()> {
    let file = UserFile::at(path)?;
    let replaced = match after {
        Some(after) => file.replace(after, Privacy::AsBefore),
        None => file.remove(),
    };
    replaced.map_err(not_here)
}

/// What a container often forbids, with the way that works there.
fn not_here(error: io::Error) -> anyhow::Error {
    let reason = match error.kind() {
        ErrorKind::ResourceBusy => "it is mounted there, and cannot be replaced",
        ErrorKind::ReadOnlyFilesystem => "nothing can be written there",
        ErrorKind::PermissionDenied if cfg!(windows) => {
            "another program has it open, or it is not yours"
        }
        ErrorKind::PermissionDenied => "it belongs to another user",
        _ => return error.into(),
    };
    let hint = format!("{error}\n  hint: {reason}; `codeartifact exec -- COMMAND` needs no file");
    UserError::new(hint).into()
}

/// Runs a program and returns what it printed.
///
/// # Errors
/// It cannot be run, or fails; with its own words.
pub(crate) fn output_of(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        UserError::new(format!(
            "cannot run `{name}`: {error}; is it installed and on PATH?"
        ))
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(UserError::new(format!("{name} refused: {}", said.trim())).into())
}

/// The lines that go and come, indented. One may hold a token or a password, which must not be seen.
fn shown(changes: &[Change]) -> String {
    let lines = changes.iter();
    lines
        .map(|(sign, line)| format!("  {sign} {}\n", without_secrets(line.trim_end())))
        .collect()
}
