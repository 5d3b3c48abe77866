//! Finds a project's settings of uv: in the root of the workspace that this directory's project is a member of, and
//! nowhere else. A `uv.toml` there hides the table of `pyproject.toml`.
//!
//! Source: uv's documentation, "Using workspaces"; tried with uv 0.13.

use std::path::{Path, PathBuf};

use toml_edit::{Document, Item};

use crate::here::{self, Here, NamedText};
use crate::python::project::{PYPROJECT, shown};
use crate::toml;

const UV_TOML: &str = "uv.toml";

/// The file that a setup changes.
pub(super) fn file(here: &Here<'_>) -> Option<PathBuf> {
    let root = root(here)?;
    let name = [UV_TOML, PYPROJECT].into_iter();
    let name = name.clone().find(|name| root.join(name).is_file())?;
    Some(shown(&root, name, here))
}

pub(super) fn uv_toml(here: &Here<'_>) -> Option<NamedText> {
    here::read(&root(here)?.join(UV_TOML))
}

pub(super) fn pyproject(here: &Here<'_>) -> Option<NamedText> {
    here::read(&root(here)?.join(PYPROJECT))
}

fn root(here: &Here<'_>) -> Option<PathBuf> {
    let folders = here.directories();
    let has_settings = |folder: &&PathBuf| {
        let mut names = [UV_TOML, PYPROJECT].into_iter();
        names.any(|name| folder.join(name).is_file())
    };
    let project = folders.iter().find(has_settings)?;
    let above = folders.iter().skip_while(|folder| *folder != project);
    let mut workspaces = above.filter_map(|folder| Some((folder, workspace(folder)?)));
    match workspaces.next() {
        Some((root, workspace)) if has_member(&workspace, root, project) => Some(root.clone()),
        _ => Some(project.clone()),
    }
}

fn workspace(folder: &Path) -> Option<Item> {
    let file = here::read(&folder.join(PYPROJECT))?;
    let document = Document::parse(file.text).ok()?;
    toml::at(&document, &["tool", "uv", "workspace"]).cloned()
}

fn has_member(workspace: &Item, root: &Path, project: &Path) -> bool {
    let Ok(path) = project.strip_prefix(root) else {
        return false;
    };
    let matches = |key: &str| {
        let patterns = workspace.get(key).and_then(Item::as_array);
        let mut patterns = patterns.into_iter().flatten();
        patterns.any(|it| is_match(it.as_str().unwrap_or_default(), path))
    };
    path.as_os_str().is_empty() || matches("members") && !matches("exclude")
}

/// As uv's glob has it: `*` within one folder's name, `**` for any folders.
fn is_match(pattern: &str, path: &Path) -> bool {
    let names: Vec<_> = path
        .iter()
        .map(|it| it.to_string_lossy().into_owned())
        .collect();
    let pieces: Vec<_> = pattern
        .split('/')
        .filter(|it| !it.is_empty() && *it != ".")
        .collect();
    match_folders(&pieces, &names)
}

fn match_folders(pieces: &[&str], names: &[String]) -> bool {
    match (pieces.split_first(), names.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), _) => {
            match_folders(rest, names)
                || names
                    .split_first()
                    .is_some_and(|(_, names)| match_folders(pieces, names))
        }
        (Some((piece, pieces)), Some((name, names))) => {
            match_name(piece, name) && match_folders(pieces, names)
        }
        _ => false,
    }
}

fn match_name(piece: &str, name: &str) -> bool {
    let Some((start, rest)) = piece.split_once('*') else {
        return piece == name;
    };
    let Some(name) = name.strip_prefix(start) else {
        return false;
    };
    (0..=name.len()).any(|at| name.is_char_boundary(at) && match_name(rest, &name[at..]))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use codeartifact_auth::environment::Environment;
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn settings_are_those_of_the_workspaces_root() {
        let home = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = home.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        let workspace = "[tool.uv.workspace]\nmembers = [\"packages/*\", \"libs/**\"]\nexclude = [\"packages/old\"]\n";
        write("r/pyproject.toml", workspace);
        for member in [
            "packages/a",
            "packages/old",
            "libs/x/y",
            "tools/b",
            "packages/a/src",
        ] {
            write(&format!("r/{member}/pyproject.toml"), "[project]\n");
        }
        write("s/uv.toml", "");
        write("s/pyproject.toml", "[project]\n");
        fs::create_dir_all(home.path().join("s/deep")).unwrap();
        let rows = [
            ("r", "pyproject.toml"),
            ("r/packages/a", "r/pyproject.toml"),
            ("r/packages/old", "pyproject.toml"),
            ("r/libs/x/y", "r/pyproject.toml"),
            ("r/tools/b", "pyproject.toml"),
            ("r/packages/a/src", "pyproject.toml"),
            ("s/deep", "s/uv.toml"),
        ];
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        for (folder, expected) in rows {
            let here = Here::at(home.path().join(folder), &environment);
            let found = file(&here).unwrap();
            let found = found.strip_prefix(home.path()).unwrap_or(&found);
            assert_eq!(found, Path::new(expected), "{folder}");
        }
        let here = Here::at(home.path().to_owned(), &environment);
        assert_eq!(file(&here), None);
    }
}
