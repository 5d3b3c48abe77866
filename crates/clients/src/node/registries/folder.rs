//! A directory of the project, and which of the files that clients read it may have: one listing instead of a dozen
//! attempts to open what is not there.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::command_line::Kind;
use super::files::read_text;

/// A directory with more entries is not listed to its end: opening the files by name is quicker then.
const LISTED: usize = 512;

/// Bun and Yarn load such files of a project into the environment, and expand variables in them.
const ENVIRONMENT_FILES: &str = ".env";

/// A directory.
pub(super) struct Folder {
    path: PathBuf,
    /// `None` where they were too many, or cannot be listed.
    names: Option<Vec<OsString>>,
}

impl Folder {
    pub(super) fn at(path: &Path) -> Self {
        let names = names(path).map(|names| names.take(LISTED).collect::<Vec<_>>());
        Self {
            path: path.to_owned(),
            names: names.filter(|names| names.len() < LISTED),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.file(name).is_some_and(|path| path.exists())
    }

    /// Tells if packages in here may be parts of one workspace.
    pub(super) fn is_of_a_workspace(&self) -> bool {
        let of_package = || {
            let text = self.file("package.json").and_then(|it| read_text(&it));
            text.is_some_and(|text| text.contains("\"workspaces\""))
        };
        self.has("pnpm-workspace.yaml") || self.has("rush.json") || of_package()
    }

    /// The files that Bun and Yarn load into the environment.
    pub(super) fn environment_files(&self) -> Vec<PathBuf> {
        let is_one = |name: &&OsString| name.to_string_lossy().starts_with(ENVIRONMENT_FILES);
        let all: Vec<_>;
        let listed = match &self.names {
            Some(names) => names,
            None => {
                all = names(&self.path).into_iter().flatten().collect();
                &all
            }
        };
        let found = listed.iter().filter(is_one);
        found.map(|name| self.path.join(name)).collect()
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

fn names(directory: &Path) -> Option<impl Iterator<Item = OsString> + use<>> {
    let entries = fs::read_dir(directory).ok()?;
    Some(entries.flatten().map(|entry| entry.file_name()))
}

/// Returns how many of these directories, nearest first, have an `.npmrc` that the client reads in any case. Yarn 1 reads
/// those of all, and so may a program that starts any client. The others read that of the package, and of its workspace
/// (npm's documentation of `.npmrc`, pnpm's of its settings): who can write above a project leads none of its tokens.
pub(super) fn reach(folders: &[Folder], kind: Option<Kind>) -> usize {
    if matches!(kind, None | Some(Kind::Yarn)) {
        return folders.len();
    }
    let is_package = |folder: &Folder| {
        let marks = ["package.json", "node_modules"];
        marks.iter().any(|name| folder.has(name))
    };
    let nearest = folders.iter().position(is_package).unwrap_or_default();
    nearest + 1
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
