//! The program that a bare name means. Only Windows needs this: the system starts `npm.exe` by the name `npm`, and no
//! `npm.cmd`, which is how npm and its like come.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The suffixes of files that can be started by name alone, in the order of Windows' PATHEXT.
const SUFFIXES: [&str; 4] = ["com", "exe", "bat", "cmd"];

/// The file of that name in the directories of PATH; the name itself where the system finds it.
pub(super) fn find(name: &OsStr) -> OsString {
    #[expect(
        clippy::disallowed_methods,
        reason = "it is the command's own search path, and nothing of ours"
    )]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = cfg!(windows).then(|| find_in(name, &path)).flatten();
    found.map_or_else(|| name.to_owned(), PathBuf::into_os_string)
}

fn find_in(name: &OsStr, path: &OsStr) -> Option<PathBuf> {
    let is_bare = Path::new(name).components().count() == 1;
    let mut files = std::env::split_paths(path)
        .filter(|directory| is_bare && directory.is_absolute())
        .flat_map(|directory| {
            SUFFIXES.map(|suffix| {
                let mut file = directory.join(name).into_os_string();
                file.push(".");
                file.push(suffix);
                PathBuf::from(file)
            })
        });
    files.find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_script_of_the_command_line_is_found_by_its_name() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("npm.cmd");
        fs::write(&file, "").unwrap();
        let path = std::env::join_paths([Path::new("relative"), root.path()]).unwrap();
        assert_eq!(find_in("npm".as_ref(), &path), Some(file));
        for name in ["pnpm", "npm.cmd", "./npm"] {
            assert_eq!(find_in(name.as_ref(), &path), None, "{name}");
        }
    }
}
