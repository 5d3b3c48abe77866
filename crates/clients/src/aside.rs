//! Keeps what setups have replaced in the user's files, until an undo: one file of ours in the state directory, for its
//! owner alone, because a line that was replaced may hold a password. Where something is in a file is `text.rs`'s to
//! know.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::private_folder::PrivateFolder;
use codeartifact_auth::user_file::UserFile;
use serde_json::{Value, json};

use crate::error::UserError;
use crate::text::Part;

const FILE: &str = "setups.json";

/// The record of every file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Aside {
    folder: Option<PathBuf>,
    files: Vec<FileRecord>,
}

/// The record of one file of the user's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FileRecord {
    /// Absolute, behind all links.
    pub(crate) path: PathBuf,
    /// There was no such file before us.
    pub(crate) is_made: bool,
    /// With the mark of each, in the order in which they were written.
    pub(crate) parts: Vec<(String, Part)>,
}

impl Aside {
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn load(environment: &Environment) -> anyhow::Result<Self> {
        match environment.state_directory() {
            Some(folder) => Self::load_from(folder),
            None => Ok(Self::default()),
        }
    }

    fn load_from(folder: PathBuf) -> anyhow::Result<Self> {
        let opened = PrivateFolder::open(&folder).map_err(without_place)?;
        let file = opened.map(|it| it.file(FILE)).transpose();
        let file = file.map_err(without_place)?.flatten();
        let mut text = String::new();
        if let Some(mut file) = file {
            file.read_to_string(&mut text)
                .with_context(|| format!("cannot read {}", folder.join(FILE).display()))?;
        }
        let value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let files = value["files"].as_array().into_iter().flatten();
        Ok(Self {
            folder: Some(folder),
            files: files.filter_map(FileRecord::of_json).collect(),
        })
    }

    /// Returns the record of a file; nothing where it is none of ours.
    pub(crate) fn of(&self, path: &Path) -> FileRecord {
        let path = absolute(path);
        let found = self.files.iter().find(|kept| kept.path == path);
        found.cloned().unwrap_or(FileRecord {
            path,
            ..FileRecord::default()
        })
    }

    /// The files of which something is kept.
    pub(crate) fn files(&self) -> &[FileRecord] {
        &self.files
    }

    /// Keeps this of the file, in place of what was kept of it, beside what others may have kept since this was loaded.
    ///
    /// # Errors
    /// It cannot be written, or there is no place for it.
    pub(crate) fn keep(&self, kept: &FileRecord) -> anyhow::Result<()> {
        let Some(folder) = &self.folder else {
            return kept.require_nothing_replaced();
        };
        let mut files = Self::load_from(folder.clone())?.files;
        files.retain(|other| other.path != kept.path);
        files.extend(Some(kept.clone()).filter(|it| !it.parts.is_empty()));
        let folder = PrivateFolder::open_or_make_closed(folder).map_err(without_place)?;
        let written = if files.is_empty() {
            folder.remove(FILE.as_ref())
        } else {
            let files: Vec<_> = files.iter().map(FileRecord::json).collect();
            let text = format!("{:#}\n", json!({"files": files}));
            folder.replace(FILE, text.as_bytes())
        };
        Ok(written.map_err(without_place)?)
    }
}

impl FileRecord {
    /// The marks of which something is kept, each once.
    pub(crate) fn marks(&self) -> Vec<&str> {
        let mut marks: Vec<_> = self.parts.iter().map(|(mark, _)| mark.as_str()).collect();
        marks.dedup();
        marks
    }

    fn require_nothing_replaced(&self) -> anyhow::Result<()> {
        if self.parts.iter().all(|(_, part)| part.before.is_empty()) {
            return Ok(());
        }
        let text = "there is no home directory to keep what is replaced here";
        Err(UserError::new(text).into())
    }

    fn json(&self) -> Value {
        let part = |(mark, part): &(String, Part)| {
            let mut value = part.json();
            value["mark"] = json!(mark);
            value
        };
        let parts: Vec<_> = self.parts.iter().map(part).collect();
        json!({"path": self.path.to_string_lossy(), "made": self.is_made, "parts": parts})
    }

    fn of_json(value: &Value) -> Option<Self> {
        let parts = value["parts"].as_array()?.iter();
        let part = |it: &Value| Some((it["mark"].as_str()?.to_owned(), Part::of_json(it)?));
        Some(Self {
            path: PathBuf::from(value["path"].as_str()?),
            is_made: value["made"].as_bool()?,
            parts: parts.filter_map(part).collect(),
        })
    }
}

/// A home that is read-only or another user's, as in many containers, keeps nothing.
fn without_place(why: String) -> UserError {
    UserError::new(format!(
        "{why}\n  hint: a setup keeps there what it replaces; `codeartifact exec -- COMMAND` needs no file"
    ))
}

/// One name for a file, however it was reached.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let target = UserFile::at(path).map_or_else(|_| path.to_owned(), |file| file.path().to_owned());
    let target = std::path::absolute(&target).unwrap_or(target);
    match (target.parent().map(Path::canonicalize), target.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => target,
    }
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn it_is_kept_for_its_owner_alone_until_it_is_given_back() {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let path = home.path().join("pip.conf");
        let part = Part {
            before: vec!["index-url = https://aws:s3cret@host/".to_owned()],
            after: vec!["index-url = https://aws@host/".to_owned()],
        };
        let mut kept = Aside::load(&environment).unwrap().of(&path);
        assert!(kept.parts.is_empty());
        kept.parts.push(("pip acme".to_owned(), part));
        Aside::load(&environment).unwrap().keep(&kept).unwrap();
        let again = Aside::load(&environment).unwrap();
        assert_eq!(again.of(&path), kept);
        let file = environment.state_directory().unwrap().join(FILE);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        kept.parts.clear();
        Aside::load(&environment).unwrap().keep(&kept).unwrap();
        assert!(!file.exists());
    }
}
