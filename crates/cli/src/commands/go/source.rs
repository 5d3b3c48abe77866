//! A module's directory, as Go packs it: which files belong to the module, and which names and sizes it may have.
//! Source: golang.org/x/mod/zip (`CreateFromDir`, `CheckFiles`), golang.org/x/mod/module (`CheckFilePath`).

use std::collections::BTreeMap;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use codeartifact_clients::error::UserError;

/// All files together, uncompressed.
const LARGEST: u64 = 500 << 20;

/// `go.mod` and `LICENSE`.
const LARGEST_TEXT: u64 = 16 << 20;

/// Folders of version control.
const OF_VERSION_CONTROL: [&str; 4] = [".bzr", ".git", ".hg", ".svn"];

/// Windows has no file of these names, whatever follows a dot.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A module as it will be packed.
#[derive(Debug)]
pub(super) struct ModuleSource {
    /// Its path, by go.mod.
    pub(super) module: String,
    pub(super) go_mod: Vec<u8>,
    /// Its files, by their paths with `/`.
    pub(super) files: BTreeMap<String, PathBuf>,
}

impl ModuleSource {
    pub(super) fn read(directory: &Path) -> anyhow::Result<Self> {
        let shown = directory.display();
        let go_mod = fs::read(directory.join("go.mod"))
            .with_context(|| format!("cannot read {}", directory.join("go.mod").display()))
            .map_err(|error| {
                UserError::new(format!(
                    "{error:#}\n  hint: name the directory of the module"
                ))
            })?;
        let module = named_by(&String::from_utf8_lossy(&go_mod)).ok_or_else(|| {
            UserError::new(format!("{shown}/go.mod does not say which module it is"))
        })?;
        let mut files = BTreeMap::new();
        collect(directory, "", &mut files)?;
        check(&files)?;
        Ok(Self {
            module,
            go_mod,
            files,
        })
    }
}

/// `module example.com/a`, perhaps quoted, perhaps with a comment.
fn named_by(go_mod: &str) -> Option<String> {
    let lines = go_mod
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default().trim());
    let mut names = lines.filter_map(|line| {
        let rest = line.strip_prefix("module")?;
        rest.starts_with([' ', '\t', '"', '`']).then_some(rest)
    });
    let name = names.next()?.trim().trim_matches(['"', '`']);
    (!name.is_empty()).then(|| name.to_owned())
}

fn collect(
    directory: &Path,
    below: &str,
    files: &mut BTreeMap<String, PathBuf>,
) -> anyhow::Result<()> {
    for entry in
        fs::read_dir(directory).with_context(|| format!("cannot list {}", directory.display()))?
    {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| {
            UserError::new(format!(
                "{}: a file of a module has a name in UTF-8",
                name.display()
            ))
        })?;
        let path = format!("{below}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && is_of_the_module(&entry, &path, &name) {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() && !is_vendored(&path) && path != ".hg_archival.txt" {
            files.insert(path, entry.path());
        }
    }
    Ok(())
}

/// Another module below this one is no part of it.
fn is_of_the_module(entry: &DirEntry, path: &str, name: &str) -> bool {
    !OF_VERSION_CONTROL.contains(&name)
        && !entry.path().join("go.mod").is_file()
        && !is_vendored(&format!("{path}/x"))
}

/// Tells whether a file is below a folder in `vendor`; `vendor/modules.txt` is not.
fn is_vendored(path: &str) -> bool {
    let below = path
        .strip_prefix("vendor/")
        .or_else(|| path.split_once("/vendor/").map(|(_, rest)| rest));
    below.is_some_and(|below| below.contains('/'))
}

fn check(files: &BTreeMap<String, PathBuf>) -> anyhow::Result<()> {
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    let mut left = LARGEST;
    for (name, file) in files {
        if let Some(reason) = fault_of(name) {
            return Err(UserError::new(format!("{name}: {reason}")).into());
        }
        for path in with_folders(name) {
            let other = *folded.entry(path.to_lowercase()).or_insert(path);
            if other != path {
                let text = format!("{other} and {path} are one where case does not count");
                return Err(UserError::new(text).into());
            }
        }
        let size = fs::metadata(file)?.len();
        if matches!(name.as_str(), "go.mod" | "LICENSE") && size > LARGEST_TEXT {
            return Err(UserError::new(format!("{name} has more than 16 MB, Go's limit")).into());
        }
        left = left.checked_sub(size).ok_or_else(|| {
            UserError::new("the module has more than 500 MB, Go's limit".to_owned())
        })?;
    }
    Ok(())
}

/// `a/b/c.go`, and the folders that it is in: `a` and `a/b`.
fn with_folders(path: &str) -> impl Iterator<Item = &str> {
    let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
    folders.chain(std::iter::once(path))
}

/// Tells whether Windows takes a name for a device.
pub(super) fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    DEVICES.contains(&stem.as_str())
}

/// Returns Go's objection to a file's path.
fn fault_of(path: &str) -> Option<&'static str> {
    path.split('/').find_map(|element| {
        let is_plain =
            |letter: char| letter.is_alphanumeric() || "!#$%&()+,-.=@[]^_{}~ ".contains(letter);
        if element.ends_with('.') {
            Some("Go takes no name that ends in a dot")
        } else if is_device(element) {
            Some("Windows has no file of that name, so Go takes none")
        } else if !element.chars().all(is_plain) {
            Some("Go does not take one of the characters in that name")
        } else if element.eq_ignore_ascii_case("go.mod") && element != "go.mod" {
            Some("it must be written go.mod")
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(files: &[(&str, &str)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        directory
    }

    #[test]
    fn the_files_of_a_module() {
        let directory = module(&[
            (
                "go.mod",
                "// Package a.\nmodule \"example.com/a\" // here\n\ngo 1.24\n",
            ),
            ("a.go", ""),
            ("inner/b.go", ""),
            ("inner/vendor/modules.txt", ""),
            ("inner/vendor/c/c.go", ""),
            ("other/go.mod", "module example.com/a/other\n"),
            ("other/d.go", ""),
            ("vendor/modules.txt", ""),
            ("vendor/example.com/e/e.go", ""),
            (".git/config", ""),
            (".github/workflow.yml", ""),
        ]);
        let source = ModuleSource::read(directory.path()).unwrap();
        assert_eq!(source.module, "example.com/a");
        let names: Vec<_> = source.files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                ".github/workflow.yml",
                "a.go",
                "go.mod",
                "inner/b.go",
                "inner/vendor/modules.txt",
                "vendor/modules.txt"
            ]
        );
    }

    /// Windows has no such files, or no second one beside those that are there.
    #[cfg(unix)]
    #[test]
    fn what_go_does_not_take() {
        let rows = [
            ("aux.go", "Windows has no file"),
            ("a:b.go", "one of the characters"),
            ("inner/GO.MOD", "must be written go.mod"),
            ("A.go", "are one where case does not count"),
            (
                "A.GO/b.go",
                "A.GO and a.go are one where case does not count",
            ),
        ];
        for (path, expected) in rows {
            let directory = module(&[
                ("go.mod", "module example.com/a\n"),
                ("a.go", ""),
                (path, ""),
            ]);
            let said = ModuleSource::read(directory.path())
                .unwrap_err()
                .to_string();
            assert!(said.contains(expected), "{path}: {said}");
        }
    }

    #[test]
    fn a_module_has_to_have_a_name() {
        let empty = module(&[]);
        let said = ModuleSource::read(empty.path()).unwrap_err().to_string();
        assert!(said.contains("go.mod") && said.contains("hint: "), "{said}");
        let unnamed = module(&[("go.mod", "go 1.24\n")]);
        let said = ModuleSource::read(unnamed.path()).unwrap_err().to_string();
        assert!(said.contains("does not say which module"), "{said}");
    }
}
