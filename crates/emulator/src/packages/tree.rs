//! The packages folder as it is on disk: named folders, and files in one fixed order.
//! Knows nothing about a format, and never writes.
//!
//! A folder whose name holds a range, `numbered-{01..20}`, stands for as many folders. The same text in the paths and
//! the contents below it becomes the number, so that a test of many packages needs one folder.

mod number;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use number::Number;

/// Build tools leave these behind in a source tree; they are never part of a package.
const LEFTOVERS: [&str; 3] = ["__pycache__", "node_modules", "target"];

/// One file of a package: its path with `/`, and what is in it.
pub(super) struct SourceFile {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

impl SourceFile {
    pub(super) fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            bytes: bytes.into(),
        }
    }

    pub(super) fn text(&self) -> anyhow::Result<&str> {
        std::str::from_utf8(&self.bytes).with_context(|| format!("{} is not UTF-8", self.path))
    }
}

/// The file at exactly `path`.
pub(super) fn find<'a>(files: &'a [SourceFile], path: &str) -> Option<&'a SourceFile> {
    files.iter().find(|file| file.path == path)
}

pub(super) struct Folder {
    name: String,
    path: PathBuf,
    number: Option<Number>,
}

impl Folder {
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        if !path.is_dir() {
            bail!("{} is not a folder", path.display());
        }
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Ok(Self {
            name,
            path: path.to_owned(),
            number: None,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The folders directly in this one, by name.
    pub(super) fn folders(&self) -> anyhow::Result<Vec<Self>> {
        let mut folders = Vec::new();
        for path in self.entries()?.into_iter().filter(|path| path.is_dir()) {
            folders.extend(self.expand(path)?);
        }
        Ok(folders)
    }

    /// The files directly in this folder, by name.
    pub(super) fn loose_files(&self) -> anyhow::Result<Vec<SourceFile>> {
        self.entries()?
            .into_iter()
            .filter(|path| path.is_file())
            .map(|path| self.read(&path, ""))
            .collect()
    }

    /// Every file below this folder, by path.
    pub(super) fn files(&self) -> anyhow::Result<Vec<SourceFile>> {
        let mut files = Vec::new();
        self.collect(&self.path, "", &mut files)?;
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }

    fn collect(
        &self,
        folder: &Path,
        prefix: &str,
        files: &mut Vec<SourceFile>,
    ) -> anyhow::Result<()> {
        for path in entries(folder)? {
            if path.is_dir() {
                self.collect(&path, &format!("{prefix}{}/", name_of(&path)?), files)?;
            } else {
                files.push(self.read(&path, prefix)?);
            }
        }
        Ok(())
    }

    fn read(&self, path: &Path, prefix: &str) -> anyhow::Result<SourceFile> {
        let bytes =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let file = SourceFile {
            path: format!("{prefix}{}", name_of(path)?),
            bytes,
        };
        Ok(match &self.number {
            Some(number) => number.apply(file),
            None => file,
        })
    }

    fn entries(&self) -> anyhow::Result<Vec<PathBuf>> {
        entries(&self.path)
    }

    /// The folders that `path` stands for; below a numbered folder, the one with that number.
    fn expand(&self, path: PathBuf) -> anyhow::Result<Vec<Self>> {
        let name = name_of(&path)?;
        if let Some(number) = &self.number {
            return Ok(vec![Self {
                name: number.replace(&name),
                path,
                number: Some(number.clone()),
            }]);
        }
        let numbers =
            Number::series(&name).with_context(|| format!("in the name of {}", path.display()))?;
        if numbers.is_empty() {
            return Ok(vec![Self {
                name,
                path,
                number: None,
            }]);
        }
        let numbered = |number: Number| Self {
            name: number.replace(&name),
            path: path.clone(),
            number: Some(number),
        };
        Ok(numbers.into_iter().map(numbered).collect())
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.path.display())
    }
}

/// Sorted, so that archives come out the same on every machine; hidden files and leftovers are skipped.
fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry
            .with_context(|| format!("cannot list {}", folder.display()))?
            .path();
        let name = name_of(&path)?;
        if path.is_symlink() {
            bail!(
                "{} is a symbolic link; packages are made of files and folders only",
                path.display()
            );
        }
        if !name.starts_with('.') && !LEFTOVERS.contains(&name.as_str()) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> anyhow::Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned)
        .with_context(|| format!("the name of {} is not UTF-8", path.display()))
}

#[cfg(test)]
pub(super) mod testing {
    use super::Folder;

    /// A throw-away folder with these files; it lives as long as the first value.
    pub(in super::super) fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, Folder) {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = directory.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let folder = Folder::open(directory.path()).unwrap();
        (directory, folder)
    }
}

#[cfg(test)]
mod tests {
    use super::testing::folder;
    use super::*;

    #[test]
    fn files_come_sorted_and_without_leftovers() {
        let files = [
            ("b/a.txt", ""),
            ("a.txt", ""),
            ("b.txt", ""),
            (".hidden", ""),
            ("b/__pycache__/a.pyc", ""),
        ];
        let (_keep, folder) = folder(&files);
        let paths: Vec<_> = folder
            .files()
            .unwrap()
            .into_iter()
            .map(|file| file.path)
            .collect();
        assert_eq!(paths, ["a.txt", "b.txt", "b/a.txt"]);
    }

    #[test]
    fn a_range_stands_for_many_folders() {
        let (_keep, folder) = folder(&[(
            "p-{08..10}/v{08..10}/m{08..10}.txt",
            "I am {08..10} of {1..2}",
        )]);
        let packages = folder.folders().unwrap();
        assert_eq!(
            packages.iter().map(Folder::name).collect::<Vec<_>>(),
            ["p-08", "p-09", "p-10"]
        );

        let version = packages[1].folders().unwrap().remove(0);
        let file = version.files().unwrap().remove(0);
        assert_eq!(version.name(), "v09");
        assert_eq!(
            (file.path.as_str(), file.text().unwrap()),
            ("m09.txt", "I am 09 of {1..2}")
        );
    }

    #[test]
    fn a_bad_tree_is_named() {
        let (directory, folder) = folder(&[("p-{a..b}/f", "")]);
        let error = format!("{:#}", folder.folders().err().unwrap());
        assert!(
            error.contains("p-{a..b}") && error.contains("not a range of numbers"),
            "{error}"
        );
        let missing = Folder::open(&directory.path().join("missing"))
            .err()
            .unwrap()
            .to_string();
        assert!(missing.ends_with("missing is not a folder"), "{missing}");
    }
}
