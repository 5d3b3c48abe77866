//! Registries and tokens in `.npmrc` files: `registry=`, `@scope:registry=`, `//host/path/:_authToken=`.

use std::path::Path;

use super::credential::{Credential, CredentialValue};
use super::finder::Finder;
use super::folder::Folder;
use super::names::{names_registry, scope_of};
use super::places::Places;
use crate::node::expand::expand;
use crate::node::npmrc::{self, Document, Entry, token_key};
use crate::setting::Origin;

/// Names the root of a monorepo of Rush.
const RUSH: &str = "rush.json";
/// The `.npmrc` that Rush gives the client that it starts.
pub(crate) const RUSH_NPMRC: &str = "common/config/rush/.npmrc";
/// Rush makes the `.npmrc` of its own installations from the first, and publishes by the second.
const OF_RUSH: [&str; 2] = [RUSH_NPMRC, "common/config/rush/.npmrc-publish"];

/// Looks through one of the user's files.
pub(super) fn search_user(finder: &mut Finder<'_>, file: &Path) {
    search(finder, file, false);
}

/// Looks through a project's files, in which a token would win over the fresh one in the user's.
pub(super) fn search_project(finder: &mut Finder<'_>, folder: &Folder, places: &Places) {
    let of_rush = folder.file(RUSH).map(|_| OF_RUSH);
    for name in [".npmrc"].into_iter().chain(of_rush.into_iter().flatten()) {
        let file = folder.file(name);
        if let Some(file) = file.filter(|file| !places.is_the_users(file)) {
            search(finder, &file, true);
        }
    }
}

fn search(finder: &mut Finder<'_>, file: &Path, is_projects: bool) {
    let Some(bytes) = finder.read(file, is_projects) else {
        return;
    };
    match Document::parse(&bytes) {
        Ok(document) => {
            for (line, entry) in document.entries() {
                let origin = Origin::File(file.to_owned(), Some(line));
                consider(finder, &entry, origin, is_projects);
            }
        }
        Err(error) => finder
            .search
            .remark(format!("{} is {error}", file.display())),
    }
    let text = npmrc::text(&bytes).into_owned();
    finder.keep(file, text, true, is_projects);
}

fn consider(finder: &mut Finder<'_>, entry: &Entry, origin: Origin, is_projects: bool) {
    let value = entry.value.as_ref().map(|value| value.text.as_str());
    // npm expands keys, too.
    if let Some(registry) = token_key(entry) {
        let endpoint = finder.endpoint(&format!("https:{registry}"));
        let value = CredentialValue::read(value.unwrap_or_default());
        if let (Some(endpoint), Some(value)) = (endpoint, value) {
            finder.keep_credential(Credential {
                endpoint,
                origin,
                value,
                is_projects,
                client: None,
            });
        }
        return;
    }
    let key = expand(&entry.key, finder.environment);
    if let Some(value) = value.filter(|_| names_registry(&key)) {
        finder.consider_setting(scope_of(&key), value, origin);
    }
}
