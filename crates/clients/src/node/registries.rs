//! Which CodeArtifact registries a project and its user use, and where each is named.
//! It reads files and variables; it asks for no token and writes nothing.

mod command_line;
mod npmrc;
mod places;
mod text;
mod variables;

use std::path::Path;

use codeartifact_auth::endpoint::{Endpoint, Format, MappedHosts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::EndpointError;
use codeartifact_auth::user_file::read_regular;

pub use command_line::{CLIENTS, CommandLine};
pub use places::Places;

use crate::setting::{Origin, Setting};

/// Nobody reads more, and a hostile project could fill a log.
const MOST_REMARKS: usize = 20;

/// The registries that a search found.
#[derive(Debug)]
pub struct Search<'a> {
    hosts: &'a MappedHosts,
    /// Registries, in the order they were found; one that is named twice is in here twice.
    pub found: Vec<Setting>,
    /// Their URLs, to recognize them quickly.
    roots: Vec<String>,
    /// Remarks about what the user should fix: each a line for stderr, without any secret.
    pub remarks: Vec<String>,
}

/// Looks everywhere that a client would.
pub fn find<'a>(
    places: &Places,
    command: &CommandLine,
    hosts: &'a MappedHosts,
    environment: &Environment,
) -> Search<'a> {
    let mut search = Search {
        hosts,
        found: Vec::new(),
        roots: Vec::new(),
        remarks: Vec::new(),
    };
    for (option, url) in &command.registries {
        search.consider(scope_of(option), url, Origin::Option(option.clone()));
    }
    variables::search(&mut search, environment);
    for directory in &places.directories {
        npmrc::search_project(&mut search, &directory.join(".npmrc"), places, environment);
        text::search_directory(&mut search, directory, environment);
    }
    for file in places.npmrcs() {
        npmrc::search(&mut search, file, environment);
    }
    text::search_home(&mut search, places, environment);
    search
}

impl Search<'_> {
    /// Keeps `url` if it is a CodeArtifact registry that npm clients can use.
    fn consider(&mut self, scope: Option<&str>, url: &str, origin: Origin) {
        match Endpoint::parse(url, self.hosts) {
            Ok(endpoint) if serves_npm(&endpoint) => {
                self.roots.push(endpoint.root());
                self.found.push(Setting {
                    name: scope.map(str::to_owned),
                    endpoint,
                    origin,
                });
            }
            Ok(_) | Err(EndpointError::NotCodeArtifact(_)) => {}
            Err(error) => self.remark(format!("{origin}: {error}")),
        }
    }

    fn remark(&mut self, remark: String) {
        if !self.remarks.contains(&remark) && self.remarks.len() < MOST_REMARKS {
            self.remarks.push(remark);
        }
    }

    /// Tells if a registry that is known already stands in `text`, with `mark` at `at`.
    fn knows(&self, text: &str, at: usize, mark: &str) -> bool {
        let starts_before = |root: &String| at.checked_sub(root.find(mark)?);
        let stands_there =
            |root: &String, start| text.as_bytes()[start..].starts_with(root.as_bytes());
        let mut roots = self.roots.iter();
        roots.any(|root| starts_before(root).is_some_and(|start| stands_there(root, start)))
    }
}

/// A bare host may serve any format.
fn serves_npm(endpoint: &Endpoint) -> bool {
    let place = endpoint.place.as_ref();
    place.is_none_or(|place| place.format == Format::Npm)
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

#[cfg(test)]
mod tests;
