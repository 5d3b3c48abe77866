//! Registries that packages are published to, by `publishConfig` in their `package.json`. They are looked for on the way
//! to a `publish` alone: for any other command that file is a stranger's word.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files::read;
use super::finder::Finder;
use super::names::{names_registry, scope_of};
use crate::setting::{Origin, Setting};

const PACKAGE: &str = "package.json";
/// Workspaces are this far below the directory at most: `packages/@my-scope/my-package`.
const DEPTH: usize = 3;
/// No project has packages in more directories.
const MOST_FOLDERS: usize = 2000;

/// Looks through the packages that a command here may publish: this one, and the workspaces below it.
pub(super) fn search(finder: &mut Finder<'_>, directories: &[PathBuf]) {
    let is_package = |it: &&PathBuf| it.join(PACKAGE).exists();
    let Some(package) = directories.iter().find(is_package) else {
        return;
    };
    let mut folders = vec![(package.clone(), 0)];
    let mut next = 0;
    while let Some((folder, depth)) = folders.get(next).cloned() {
        next += 1;
        let file = folder.join(PACKAGE);
        let found = registries(&file).into_iter().filter_map(|(key, url)| {
            let endpoint = finder.endpoint(&url)?;
            finder.search.note_slash(&url, &endpoint);
            Some(Setting {
                name: scope_of(&key).map(str::to_owned),
                endpoint,
                origin: Origin::File(file.clone(), None),
            })
        });
        let found: Vec<_> = found.collect();
        finder.search.published_to.extend(found);
        if depth < DEPTH && folders.len() < MOST_FOLDERS {
            folders.extend(below(&folder).map(|it| (it, depth + 1)));
        }
    }
}

fn registries(file: &Path) -> Vec<(String, String)> {
    let package: Option<Value> = read(file).and_then(|it| serde_json::from_slice(&it).ok());
    let entries = package
        .as_ref()
        .and_then(|it| it["publishConfig"].as_object());
    let named = entries.into_iter().flatten().filter_map(|(key, value)| {
        let is_named = names_registry(key);
        is_named.then_some((key.clone(), value.as_str()?.to_owned()))
    });
    named.collect()
}

/// Links are not followed: npm's workspaces are folders.
fn below(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|it| it.file_type().is_ok_and(|it| it.is_dir()));
    folders.filter_map(|it| {
        let name = it.file_name();
        let name = name.to_string_lossy();
        (name != "node_modules" && !name.starts_with('.')).then(|| it.path())
    })
}
