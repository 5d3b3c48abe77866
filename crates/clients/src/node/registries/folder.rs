//! A directory of the project, and which of the files that clients read it may have: one listing instead of a dozen
//! attempts to open what is not there.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// A directory with more entries is not listed to its end: opening the files by name is quicker then.
const LISTED: usize = 512;

/// A directory.
pub(super) struct Folder {
    path: PathBuf,
    /// `None` where they were too many, or cannot be listed.
    names: Option<Vec<OsString>>,
}

impl Folder {
    pub(super) fn at(path: &Path) -> Self {
        let names = fs::read_dir(path).ok().map(|entries| {
            let names = entries.flatten().map(|entry| entry.file_name());
            names.take(LISTED).collect::<Vec<_>>()
        });
        Self {
            path: path.to_owned(),
            names: names.filter(|names| names.len() < LISTED),
        }
    }

    /// The path of a file, if it may be there.
    pub(super) fn file(&self, name: &str) -> Option<PathBuf> {
        let first = name.split('/').next().unwrap_or(name);
        let is_there = |names: &Vec<OsString>| names.iter().any(|it| it.as_os_str() == first);
        self.names
            .as_ref()
            .is_none_or(is_there)
            .then(|| self.path.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_may_be_there() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        assert_eq!(Folder::at(path).file(".npmrc"), None);
        fs::write(path.join(".npmrc"), "").unwrap();
        fs::create_dir(path.join("common")).unwrap();
        let folder = Folder::at(path);
        assert_eq!(folder.file(".npmrc"), Some(path.join(".npmrc")));
        assert_eq!(folder.file("package.json"), None);
        assert_eq!(
            folder.file("common/.npmrc"),
            Some(path.join("common/.npmrc"))
        );
        for number in 0..LISTED {
            fs::write(path.join(number.to_string()), "").unwrap();
        }
        assert!(Folder::at(path).file("package.json").is_some());
        assert!(
            Folder::at(&path.join("none"))
                .file("package.json")
                .is_some()
        );
    }
}
