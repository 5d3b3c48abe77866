//! Changes an `.npmrc` so that a reader, and a writer killed at any moment, leave the old text or the new, never half:
//! a new file beside the old one is renamed over it. It knows no token and no registry.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tempfile::NamedTempFile;

use crate::lock::Lock;
use crate::npmrc::Document;

/// A link that leads through more links than this leads in a circle.
const MOST_LINKS: usize = 40;

/// Applies `edit` to `file`. Returns whether anything was written: if `edit` changes nothing, nothing is.
///
/// # Errors
/// The file cannot be read or replaced, or is no text; or `edit`'s own.
pub(crate) fn update(
    file: &Path,
    lock: Option<&Path>,
    edit: impl Fn(&mut Document) -> Result<()>,
) -> Result<bool> {
    let target = behind_links(file);
    require_replaceable(file, &target)?;
    if edited(&target, &edit)?.is_none() {
        return Ok(false);
    }
    let lock = lock.and_then(Lock::wait);
    // Somebody else may have written while we waited.
    let Some(text) = edited(&target, &edit)? else {
        return Ok(false);
    };
    if lock.is_some() {
        remove_leftovers(&target);
    }
    replace(&target, &text).with_context(|| format!("cannot write {}", target.display()))?;
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
fn edited(target: &Path, edit: &impl Fn(&mut Document) -> Result<()>) -> Result<Option<Vec<u8>>> {
    let before = read(target)?;
    let mut after = before.clone();
    edit(&mut after)?;
    Ok((after != before).then(|| after.to_bytes()))
}

/// The file that a symbolic link leads to, even if that does not exist yet: the link itself has to stay.
fn behind_links(file: &Path) -> PathBuf {
    let mut target = file.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = parent(&target).join(next),
            Err(_) => break,
        }
    }
    target
}

/// `/dev/null` must not become a file, and an open file's name in `/proc` leads to a place that is none.
fn require_replaceable(file: &Path, target: &Path) -> Result<()> {
    let Ok(there) = fs::metadata(file) else {
        return Ok(());
    };
    ensure!(
        there.is_file() && target.exists(),
        "{} is not a file that could be replaced",
        file.display()
    );
    Ok(())
}

fn replace(target: &Path, text: &[u8]) -> Result<()> {
    fs::create_dir_all(parent(target))?;
    // Created with mode 0600 on Unix; on Windows the directory's rights are inherited.
    let mut new = tempfile::Builder::new()
        .prefix(&leftover_prefix(target))
        .tempfile_in(parent(target))?;
    new.write_all(text)?;
    if let Ok(old) = fs::metadata(target) {
        keep_owner_and_mode(new.as_file(), &old)?;
    }
    new.as_file().sync_all()?;
    persist(new, target)
}

fn persist(new: NamedTempFile, target: &Path) -> Result<()> {
    new.persist(target).map_err(|error| error.error)?;
    Ok(())
}

/// A mode stricter than 0600 stays; a laxer one does not, since there is a secret in the file now.
#[cfg(unix)]
fn keep_owner_and_mode(new: &File, old: &Metadata) -> Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let ours = new.metadata()?;
    if (old.uid(), old.gid()) != (ours.uid(), ours.gid()) {
        let kept = fchown(new, Some(old.uid()), Some(old.gid()));
        if old.uid() != ours.uid() {
            kept.context("it belongs to another user")?;
        }
    }
    new.set_permissions(fs::Permissions::from_mode(old.mode() & 0o600))?;
    Ok(())
}

#[cfg(not(unix))]
fn keep_owner_and_mode(_: &File, _: &Metadata) -> Result<()> {
    Ok(())
}

/// What killed writers left: they hold tokens. Only with the lock held, when no other writer has one in use.
fn remove_leftovers(target: &Path) {
    let prefix = leftover_prefix(target);
    for entry in fs::read_dir(parent(target)).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            // A leftover that stays does no harm to this run.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn leftover_prefix(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default();
    format!("{}.codeartifact-", name.to_string_lossy())
}

fn parent(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

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
    fn modes_get_stricter_only() {
        let directory = tempfile::tempdir().unwrap();
        for (before, after) in [
            (0o600, 0o600),
            (0o644, 0o600),
            (0o400, 0o400),
            (0o440, 0o400),
            (0o666, 0o600),
        ] {
            let file = directory.path().join(format!("{before:o}"));
            fs::write(&file, "a=b\n").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(before)).unwrap();
            assert!(set_token(&file, "t").unwrap());
            assert_eq!(mode(&file), after, "{before:o}");
        }
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
    fn a_link_stays_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir(at("dotfiles")).unwrap();
        symlink("dotfiles/second", at(".npmrc")).unwrap();
        symlink("npmrc", at("dotfiles/second")).unwrap();
        for token in ["absent before", "there before"].map(|what| what.replace(' ', "")) {
            assert!(set_token(&at(".npmrc"), &token).unwrap());
            assert!(fs::symlink_metadata(at(".npmrc")).unwrap().is_symlink());
            assert!(
                fs::symlink_metadata(at("dotfiles/second"))
                    .unwrap()
                    .is_symlink()
            );
            assert_eq!(
                fs::read_to_string(at("dotfiles/npmrc")).unwrap(),
                line(&token)
            );
        }
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

    #[test]
    fn only_a_file_is_replaced() {
        let is_refused = |file: &Path| require_replaceable(file, &behind_links(file)).is_err();
        let directory = tempfile::tempdir().unwrap();
        assert!(is_refused(Path::new("/dev/null")));
        assert!(is_refused(directory.path()));
        assert!(!is_refused(&directory.path().join("new")));
        let open = tempfile::tempfile().unwrap();
        let name = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&open));
        assert_eq!(is_refused(Path::new(&name)), cfg!(target_os = "linux"));
    }
}
