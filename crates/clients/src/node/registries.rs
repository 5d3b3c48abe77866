//! Finds the CodeArtifact registries that a project and its user use, where each is named, and which lines give one its token.
//! It reads files and variables; it asks for no token and writes nothing.

mod bunfig;
mod command_line;
mod credential;
mod diversion;
mod finder;
mod folder;
mod found;
mod lists;
mod naming;
mod npmrc;
mod places;
mod publish;
mod text;
mod variables;
mod yaml;
mod yarnrc;

use std::path::Path;

use codeartifact_auth::endpoint::{Endpoint, MappedHosts, UrlParts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::user_file::read_regular;

pub use command_line::{CLIENTS, CommandLine, Kind, kind, plain_name};
pub use credential::{Credential, CredentialValue, is_free};
pub use found::{Search, Yarn};
pub(crate) use npmrc::RUSH_NPMRC;
pub use places::{Places, TokenFiles};
pub use variables::{COREPACK_REGISTRY, COREPACK_TOKEN};

use crate::setting::Origin;
use finder::Finder;
use folder::Folder;
use found::SettingsFile;

/// No project has more registries, lines with their tokens, or places that look like one in its settings. Without an end
/// a hostile file of a megabyte would take minutes.
const MOST_FOUND: usize = 512;

/// Every CodeArtifact host has this in its middle.
const MARK: &str = ".codeartifact.";

/// Looks everywhere that a client would.
pub fn find(
    places: &Places,
    command: &CommandLine,
    hosts: &MappedHosts,
    environment: &Environment,
) -> Search {
    let search = Search {
        token_files: places.token_files.clone(),
        directories: places.directories.clone(),
        ..Search::default()
    };
    let mut finder = Finder {
        hosts,
        environment,
        search,
        seen: 0,
    };
    for (option, url) in &command.registries {
        finder.consider(scope_of(option), url, Origin::Option(option.clone()));
    }
    variables::search(&mut finder);
    let folders: Vec<_> = places.directories.iter().map(|it| Folder::at(it)).collect();
    let reach = folder::reach(&folders, command.kind);
    for (place, folder) in folders.iter().enumerate() {
        if place < reach || folder.is_of_a_workspace() {
            npmrc::search_project(&mut finder, folder, places);
        }
        text::search_directory(&mut finder, folder, places);
    }
    text::search_home(&mut finder, places);
    for file in places.npmrcs(&finder.search.token_files) {
        npmrc::search_user(&mut finder, &file);
    }
    yarnrc::search(&mut finder, places);
    // A lock file or a package is the project's word alone: it adds repositories, and no domain.
    folders.iter().for_each(|it| lists::search(&mut finder, it));
    if command.publishes {
        publish::search(&mut finder, &places.directories);
    }
    finder.search
}

/// Tells if a registry's value has more in its path than the repository: `https://HOST/npm/my-repo/more/`.
fn goes_on(url: &str, endpoint: &Endpoint) -> bool {
    let path = |url: &str| UrlParts::cut(url).path.trim_matches('/').to_owned();
    let is_root = |root: &str| {
        root.strip_prefix(url)
            .is_some_and(|rest| matches!(rest, "" | "/"))
    };
    let root = endpoint.root();
    endpoint.place.is_some() && !is_root(&root) && path(url) != path(&root)
}

/// `registry`, `@scope:registry`: how npm calls a registry in files, in variables and on the command line.
fn names_registry(key: &str) -> bool {
    key == "registry" || key.starts_with('@') && key.ends_with(":registry")
}

/// The scope in such a name, or in the option of that name.
fn scope_of(key: &str) -> Option<&str> {
    let scope = key.trim_start_matches("--").strip_suffix(":registry");
    scope.filter(|scope| scope.starts_with('@'))
}

/// A file's text; one that is missing or cannot be read names no registry, to npm neither.
fn read(file: &Path) -> Option<Vec<u8>> {
    read_regular(file).ok()
}

/// The same as text. Lock files have megabytes: what is UTF-8 already is not copied.
fn read_text(file: &Path) -> Option<String> {
    let text = String::from_utf8(read(file)?);
    Some(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

#[cfg(test)]
mod tests;
