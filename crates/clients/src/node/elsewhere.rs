//! Scopes that an `.npmrc`, or Yarn's own file, leads past CodeArtifact: their packages are no matter of ours, and whoever asks
//! why one of them fails should hear where it comes from.

use std::collections::BTreeMap;

use super::tokens::Entries;
use crate::here::Here;

/// A registry, and the file and line that name it.
type Named = (String, String);

/// `@a comes from https://registry.example.com/ (.npmrc:2)`, for each of them.
pub(super) fn of_npmrc(here: &Here<'_>) -> Option<String> {
    let (_, search) = here.registries().ok()?;
    let users = search.token_files.npmrc.clone();
    let projects = here
        .directories()
        .into_iter()
        .map(|it| it.join(super::NPMRC));
    // The nearest file wins, and the last line of a file.
    let mut found = BTreeMap::new();
    for file in projects.chain([users]) {
        let name = file.display().to_string();
        for (line, key, url) in Entries::read(&file).0.into_iter().rev() {
            let scope = key.strip_suffix(":registry").map(str::to_owned);
            if let Some(scope) = scope.filter(|it| it.starts_with('@')) {
                let place = format!("{name}:{line}");
                found.entry(scope).or_insert((url, place));
            }
        }
    }
    in_words(found, here)
}

/// The same of Yarn 2 and later, which has scopes in its own file.
pub(super) fn of_yarn(here: &Here<'_>) -> Option<String> {
    let (_, search) = here.registries().ok()?;
    let mut found = BTreeMap::new();
    for (scope, url, origin) in &search.yarn_scopes {
        let named = (url.clone(), origin.to_string());
        found.entry(format!("@{scope}")).or_insert(named);
    }
    in_words(found, here)
}

fn in_words(mut found: BTreeMap<String, Named>, here: &Here<'_>) -> Option<String> {
    // The value of a variable is not known here.
    found.retain(|_, (url, _)| !here.is_ours(url) && !url.contains('$'));
    let told = found.iter();
    let told = told.map(|(scope, (url, place))| format!("{scope} comes from {url} ({place})"));
    let told: Vec<_> = told.collect();
    (!told.is_empty()).then(|| told.join(" and "))
}
