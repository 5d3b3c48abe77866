//! Registries in `.npmrc` files: `registry=` and `@scope:registry=`. And tokens where they should not be.

use std::path::Path;

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;

use super::places::Places;
use super::{Search, names_registry, read, scope_of};
use crate::node::expand::expand;
use crate::node::npmrc::{Document, Entry, holds_token, token_key};
use crate::setting::Origin;

/// Looks through one `.npmrc`.
pub(super) fn search(search: &mut Search<'_>, file: &Path, environment: &Environment) {
    for (line, entry) in entries(search, file) {
        consider(
            search,
            &entry,
            Origin::File(file.to_owned(), Some(line)),
            environment,
        );
    }
}

/// Looks through a project's `.npmrc`, in which a token would win over the fresh one in the user's.
pub(super) fn search_project(
    search: &mut Search<'_>,
    file: &Path,
    places: &Places,
    environment: &Environment,
) {
    if places.is_the_users(file) {
        return;
    }
    for (line, entry) in entries(search, file) {
        let origin = Origin::File(file.to_owned(), Some(line));
        warn_of_token(search, &entry, &origin, environment);
        consider(search, &entry, origin, environment);
    }
}

fn entries(search: &mut Search<'_>, file: &Path) -> Vec<(usize, Entry)> {
    let Some(bytes) = read(file) else {
        return Vec::new();
    };
    match Document::parse(&bytes) {
        Ok(document) => document.entries().collect(),
        Err(error) => {
            search.remark(format!("{} is {error}", file.display()));
            Vec::new()
        }
    }
}

fn consider(search: &mut Search<'_>, entry: &Entry, origin: Origin, environment: &Environment) {
    if let Some(value) = entry.value.as_ref().filter(|_| names_registry(&entry.key)) {
        let url = expand(&value.text, environment);
        search.consider(scope_of(&entry.key), &url, origin);
    }
}

fn warn_of_token(
    search: &mut Search<'_>,
    entry: &Entry,
    origin: &Origin,
    environment: &Environment,
) {
    let Some(registry) = token_key(entry) else {
        return;
    };
    if Endpoint::parse(&format!("https:{registry}"), search.hosts).is_err() {
        return;
    }
    if holds_token(entry) {
        search.remark(format!(
            "{origin} has a token of its own for {registry}, which wins over the fresh one and may get committed; \
             delete that line"
        ));
    } else if !is_defined(entry, environment) {
        search.remark(format!(
            "{origin} takes the token for {registry} from a variable that is not set, which wins over the fresh one; \
             delete that line"
        ));
    }
}

fn is_defined(entry: &Entry, environment: &Environment) -> bool {
    let value = entry.value.as_ref();
    value.is_some_and(|value| !expand(&value.text, environment).contains("${"))
}
