//! Finds the folders that belong to a project, and the files that are inside of it.

#[cfg(unix)]
use std::fs;
use std::path::{Path, PathBuf};

use codeartifact_auth::user_file::UserFile;

use crate::error::UserError;

/// `start` and what is above it. The home directory counts only as a start, since its files are the user's and not a
/// project's; nothing above it is a part of what is there. Nor is a directory in which other users write: `/tmp` is no
/// project's root.
pub(crate) fn upwards(start: &Path, home: Option<&Path>) -> Vec<PathBuf> {
    let is_home = Some(start) == home;
    let above = start.ancestors().skip(1);
    let above = above.take_while(|directory| {
        !is_home && Some(*directory) != home && !is_others(directory, start)
    });
    [start]
        .into_iter()
        .chain(above)
        .map(Path::to_owned)
        .collect()
}

/// Tells if files in a directory may be another user's than ours, the administrator's, or that of the project at `start`,
/// which a container often has under another number.
#[cfg(unix)]
fn is_others(directory: &Path, start: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    const ANYBODY_WRITES: u32 = 0o002;
    let of_project = fs::metadata(start).ok().map(|found| found.uid());
    fs::metadata(directory).is_ok_and(|found| {
        let is_trusted = found.uid() == 0
            || found.uid() == rustix::process::geteuid().as_raw()
            || Some(found.uid()) == of_project;
        !is_trusted || found.mode() & ANYBODY_WRITES != 0
    })
}

#[cfg(not(unix))]
fn is_others(_: &Path, _: &Path) -> bool {
    false
}

/// Refuses a file of a project that a link leads out of it: a setup for the project changes nothing else.
///
/// # Errors
/// It is one.
pub(crate) fn require_inside(project: &Path, file: &Path) -> anyhow::Result<()> {
    let target = UserFile::at(file)?;
    let above = match target.path().parent() {
        Some(above) if !above.as_os_str().is_empty() => above,
        _ => Path::new("."),
    };
    // Folders that are missing are made, below the last one that is there.
    let there = above.ancestors().find(|folder| folder.exists());
    let there = there
        .filter(|it| !it.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if there.canonicalize()?.starts_with(project.canonicalize()?) {
        return Ok(());
    }
    let (file, target) = (file.display(), target.path().display());
    let text = format!("{file} is a link to {target}, which is outside this project");
    Err(UserError::new(text).into())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn a_project_ends_below_the_home_directory() {
        let rows: [(&str, &[&str]); 3] = [
            ("/home/ada/a/b", &["/home/ada/a/b", "/home/ada/a"]),
            ("/home/ada", &["/home/ada"]),
            ("/srv/a", &["/srv/a", "/srv", "/"]),
        ];
        for (start, expected) in rows {
            let found = upwards(Path::new(start), Some(Path::new("/home/ada")));
            assert_eq!(
                found,
                expected.iter().map(PathBuf::from).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn a_project_ends_below_a_directory_in_which_everybody_writes() {
        use std::os::unix::fs::PermissionsExt;
        let shared = tempfile::tempdir().unwrap();
        let project = shared.path().join("build/x");
        fs::create_dir_all(&project).unwrap();
        let set = |mode| fs::set_permissions(shared.path(), fs::Permissions::from_mode(mode));
        set(0o1777).unwrap();
        let found = upwards(&project, None);
        assert_eq!(found, [project.clone(), shared.path().join("build")]);
        set(0o755).unwrap();
        assert_eq!(upwards(&project, None)[2], shared.path());
    }
}
