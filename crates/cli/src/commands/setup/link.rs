//! A program of ours under another name, by which a client looks for it: a symbolic link, or, where those need
//! rights that people do not have, a second name of the same file.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use codeartifact_auth::environment::Environment;
use codeartifact_auth::successor;

use crate::output::Hindrance;

/// The program of the npm family.
pub(super) const NPM: &str = "codeartifact-npm";

/// Makes `path` lead to `program`. Directories that are missing are made; what is there already stays.
///
/// # Errors
/// Something is there, or nothing can be made.
pub(super) fn make(path: &Path, program: &Path) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    system::link(program, path)
}

/// Whether a link at `path` leads to `program` already.
pub(super) fn leads_to(path: &Path, program: &Path) -> bool {
    match fs::read_link(path) {
        Ok(target) => target == program,
        Err(_) => path.exists() && is_same(path, program),
    }
}

/// Where a program of ours lies: beside this one, by the name that PATH has for it, which outlives the next version.
///
/// # Errors
/// It is not installed.
pub(super) fn program(name: &str, environment: &Environment) -> anyhow::Result<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe()?.with_file_name(file);
    let on_path = successor::find(OsStr::new(name), environment);
    match on_path {
        Some(found) if !beside.exists() || is_same(&found, &beside) => Ok(found),
        _ if beside.exists() => Ok(beside),
        _ => Err(Hindrance::new(&format!(
            "`{name}` is neither beside `codeartifact` nor on PATH; install it first"
        ))
        .into()),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

#[cfg(unix)]
mod system {
    pub(super) use std::os::unix::fs::symlink as link;
}

#[cfg(not(unix))]
mod system {
    pub(super) use std::fs::hard_link as link;
}
