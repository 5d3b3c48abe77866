//! Finds the CodeArtifact registries that a project and its user use, where each is named, and which lines give one its token.
//! It reads files and variables; it asks for no token and writes nothing.

mod bunfig;
mod command_line;
mod credential;
mod diversion;
mod files;
mod finder;
mod folder;
mod found;
mod lists;
mod names;
mod naming;
mod npmrc;
mod places;
mod publish;
mod text;
mod variables;
mod yaml;
mod yarnrc;

use codeartifact_auth::endpoint::MappedHosts;
use codeartifact_auth::environment::Environment;

pub use command_line::{CLIENTS, CommandLine, Kind, kind, plain_name};
pub use credential::{Credential, CredentialValue, is_free};
pub use found::{Search, Yarn};
pub(crate) use npmrc::RUSH_NPMRC;
pub use places::{Places, TokenFiles};
pub(crate) use variables::STAND_IN;
pub use variables::{COREPACK_REGISTRY, COREPACK_TOKEN};
pub(crate) use yarnrc::PLUGIN_IN_PROJECT;

use crate::setting::Origin;
use finder::Finder;
use folder::Folder;
use names::scope_of;

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
    let environment_files = folders.iter().flat_map(Folder::environment_files);
    finder.search.environment_files = environment_files.collect();
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

#[cfg(test)]
mod tests;
