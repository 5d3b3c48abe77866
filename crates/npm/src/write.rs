//! Changes an `.npmrc` under a lock, if there is anything to change. How a file is replaced is `auth::user_file`'s to
//! tell; this knows no token and no registry.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use codeartifact_auth::user_file::{Privacy, UserFile};

use crate::lock::Lock;
use crate::npmrc::Document;

/// Applies `edit` to `file`. Returns whether anything was written: if `edit` changes nothing, nothing is.
///
/// # Errors
/// The file cannot be read or replaced, or is no text; or `edit`'s own.
pub(crate) fn update(
    file: &Path,
    lock: Option<&Path>,
    edit: impl Fn(&mut Document) -> Result<()>,
) -> Result<bool> {
    let target = UserFile::at(file).with_context(|| format!("cannot write {}", file.display()))?;
    if edited(file, &edit)?.is_none() {
        return Ok(false);
    }
    let lock = lock.and_then(Lock::wait);
    // Somebody else may have written while we waited.
    let Some(text) = edited(file, &edit)? else {
        return Ok(false);
    };
    if lock.is_some() {
        target.remove_leftovers();
    }
    let replaced = target.replace(&text, Privacy::OwnerOnly);
    replaced.with_context(|| format!("cannot write {}", file.display()))?;
    Ok(true)
}

/// The document as it is now; an absent file is an empty one.
///
/// # Errors
/// The file cannot be read, or is no text.
pub(crate) fn read(file: &Path) -> Result<Document> {
    let bytes = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        result => result.with_context(|| format!("cannot read {}", file.display()))?,
    };
    Document::parse(&bytes).with_context(|| format!("cannot use {}", file.display()))
}

/// The new text, or `None` if it is the old one.
fn edited(file: &Path, edit: &impl Fn(&mut Document) -> Result<()>) -> Result<Option<Vec<u8>>> {
    let before = read(file)?;
    let mut after = before.clone();
    edit(&mut after)?;
    Ok((after != before).then(|| after.to_bytes()))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    const REGISTRY: &str =
        "//my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";

    fn set_token(file: &Path, token: &str) -> Result<bool> {
        let lock = file.with_file_name("lock");
        update(file, Some(&lock), |document| {
            document.set_token(REGISTRY, token)
        })
    }

    fn line(token: &str) -> String {
        format!("{REGISTRY}:_authToken={token}\n")
    }

    fn mode(file: &Path) -> u32 {
        fs::metadata(file).unwrap().mode() & 0o7777
    }

    #[test]
    fn a_new_file_is_for_its_owner_only() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("new/.npmrc");
        assert!(set_token(&file, "t").unwrap());
        assert_eq!(fs::read_to_string(&file).unwrap(), line("t"));
        assert_eq!(mode(&file), 0o600);
    }

    #[test]
    fn nothing_due_nothing_written() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(".npmrc");
        set_token(&file, "t").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let before = fs::metadata(&file).unwrap();
        assert!(!set_token(&file, "t").unwrap());
        let after = fs::metadata(&file).unwrap();
        assert_eq!(
            (before.ino(), before.mtime_nsec()),
            (after.ino(), after.mtime_nsec())
        );
    }

    #[test]
    fn what_a_killed_writer_left_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(".npmrc");
        let leftover = directory.path().join(".npmrc.codeartifact-x1y2z3");
        fs::write(&leftover, line("old")).unwrap();
        set_token(&file, "t").unwrap();
        assert!(!leftover.exists());
        assert_eq!(
            fs::read_dir(directory.path()).unwrap().count(),
            2,
            "the file and its lock"
        );
    }

    #[test]
    fn what_cannot_be_used_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(".npmrc");
        fs::write(&file, b"\xff\xfea\0").unwrap();
        let error = format!("{:#}", set_token(&file, "t").unwrap_err());
        assert!(error.contains("UTF-16"), "{error}");
        assert_eq!(fs::read(&file).unwrap(), b"\xff\xfea\0");
    }
}
