//! A program of ours under another name, by which a client looks for it: a symbolic link, or, where those need
//! rights that people do not have, a second name of the same file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;

use crate::error::UserError;

/// The program of the npm family.
pub(crate) const NPM: &str = "codeartifact-npm";

/// Makes `path` lead to `program`. Directories that are missing are made; what is there already stays.
///
/// # Errors
/// Something is there, or nothing can be made.
pub(crate) fn make(path: &Path, program: &Path) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    system::link(program, path)
}

/// Removes a link, or a program of ours, which may be running.
///
/// # Errors
/// It stays.
pub fn remove(path: &Path) -> io::Result<()> {
    system::unlink(path)
}

/// Tells if a link at `path` leads to `program` already.
pub(crate) fn leads_to(path: &Path, program: &Path) -> bool {
    match fs::read_link(path) {
        Ok(target) => target == program,
        Err(_) => next_on_path::is_same_program(path, program),
    }
}

/// Returns the path of a program of ours: beside this one, by the name that PATH has for it, which outlives the next version.
///
/// # Errors
/// It is not installed.
pub(crate) fn program(name: &str, environment: &Environment) -> anyhow::Result<PathBuf> {
    next_on_path::beside_us(name, environment).ok_or_else(|| {
        let reason =
            format!("`{name}` is neither beside `codeartifact` nor on PATH; install it first");
        UserError::new(reason).into()
    })
}

#[cfg(unix)]
mod system {
    pub(super) use std::fs::remove_file as unlink;
    pub(super) use std::os::unix::fs::symlink as link;
}

#[cfg(not(unix))]
mod system {
    use std::fs;
    use std::io::{self, ErrorKind};
    use std::path::Path;

    use codeartifact_auth::minter::POINTER;
    use codeartifact_auth::next_on_path::is_same_program;

    /// A second name does not say where the first one is, so a file beside it does: a helper starts the `codeartifact`
    /// there. Another drive can only have a copy.
    pub(super) fn link(program: &Path, path: &Path) -> io::Result<()> {
        fs::hard_link(program, path).or_else(|error| match error.kind() {
            ErrorKind::AlreadyExists => Err(error),
            _ => fs::copy(program, path).map(drop),
        })?;
        let folder = program.parent().unwrap_or(Path::new("."));
        fs::write(
            path.with_file_name(POINTER),
            format!("{}\n", folder.display()),
        )
    }

    /// The file beside it goes with the last one.
    pub(super) fn unlink(path: &Path) -> io::Result<()> {
        let is_last = is_last(path);
        fs::remove_file(path).or_else(|_| set_aside(path))?;
        if is_last {
            let _ = fs::remove_file(path.with_file_name(POINTER));
        }
        Ok(())
    }

    fn is_last(path: &Path) -> bool {
        let entries = path.parent().and_then(|folder| fs::read_dir(folder).ok());
        let others = entries.into_iter().flatten().flatten();
        let mut others = others.map(|it| it.path()).filter(|it| it != path);
        !others.any(|other| is_same_program(path, &other))
    }

    /// Windows does not remove a program that runs, by whichever of its names, but moves it: each into a folder of its own,
    /// because what is there runs as well.
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing is renamed back from there: the system clears that folder"
    )]
    fn set_aside(program: &Path) -> io::Result<()> {
        let name = program.file_name().unwrap_or_default();
        let folder = tempfile::Builder::new()
            .prefix("codeartifact-removed-")
            .tempdir()?;
        fs::rename(program, folder.path().join(name))?;
        let _ = folder.keep();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both names are of this test, as those of a release are of one file.
    #[test]
    fn links_to_a_program_that_runs_are_made_and_removed_without_a_trace() {
        let this = std::env::current_exe().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let links = ["npm", "npx"].map(|name| folder.path().join("bin").join(name));
        for link in &links {
            make(link, &this).unwrap();
            assert!(leads_to(link, &this));
        }
        assert!(make(&links[0], &this).is_err(), "what is there stays");
        for link in &links {
            remove(link).unwrap();
            assert!(!link.exists());
        }
        fs::remove_dir(folder.path().join("bin")).unwrap();
    }
}
