//! Finds our own programs: in the folder of the running one, links resolved. Never on PATH, which the project that
//! is being built may change.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Failure, row};

/// The name of the file that says where the other programs are, for a copy or hard link of a helper that is elsewhere.
/// `setup` writes it beside the copy: one line, an absolute path.
pub const POINTER: &str = ".codeartifact-programs";

/// The program that users start. It mints by becoming [`EVERYTHING`].
const TOOL: &str = "codeartifact";

/// The program that has every command, and asks AWS.
pub const EVERYTHING: &str = "codeartifact-aws";

/// A path is not longer.
const LONGEST_POINTER: u64 = 4096;

/// The program that mints: the `codeartifact` beside the running one. Where that is the running file itself, as in a
/// release, it would only become `codeartifact-aws`, which is then started at once.
///
/// # Errors
/// It is not there.
pub(super) fn minting_program() -> Result<PathBuf, Box<Failure>> {
    let program = program_beside(TOOL)?;
    let everything = is_running(&program).then(|| program_beside(EVERYTHING).ok());
    Ok(everything.flatten().unwrap_or(program))
}

#[cfg(unix)]
fn is_running(program: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let file = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino()));
    let running = std::env::current_exe().and_then(|running| file(&running));
    matches!((running, file(program)), (Ok(running), Ok(program)) if running == program)
}

/// Windows tells no file from its copies, and a release has hard links or copies there: they have one length.
#[cfg(not(unix))]
fn is_running(program: &Path) -> bool {
    let length = |path: &Path| fs::metadata(path).map(|found| found.len());
    let running = std::env::current_exe().and_then(|running| length(&running));
    matches!((running, length(program)), (Ok(running), Ok(program)) if running == program)
}

/// Our program of that name: beside the running one, or where the pointer beside it leads.
///
/// # Errors
/// It is not there.
pub fn program_beside(name: &str) -> Result<PathBuf, Box<Failure>> {
    let missing = |folder: String| {
        row::PROGRAM_MISSING
            .with("folder", folder)
            .with("program", name)
    };
    let folder = folder_of_programs().map_err(|error| {
        missing(format!(
            "the folder of this one, which is not known ({error})"
        ))
    })?;
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let folders = [Some(folder.clone()), pointed_to(&folder)];
    let mut programs = folders
        .into_iter()
        .flatten()
        .map(|folder| folder.join(&file));
    let found = programs.find(|program| program.is_file());
    found.ok_or_else(|| missing(folder.display().to_string()))
}

/// The folder of the running program, links resolved.
///
/// # Errors
/// The system does not say which program runs.
pub fn folder_of_programs() -> io::Result<PathBuf> {
    let program = fs::canonicalize(std::env::current_exe()?)?;
    let folder = program.parent().map(Path::to_owned);
    folder.ok_or_else(|| io::Error::other("the running program has no folder"))
}

/// Follows the pointer in a folder. It counts only if no other user can write it: it decides which program is started.
fn pointed_to(folder: &Path) -> Option<PathBuf> {
    let pointer = folder.join(POINTER);
    let is_ours = fs::symlink_metadata(&pointer).is_ok_and(|found| is_ours(&found));
    let text = is_ours.then(|| fs::read_to_string(&pointer).ok())??;
    let target = PathBuf::from(text.trim_end_matches(['\r', '\n']));
    target.is_absolute().then_some(target)
}

#[cfg(unix)]
fn is_ours(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    const OTHERS_WRITE: u32 = 0o022;
    let owner = found.uid();
    let is_owned = owner == 0 || owner == rustix::process::geteuid().as_raw();
    found.is_file()
        && found.len() <= LONGEST_POINTER
        && is_owned
        && found.mode() & OTHERS_WRITE == 0
}

#[cfg(not(unix))]
fn is_ours(found: &fs::Metadata) -> bool {
    found.is_file() && found.len() <= LONGEST_POINTER
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_pointer_counts_if_no_other_user_can_write_it() {
        let rows = [
            (
                "/opt/codeartifact/bin\n",
                0o600,
                Some("/opt/codeartifact/bin"),
            ),
            (
                "/opt/codeartifact/bin",
                0o644,
                Some("/opt/codeartifact/bin"),
            ),
            ("/opt/codeartifact/bin", 0o664, None),
            ("/opt/codeartifact/bin", 0o606, None),
            ("relative/bin", 0o600, None),
            ("", 0o600, None),
        ];
        for (text, mode, expected) in rows {
            let folder = tempfile::tempdir().unwrap();
            let pointer = folder.path().join(POINTER);
            fs::write(&pointer, text).unwrap();
            fs::set_permissions(&pointer, fs::Permissions::from_mode(mode)).unwrap();
            let found = pointed_to(folder.path());
            assert_eq!(found, expected.map(PathBuf::from), "{text:?} {mode:o}");
        }
    }

    #[test]
    fn the_running_file_is_known_by_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let (link, copy) = (folder.path().join("link"), folder.path().join("copy"));
        let running = std::env::current_exe().unwrap();
        std::os::unix::fs::symlink(&running, &link).unwrap();
        fs::copy(&running, &copy).unwrap();
        assert!(is_running(&running) && is_running(&link));
        assert!(!is_running(&copy) && !is_running(&folder.path().join("none")));
    }

    #[test]
    fn a_link_is_no_pointer() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real");
        fs::write(&real, "/opt/codeartifact/bin").unwrap();
        std::os::unix::fs::symlink(&real, folder.path().join(POINTER)).unwrap();
        assert_eq!(pointed_to(folder.path()), None);
    }
}
