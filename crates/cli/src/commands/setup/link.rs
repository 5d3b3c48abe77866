//! A program of ours under another name, by which a client looks for it: a symbolic link, or, where those need
//! rights that people do not have, a second name of the same file.

use std::fs;
use std::io;
use std::path::Path;

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

#[cfg(unix)]
mod system {
    pub(super) use std::os::unix::fs::symlink as link;
}

#[cfg(not(unix))]
mod system {
    pub(super) use std::fs::hard_link as link;
}
