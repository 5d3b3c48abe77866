//! Which lines of a `.yarnrc.yml` give a registry its token. YAML, of which only mappings in block style are understood:
//! a line of any other form is no credential, and a variable that it names gets no token.

use std::path::Path;

use codeartifact_auth::endpoint::Endpoint;

use super::credential::{Credential, CredentialValue};
use super::{Finder, Places, Yarn};
use crate::node::with_scheme;
use crate::node::yarn_plugin::IN_PROJECT;
use crate::setting::{Origin, Setting};

pub(super) const FILE: &str = ".yarnrc.yml";

const TOKEN: &str = "npmAuthToken";
const REGISTRY: &str = "npmRegistryServer";
/// The default registry by a variable.
const BY_VARIABLE: &str = "YARN_NPM_REGISTRY_SERVER";
const ALWAYS_AUTH: &str = "npmAlwaysAuth";
/// Keys with a registry that top-level credentials are sent to.
const REGISTRIES: [&str; 2] = [REGISTRY, "npmPublishRegistry"];

/// `key: value`, with the keys above it.
struct Mapping<'a> {
    line: usize,
    file: &'a Path,
    path: Vec<&'a str>,
    value: &'a str,
}

/// Keeps those of all files together: Yarn merges what they say of one scope.
pub(super) fn search(finder: &mut Finder<'_>, places: &Places) {
    let files = finder.search.read.iter();
    let files: Vec<_> = files.filter(|it| it.path.ends_with(FILE)).collect();
    // A string over several lines could look like mappings.
    if files.iter().any(|it| !it.has_comments) {
        return;
    }
    let mappings = files.iter().flat_map(|it| mappings(&it.path, &it.text));
    let mappings: Vec<_> = mappings.collect();
    let tokens = mappings.iter().filter(|it| it.path.last() == Some(&TOKEN));
    let found = tokens.filter_map(|token| {
        Some(Credential {
            endpoint: registry_of(token, &mappings, finder)?,
            origin: Origin::File(token.file.to_owned(), Some(token.line)),
            value: CredentialValue::read(token.value)?,
            is_projects: !places.settings.iter().any(|it| it == token.file),
        })
    });
    let found: Vec<_> = found.collect();
    let yarn = yarn(&mappings, finder);
    finder.search.yarn = yarn;
    finder.search.credentials.extend(found);
}

fn yarn(mappings: &[Mapping<'_>], finder: &Finder<'_>) -> Option<Yarn> {
    let is_settings = |origin: &Origin| match origin {
        Origin::File(file, _) => file.ends_with(FILE),
        Origin::Variable(name) => name.eq_ignore_ascii_case(BY_VARIABLE),
        Origin::Option(_) => false,
    };
    let found = finder.search.found.iter();
    let by_variable = |it: &&Setting| matches!(it.origin, Origin::Variable(_));
    let ours: Vec<_> = found.filter(|it| is_settings(&it.origin)).collect();
    let top = |key: &str| {
        mappings
            .iter()
            .find(|it| it.path == [key])
            .map(|it| it.value)
    };
    let default = top(REGISTRY).and_then(|url| finder.endpoint(url)).is_some();
    let mut files = finder
        .search
        .read
        .iter()
        .filter(|it| it.path.ends_with(FILE));
    (!ours.is_empty()).then(|| Yarn {
        has_plugin: files.any(|it| it.text.contains(IN_PROJECT)),
        needs_always_auth: top(ALWAYS_AUTH).is_none() && (default || ours.iter().any(by_variable)),
    })
}

/// The one registry that a token is for; none if it is for others, too.
fn registry_of(
    token: &Mapping<'_>,
    mappings: &[Mapping<'_>],
    finder: &Finder<'_>,
) -> Option<Endpoint> {
    let registries: Vec<&str> = match token.path[..] {
        ["npmRegistries", registry, _] => vec![registry],
        // A file above or below may name another registry for the scope.
        ["npmScopes", scope, _] => {
            let is_scope = |it: &&Mapping<'_>| it.path == ["npmScopes", scope, REGISTRY];
            mappings
                .iter()
                .filter(is_scope)
                .map(|it| it.value)
                .collect()
        }
        // Yarn sends it to every registry that has no credentials of its own.
        [_] => {
            let is_registry =
                |it: &&Mapping<'_>| it.path.last().is_some_and(|key| REGISTRIES.contains(key));
            let has_default = mappings.iter().any(|it| it.path == [REGISTRY]);
            let all = mappings.iter().filter(is_registry).map(|it| it.value);
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

fn mappings<'a>(file: &'a Path, text: &'a str) -> Vec<Mapping<'a>> {
    let mut above: Vec<(usize, &str)> = Vec::new();
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - content.len();
        above.retain(|(other, _)| *other < indent);
        if let Some((key, value)) = mapping(content) {
            above.push((indent, key));
            found.push(Mapping {
                line: at + 1,
                file,
                path: above.iter().map(|(_, key)| *key).collect(),
                value,
            });
        }
    }
    found
}

/// Key and value without quotes; the key may have a colon in it, as that of a registry has.
fn mapping(content: &str) -> Option<(&str, &str)> {
    let content = content.split(" #").next().unwrap_or(content).trim_end();
    let (key, value) = match content.strip_suffix(':') {
        Some(key) => (key, ""),
        None => content.split_once(": ")?,
    };
    let bare = |text: &'_ str| -> Option<std::ops::Range<usize>> {
        let trimmed = text.trim();
        let start = text.len() - text.trim_start().len();
        let quoted = ['"', '\'']
            .iter()
            .any(|it| trimmed.len() > 1 && trimmed.starts_with(*it) && trimmed.ends_with(*it));
        let odd = !quoted
            && trimmed.starts_with([
                '"', '\'', '{', '[', '&', '*', '!', '|', '>', '?', '-', '%', '@',
            ]);
        let inset = usize::from(quoted);
        (!odd).then_some(start + inset..start + trimmed.len() - inset)
    };
    Some((&key[bare(key)?], &value[bare(value)?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_with_the_keys_above_it() {
        let text = "npmScopes:\n  a: # x\n    npmAuthToken: \"${T}\"\n  b:\n    npmAuthToken: x # y\nplugins:\n  - path: z\nnpmRegistries:\n  \"https://h/\":\n    npmAuthToken: '1'\n  //h/r:\n    npmAuthToken: 2\n";
        let found: Vec<_> = mappings(Path::new(FILE), text)
            .into_iter()
            .filter(|it| !it.value.is_empty())
            .map(|it| format!("{} {} {}", it.line, it.path.join("."), it.value))
            .collect();
        assert_eq!(
            found,
            [
                "3 npmScopes.a.npmAuthToken ${T}",
                "5 npmScopes.b.npmAuthToken x",
                "10 npmRegistries.https://h/.npmAuthToken 1",
                "12 npmRegistries.//h/r.npmAuthToken 2",
            ]
        );
    }

    #[test]
    fn other_forms_are_no_mapping() {
        for content in [
            "- a: b",
            "? a",
            "a: {b: c}",
            "a: &x b",
            "a: |",
            "\"a: b",
            "a",
        ] {
            assert_eq!(mapping(content), None, "{content}");
        }
    }
}
