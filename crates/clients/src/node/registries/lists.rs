//! Registries in lock files and `package.json`: `resolved`, `publishConfig`, a dependency by URL. In time that grows with
//! the length of the file alone, whatever is in it.
//!
//! Not a parser for any of them. They add repositories of domains that a settings file names, and no domain: whoever
//! wrote the lock file of a public project must not decide for whom AWS is asked.

use std::path::Path;

use codeartifact_auth::endpoint::Endpoint;
use memchr::memmem;

use super::files::read_text;
use super::finder::Finder;
use super::folder::Folder;
use super::names::MARK;
use super::text::url_around;
use crate::node::with_scheme;
use crate::setting::Origin;

/// It may name a registry in any text; a lock file names those that packages come from.
const PACKAGE: &str = "package.json";

const LISTS: &[&str] = &[
    PACKAGE,
    "npm-shrinkwrap.json",
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
];

/// No project has packages of more repositories.
const MOST_REGISTRIES: usize = 64;

/// So many URLs of other registries are looked at.
const MOST_UNKNOWN: usize = 1024;

/// CodeArtifact writes its port into the URLs of files.
const PORT: &str = ":443";

/// Looks through the files of one directory of the project.
pub(super) fn search(finder: &mut Finder<'_>, folder: &Folder) {
    let files = LISTS.iter().filter_map(|name| folder.file(name));
    for file in files {
        if let Some(text) = read_text(&file) {
            search_text(finder, &text, &file);
        }
    }
}

fn search_text(finder: &mut Finder<'_>, text: &str, file: &Path) {
    let Some(endpoint) = add_known(finder, text, file) else {
        return;
    };
    let remark = format!(
        "{} names {endpoint}, of a domain that no settings file names: no token is asked for it",
        file.display()
    );
    if !file.ends_with(PACKAGE) {
        finder.search.foreign.push(remark.clone());
    }
    finder.search.remark(remark);
}

/// Adds the registries of known domains. Returns the first of another one.
fn add_known(finder: &mut Finder<'_>, text: &str, file: &Path) -> Option<Endpoint> {
    let mapped: Vec<String> = finder.hosts.keys().cloned().collect();
    let mut roots = Roots::of(finder);
    let mut foreign: Option<Endpoint> = None;
    let mut unknown = 0;
    for mark in mapped.iter().map(String::as_str).chain([MARK]) {
        for at in memmem::find_iter(text.as_bytes(), mark) {
            // A lock file repeats one registry thousands of times.
            if roots.are_at(text, at, mark) || roots.0.len() > MOST_REGISTRIES {
                continue;
            }
            unknown += 1;
            if unknown > MOST_UNKNOWN {
                return foreign;
            }
            let Ok(endpoint) = Endpoint::parse(&with_scheme(url_around(text, at)), finder.hosts)
            else {
                continue;
            };
            if finder.names_domain_of(&endpoint) {
                roots.0.push(endpoint.root());
                finder.consider(None, &endpoint.root(), Origin::File(file.to_owned(), None));
            } else {
                foreign.get_or_insert(endpoint);
            }
        }
    }
    foreign
}

impl Finder<'_> {
    fn names_domain_of(&self, endpoint: &Endpoint) -> bool {
        let found = self.search.found.iter().map(|it| &it.endpoint);
        // Whoever has a token line for a domain in their settings reads it.
        let credentials = self.search.credentials.iter().map(|it| &it.endpoint);
        found
            .chain(credentials)
            .any(|it| it.domain == endpoint.domain)
    }
}

/// The URLs of the registries that are known, each once.
struct Roots(Vec<String>);

impl Roots {
    fn of(finder: &Finder<'_>) -> Self {
        let found = finder.search.found.iter();
        let mut roots: Vec<_> = found.map(|found| found.endpoint.root()).collect();
        roots.sort();
        roots.dedup();
        Self(roots)
    }

    /// Tells if one of them is in `text`, with `mark` at `at`.
    fn are_at(&self, text: &str, at: usize, mark: &str) -> bool {
        let is_there = |root: &String| {
            let start = root.find(mark).and_then(|before| at.checked_sub(before))?;
            let authority = root.find("//").map_or(0, |at| at + 2);
            let host = authority + root[authority..].find('/')?;
            let rest = text.as_bytes()[start..].strip_prefix(&root.as_bytes()[..host])?;
            let rest = rest.strip_prefix(PORT.as_bytes()).unwrap_or(rest);
            rest.starts_with(&root.as_bytes()[host..]).then_some(())
        };
        self.0.iter().any(|root| is_there(root).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_recognized_with_and_without_its_port() {
        let roots = Roots(vec!["https://a.codeartifact.b/npm/r/".to_owned()]);
        for (text, expected) in [
            ("\"https://a.codeartifact.b/npm/r/x\"", true),
            ("\"https://a.codeartifact.b:443/npm/r/x\"", true),
            ("\"https://a.codeartifact.b:8443/npm/r/x\"", false),
            ("\"https://a.codeartifact.b/npm/r2/x\"", false),
            ("\"http://a.codeartifact.b/npm/r/x\"", false),
            ("a.codeartifact.b", false),
        ] {
            let at = text.find(MARK).unwrap();
            assert_eq!(roots.are_at(text, at, MARK), expected, "{text}");
        }
    }
}
