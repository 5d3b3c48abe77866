//! Finds the lines of a `.yarnrc.yml` that give a registry its token, and what Yarn would do with the registries there. A line
//! of a form that `yaml` does not know is no credential, and a variable that it names gets no token.

use std::path::Path;

use codeartifact_auth::endpoint::Endpoint;

use super::command_line::Kind;
use super::credential::{Credential, CredentialValue};
use super::finder::{Finder, MOST_FOUND};
use super::found::{SettingsFile, Yarn};
use super::places::Places;
use super::yaml::{self, Mapping};
use crate::node::with_scheme;
use crate::setting::{Origin, Setting};

pub(super) use super::credential::YARNRC as FILE;

/// The path of our plugin in a project that has it.
pub(crate) const PLUGIN_IN_PROJECT: &str = ".yarn/plugins/codeartifact.cjs";

const TOKEN: &str = "npmAuthToken";
const REGISTRY: &str = "npmRegistryServer";
/// The default registry by a variable.
const BY_VARIABLE: &str = "YARN_NPM_REGISTRY_SERVER";
const ALWAYS_AUTH: &str = "npmAlwaysAuth";
/// Keys with a registry that top-level credentials are sent to.
const REGISTRIES: [&str; 2] = [REGISTRY, "npmPublishRegistry"];

/// A mapping, and the file that it is in.
type Read<'a> = (&'a Path, Mapping<'a>);

/// Keeps those of all files together: Yarn merges what they say of one scope.
pub(super) fn search(finder: &mut Finder<'_>, places: &Places) {
    let files = finder.search.read.iter();
    let files: Vec<_> = files.filter(|it| it.path.ends_with(FILE)).collect();
    let mappings = files.iter().flat_map(|it| mappings(it));
    let mappings: Vec<_> = mappings.collect();
    let yarn = yarn(&mappings, &files, finder);
    // A string over several lines could look like mappings.
    let is_understood = files.iter().all(|it| it.has_comments);
    let tokens = mappings
        .iter()
        .filter(|(_, it)| is_understood && it.path.last() == Some(&TOKEN));
    let found = tokens.filter_map(|(file, token)| {
        Some(Credential {
            endpoint: registry_of(token, &mappings, finder)?,
            origin: Origin::File((*file).to_owned(), Some(token.line)),
            value: CredentialValue::read(token.value)?,
            is_projects: !places.settings.iter().any(|it| it == file),
            client: Some(Kind::Yarn),
        })
    });
    let found: Vec<_> = found.collect();
    finder.search.silent = silent(&mappings, finder);
    finder.search.yarn_scopes = scopes(&mappings);
    finder.search.yarn = yarn;
    found.into_iter().for_each(|it| finder.keep_credential(it));
}

fn scopes(mappings: &[Read<'_>]) -> Vec<(String, String, Origin)> {
    let scopes = mappings.iter().filter_map(|(file, it)| match it.path[..] {
        ["npmScopes", scope, REGISTRY] => {
            let origin = Origin::File((*file).to_owned(), Some(it.line));
            Some((scope.to_owned(), it.value.to_owned(), origin))
        }
        _ => None,
    });
    scopes.take(MOST_FOUND).collect()
}

/// The entry for the default registry by which Yarn asks that anonymously for packages without a scope, whatever the top
/// level and variables say (4.18.1: `getAuthenticationConfiguration`).
fn silent(mappings: &[Read<'_>], finder: &Finder<'_>) -> Option<Origin> {
    let top = mappings.iter().find(|(_, it)| it.path == [REGISTRY]);
    let by_variable = finder.environment.in_any_case(BY_VARIABLE);
    let default = by_variable.or_else(|| top.map(|(_, it)| it.value.to_owned()));
    let default = finder.endpoint(&default?)?;
    let is_default = |registry: &str| {
        let endpoint = finder.endpoint(&with_scheme(registry));
        endpoint.is_some_and(|it| it.root() == default.root())
    };
    let entries = mappings.iter().filter(|(_, it)| match it.path[..] {
        ["npmRegistries", registry, _] => is_default(registry),
        _ => false,
    });
    let entries: Vec<_> = entries.collect();
    let sends = |it: &Mapping<'_>| it.path.last() == Some(&ALWAYS_AUTH) && it.value == "true";
    let (file, first) = entries.first()?;
    let is_silent = !entries.iter().any(|(_, it)| sends(it));
    is_silent.then(|| Origin::File((*file).to_owned(), Some(first.line)))
}

fn mappings(file: &SettingsFile) -> impl Iterator<Item = Read<'_>> {
    let mappings = yaml::mappings(&file.text).into_iter();
    mappings.map(|it| (file.path.as_path(), it))
}

fn yarn(mappings: &[Read<'_>], files: &[&SettingsFile], finder: &Finder<'_>) -> Yarn {
    let is_settings = |origin: &Origin| match origin {
        Origin::File(file, _) => file.ends_with(FILE),
        Origin::Variable(name) => name.eq_ignore_ascii_case(BY_VARIABLE),
        Origin::Option(_) => false,
    };
    let found = finder.search.found.iter();
    let by_variable = |it: &&Setting| matches!(it.origin, Origin::Variable(_));
    let ours: Vec<_> = found.filter(|it| is_settings(&it.origin)).collect();
    let top = |key: &str| {
        let mut mappings = mappings.iter();
        let found = mappings.find(|(_, it)| it.path == [key]);
        found.map(|(_, it)| it.value)
    };
    let default = top(REGISTRY).and_then(|url| finder.endpoint(url)).is_some();
    Yarn {
        is_ours: !ours.is_empty(),
        has_plugin: files.iter().any(|it| it.text.contains(PLUGIN_IN_PROJECT)),
        needs_always_auth: top(ALWAYS_AUTH).is_none() && (default || ours.iter().any(by_variable)),
    }
}

/// The one registry that a token is for; none if it is for others, too.
fn registry_of(
    token: &Mapping<'_>,
    mappings: &[Read<'_>],
    finder: &Finder<'_>,
) -> Option<Endpoint> {
    let registries: Vec<&str> = match token.path[..] {
        ["npmRegistries", registry, _] => vec![registry],
        // A file above or below may name another registry for the scope.
        ["npmScopes", scope, _] => {
            let is_scope = |it: &&Mapping<'_>| it.path == ["npmScopes", scope, REGISTRY];
            let mappings = mappings.iter().map(|(_, it)| it);
            mappings.filter(is_scope).map(|it| it.value).collect()
        }
        // Yarn sends it to every registry that has no credentials of its own.
        [_] => {
            let is_registry =
                |it: &&Mapping<'_>| it.path.last().is_some_and(|key| REGISTRIES.contains(key));
            let has_default = mappings.iter().any(|(_, it)| it.path == [REGISTRY]);
            let mappings = mappings.iter().map(|(_, it)| it);
            let all = mappings.filter(is_registry).map(|it| it.value);
            all.filter(|_| has_default).collect()
        }
        _ => Vec::new(),
    };
    let endpoints = registries
        .iter()
        .map(|url| finder.endpoint(&with_scheme(url)));
    let endpoints = endpoints.collect::<Option<Vec<_>>>()?;
    let first = endpoints.first()?;
    let is_same = |it: &Endpoint| it.domain == first.domain;
    endpoints.iter().all(is_same).then(|| first.clone())
}
