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
    pub(super) use std::os::unix::fs::symlink as link;
}

#[cfg(not(unix))]
mod system {
    use std::fs;
    use std::io;
    use std::path::Path;

    use codeartifact_auth::minter::POINTER;

    /// A second name does not say where the first one is, so a file beside it does: a helper starts the `codeartifact`
    /// there. Another drive can only have a copy.
    pub(super) fn link(program: &Path, path: &Path) -> io::Result<()> {
        fs::hard_link(program, path).or_else(|_| fs::copy(program, path).map(drop))?;
        let folder = program.parent().unwrap_or(Path::new("."));
        fs::write(
            path.with_file_name(POINTER),
            format!("{}\n", folder.display()),
        )
    }
}
