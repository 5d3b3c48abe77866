//! The real program behind a helper that stands in for it (linked as `npm`, `keyring`, …): the next one of that name on PATH;
//! `successor.rs` is how to become it. It never builds a path from anything but PATH and the name, and runs no shell. Entries
//! of PATH that are empty or relative are passed over, as Go does: what is there is the project's, not the user's.
//!
//! Our own program is recognized by file identity, since links and copies have other names. The search begins behind our own
//! place on PATH, so that two different versions of us cannot call each other for ever.

mod successor;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use crate::environment::{Environment, PATH};

pub use successor::{Successor, become_program};

/// The next `name` on PATH that is not the running program; a `name` with a slash is taken as it is.
pub fn find(name: &OsStr, environment: &Environment) -> Option<PathBuf> {
    if Path::new(name).components().count() > 1 {
        return Some(PathBuf::from(name));
    }
    find_in(name, &environment.variable(PATH).unwrap_or_default())
}

/// Looks in these directories instead of PATH.
pub fn find_in(name: &OsStr, search: &OsStr) -> Option<PathBuf> {
    let ourselves = std::env::current_exe().ok()?;
    let candidates = candidates(name, search);
    if is_sibling(name, &ourselves) {
        return candidates.into_iter().next();
    }
    behind(&candidates, &ourselves)
}

/// Tells whether a name is of another program of ours: a release may have one file under the names of all.
fn is_sibling(name: &OsStr, ourselves: &Path) -> bool {
    name.to_string_lossy().contains("codeartifact")
        && ourselves.file_stem() != Path::new(name).file_stem()
}

/// A program of ours by its own name: beside the running one, or on PATH. Where both are one, it is as PATH has it:
/// that place stays when versions change behind it.
pub fn beside_us(name: &str, environment: &Environment) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let ourselves = std::env::current_exe().ok();
    let beside = ourselves.map(|ourselves| ourselves.with_file_name(file));
    let beside = beside.filter(|path| is_executable(path));
    match (find(OsStr::new(name), environment), beside) {
        (Some(found), Some(beside)) if !is_same_program(&found, &beside) => Some(beside),
        (Some(found), _) => Some(found),
        (None, beside) => beside,
    }
}

/// Tells whether two paths lead to one program, through links or as copies. A copy has the same length and bytes: they
/// are read only if the length agrees, which for another program it practically never does.
pub fn is_same_program(one: &Path, other: &Path) -> bool {
    let length = |path| fs::metadata(path).ok().map(|found| found.len());
    is_same_file(one, other)
        || length(one).is_some() && length(one) == length(other) && is_same_text(one, other)
}

fn is_same_text(one: &Path, other: &Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let node = |path| {
        fs::metadata(path)
            .ok()
            .map(|found| (found.dev(), found.ino()))
    };
    node(one).is_some() && node(one) == node(other)
}

#[cfg(not(unix))]
fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

fn behind(candidates: &[PathBuf], ourselves: &Path) -> Option<PathBuf> {
    let is_us = |path: &&PathBuf| is_same_program(path, ourselves);
    let start = candidates.iter().position(|path| is_us(&path)).unwrap_or(0);
    candidates[start..]
        .iter()
        .find(|path| !is_us(path))
        .cloned()
}

/// Every executable of that name, in PATH's order.
fn candidates(name: &OsStr, search: &OsStr) -> Vec<PathBuf> {
    std::env::split_paths(search)
        .filter(|directory| directory.is_absolute())
        .flat_map(|directory| spellings(&directory.join(name), cfg!(windows)))
        .filter(|file| is_executable(file))
        .collect()
}

/// The suffixes of files that can be started by name alone, in the order of Windows' PATHEXT.
const RUNNABLE: [&str; 4] = [".com", ".exe", ".bat", ".cmd"];

/// The files that a name in a directory may mean: Windows finds `npm.cmd` for `npm`, and `python3.11.exe` for `python3.11`.
fn spellings(path: &Path, is_windows: bool) -> Vec<PathBuf> {
    let name = path.as_os_str().to_string_lossy().to_ascii_lowercase();
    if !is_windows || RUNNABLE.iter().any(|suffix| name.ends_with(suffix)) {
        return vec![path.to_owned()];
    }
    let with = |suffix| [path.as_os_str(), OsStr::new(suffix)].into_iter().collect();
    let files: [OsString; 4] = RUNNABLE.map(with);
    files.map(PathBuf::from).to_vec()
}

/// Tells whether a file can be run.
#[cfg(unix)]
pub fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// Tells whether a file can be run: by its name alone, where there are no permissions for that.
#[cfg(not(unix))]
pub fn is_executable(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod names {
    use super::*;

    #[test]
    fn windows_finds_a_name_with_each_suffix_that_it_runs() {
        let all = ["npm.com", "npm.exe", "npm.bat", "npm.cmd"];
        let dotted = [
            "python3.11.com",
            "python3.11.exe",
            "python3.11.bat",
            "python3.11.cmd",
        ];
        let rows: [(&str, bool, &[&str]); 6] = [
            ("npm", true, &all),
            ("python3.11", true, &dotted),
            ("npm.cmd", true, &["npm.cmd"]),
            ("NPM.EXE", true, &["NPM.EXE"]),
            ("npm", false, &["npm"]),
            ("python3.11", false, &["python3.11"]),
        ];
        for (name, is_windows, expected) in rows {
            let found = spellings(Path::new(name), is_windows);
            let expected: Vec<_> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    /// With the suffix of a program, and with a dot in its name.
    #[test]
    fn the_first_of_that_name_in_absolute_directories_is_found() {
        let root = tempfile::tempdir().unwrap();
        let file = format!("tool3.11{}", std::env::consts::EXE_SUFFIX);
        let directories = ["a", "b"].map(|it| root.path().join(it));
        for directory in &directories {
            fs::create_dir(directory).unwrap();
            // A copy of this test: something that runs on every system.
            fs::copy(std::env::current_exe().unwrap(), directory.join(&file)).unwrap();
            fs::OpenOptions::new()
                .append(true)
                .open(directory.join(&file))
                .and_then(|mut it| std::io::Write::write_all(&mut it, b"another program"))
                .unwrap();
        }
        let search = [Path::new("relative"), &directories[0], &directories[1]];
        let search = std::env::join_paths(search).unwrap();
        let found = find_in(OsStr::new("tool3.11"), &search);
        assert_eq!(found, Some(directories[0].join(file)));
        assert_eq!(find_in(OsStr::new("tool3.12"), &search), None);
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::token::Timestamp;

    /// Directories `a`, `b`, `c` on PATH, in this order.
    struct Shelf(tempfile::TempDir);

    impl Shelf {
        fn new() -> Self {
            let shelf = Self(tempfile::tempdir().unwrap());
            for name in ["a", "b", "c"] {
                fs::create_dir(shelf.0.path().join(name)).unwrap();
            }
            shelf
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn put(&self, name: &str, content: &str, mode: u32) {
            fs::write(self.path(name), content).unwrap();
            fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
        }

        fn environment(&self) -> Environment {
            let path = std::env::join_paths(["a", "b", "c"].map(|name| self.path(name))).unwrap();
            let path = path.to_str().unwrap();
            Environment::fixed(&[(PATH, path)], self.path("home"), Timestamp(0))
        }

        fn successor(&self, ourselves: &str) -> Option<String> {
            let search = self.environment().variable(PATH).unwrap();
            let candidates = candidates(OsStr::new("npm"), &search);
            let found = behind(&candidates, &self.path(ourselves))?;
            Some(
                found
                    .strip_prefix(self.0.path())
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
            )
        }
    }

    #[test]
    fn a_link_or_a_copy_of_ourselves_is_passed_over() {
        let shelf = Shelf::new();
        shelf.put("us", "us", 0o755);
        symlink(shelf.path("us"), shelf.path("a/npm")).unwrap();
        shelf.put("b/npm", "us", 0o755);
        assert_eq!(shelf.successor("us"), None);
        shelf.put("c/npm", "it", 0o755);
        assert_eq!(shelf.successor("us").as_deref(), Some("c/npm"));
    }

    #[test]
    fn another_program_of_ours_is_not_passed_over_though_it_is_the_same_file() {
        let rows = [
            ("codeartifact", "/opt/codeartifact-npm", true),
            ("codeartifact-npm", "/opt/codeartifact", true),
            ("codeartifact-npm", "/opt/codeartifact-npm", false),
            ("npm", "/opt/codeartifact-npm", false),
            // As Windows has them.
            ("codeartifact-npm", "/opt/codeartifact-npm.exe", false),
            ("codeartifact-npm.exe", "/opt/codeartifact-npm.exe", false),
            ("codeartifact-npm.exe", "/opt/codeartifact.exe", true),
        ];
        for (name, ourselves, expected) in rows {
            let found = is_sibling(OsStr::new(name), Path::new(ourselves));
            assert_eq!(found, expected, "{name} from {ourselves}");
        }
    }

    #[test]
    fn links_and_copies_are_one_program() {
        let shelf = Shelf::new();
        shelf.put("us", "us", 0o755);
        shelf.put("b/npm", "us", 0o755);
        shelf.put("c/npm", "it", 0o755);
        symlink(shelf.path("us"), shelf.path("a/npm")).unwrap();
        let rows = [
            ("a/npm", true),
            ("b/npm", true),
            ("c/npm", false),
            ("none", false),
        ];
        for (name, expected) in rows {
            assert_eq!(
                is_same_program(&shelf.path(name), &shelf.path("us")),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn the_search_begins_behind_our_own_place() {
        let shelf = Shelf::new();
        shelf.put("a/npm", "an older version of us", 0o755);
        shelf.put("b/npm", "us", 0o755);
        shelf.put("c/npm", "the real one", 0o755);
        assert_eq!(shelf.successor("b/npm").as_deref(), Some("c/npm"));
        assert_eq!(shelf.successor("a/npm").as_deref(), Some("b/npm"));
    }

    #[test]
    fn only_executable_files_count() {
        let shelf = Shelf::new();
        shelf.put("us", "us", 0o755);
        shelf.put("a/npm", "a text", 0o644);
        fs::create_dir(shelf.path("b/npm")).unwrap();
        shelf.put("c/npm", "the real one", 0o755);
        assert_eq!(shelf.successor("us").as_deref(), Some("c/npm"));
    }

    #[test]
    fn nothing_of_the_working_directory_is_found() {
        let shelf = Shelf::new();
        shelf.put("a/npm", "the real one", 0o755);
        let real = shelf.path("a/npm");
        for before in ["", ".", "..", "bin", "./bin"] {
            let search = format!("{before}:{}", shelf.path("a").display());
            let found = candidates(OsStr::new("npm"), OsStr::new(&search));
            assert_eq!(found, std::slice::from_ref(&real), "{before:?}");
        }
        let inside = std::env::current_dir().unwrap();
        assert!(inside.join("Cargo.toml").exists());
        assert_eq!(
            candidates(OsStr::new("Cargo.toml"), OsStr::new(":.")),
            [] as [PathBuf; 0]
        );
    }

    #[test]
    fn a_path_is_taken_as_it_is() {
        let found = find(OsStr::new("./npm"), &Shelf::new().environment());
        assert_eq!(found.as_deref(), Some(Path::new("./npm")));
    }
}
