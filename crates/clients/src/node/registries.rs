//! Which CodeArtifact registries a project and its user use, where each is named, and which lines give one its token.
//! It reads files and variables; it asks for no token and writes nothing.

mod bunfig;
mod command_line;
mod credential;
mod diversion;
mod folder;
mod lists;
mod npmrc;
mod places;
mod publish;
mod text;
mod variables;
mod yaml;
mod yarnrc;

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::{Endpoint, Format, MappedHosts, UrlParts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::EndpointError;
use codeartifact_auth::user_file::read_regular;

pub use command_line::{CLIENTS, CommandLine, Kind, kind, plain_name};
pub use credential::{Credential, CredentialValue, is_free};
pub(crate) use npmrc::RUSH_NPMRC;
pub use places::{Places, TokenFiles};
pub use variables::{COREPACK_REGISTRY, COREPACK_TOKEN};

use super::expand::expand;
use super::without_scheme;
use crate::setting::{Origin, Setting};
use folder::Folder;

/// Nobody reads more, and a hostile project could fill a log.
const MOST_REMARKS: usize = 20;

/// No project has more registries, lines with their tokens, or places that look like one in its settings. Without an end
/// a hostile file of a megabyte would take minutes.
const MOST_FOUND: usize = 512;

/// No settings file is larger.
const LARGEST_SETTINGS: u64 = 1024 * 1024;

/// Every CodeArtifact host has this in its middle.
const MARK: &str = ".codeartifact.";

/// The registries that a search found. It may hold tokens: it has no `Debug`.
#[derive(Default)]
pub struct Search {
    /// Registries, in the order they were found; one that is named twice is in here twice.
    pub found: Vec<Setting>,
    /// Registries whose host is not written as their tokens' keys have it: the key as it is written, and the endpoint.
    /// pnpm 12 (upper case) and Yarn 1 (the port, too) compare them letter by letter.
    pub spellings: Vec<(String, Endpoint)>,
    /// Registries that are named without their last slash, by which npm finds no login when it publishes.
    pub unslashed: Vec<Endpoint>,
    /// Remarks about what the user should fix: each a line for stderr, without any secret.
    pub remarks: Vec<String>,
    /// Where the packages here are published to by their own word, if this is about to be done. Whoever has no connection
    /// for such a registry does not ask for its token.
    pub published_to: Vec<Setting>,
    /// What a lock file names of domains that no settings file does: an install fails there.
    pub foreign: Vec<String>,
    /// Yarn's entry for the default registry that keeps it from sending a token.
    pub silent: Option<Origin>,
    /// The scopes in Yarn's settings: each with its registry, whosever that is, and the line.
    pub(crate) yarn_scopes: Vec<(String, String, Origin)>,
    /// The lines that give a registry of ours its token.
    pub credentials: Vec<Credential>,
    /// The user's files that tokens are written to.
    pub token_files: TokenFiles,
    /// Every settings file that was read: a variable may be named in any of them.
    read: Vec<SettingsFile>,
    /// The project's settings file that is too large, so that nobody knows what it says.
    unread: Option<PathBuf>,
    /// The project's directories.
    directories: Vec<PathBuf>,
    yarn: Yarn,
}

/// What Yarn from 2 on would do here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Yarn {
    /// They name a registry of ours.
    pub is_ours: bool,
    /// Its settings have our plugin.
    pub has_plugin: bool,
    /// Its default registry is ours, and it would ask that anonymously for packages that have no scope.
    pub needs_always_auth: bool,
}

/// A settings file as it was read.
struct SettingsFile {
    path: PathBuf,
    text: String,
    has_comments: bool,
    is_projects: bool,
}

/// A search that goes on.
struct Finder<'a> {
    hosts: &'a MappedHosts,
    environment: &'a Environment,
    search: Search,
    /// What looked like a registry.
    seen: usize,
}

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
    // What a lock file or a package says is the project's word alone: it adds repositories, and no domain.
    folders.iter().for_each(|it| lists::search(&mut finder, it));
    if command.publishes {
        publish::search(&mut finder, &places.directories);
    }
    finder.search
}

impl Search {
    /// A line that names this variable and is none of the credentials that are meant: it would carry the token away.
    pub fn stray(&self, variable: &str, is_meant: impl Fn(&Credential) -> bool) -> Option<Origin> {
        let is_of = |it: &&Credential| it.variable() == Some(variable) && is_meant(it);
        let meant: Vec<_> = self.credentials.iter().filter(is_of).collect();
        let settings = self.read.iter().find_map(|file| {
            let mut naming = credential::naming(&file.text, file.has_comments, variable);
            naming.find_map(|(line, times)| {
                let origin = Origin::File(file.path.clone(), Some(line));
                let known = meant.iter().filter(|it| it.origin == origin).count();
                (known != times).then_some(origin)
            })
        });
        let hidden = || {
            self.read.iter().find_map(|file| {
                let line = credential::hidden(&file.text, variable)?;
                Some(Origin::File(file.path.clone(), Some(line)))
            })
        };
        let settings = settings.or_else(hidden);
        settings.or_else(|| credential::passed_on(&self.directories, variable))
    }

    /// Tells if a settings file was there.
    pub fn has_read(&self, file: &Path) -> bool {
        self.read.iter().any(|it| it.path == file)
    }

    /// Tells if the project is one of Yarn 1 by its lock file.
    pub fn has_lock_of_yarn_one(&self) -> bool {
        let mut locks = self.directories.iter().map(|it| it.join("yarn.lock"));
        let text = locks.find_map(|lock| read_text(&lock));
        text.is_some_and(|text| text.contains("# yarn lockfile v1"))
    }

    /// Nothing where neither its settings name a registry of ours, nor a package that it is about to publish.
    pub fn yarn(&self) -> Option<Yarn> {
        let asks = self.yarn.is_ours || !self.published_to.is_empty();
        asks.then_some(self.yarn)
    }

    fn spell(&mut self, url: &str, endpoint: &Endpoint) {
        let is_plain = |rest: &str| rest.is_empty() || rest.starts_with('/');
        let behind = url.split_once("//").map_or(url, |(_, behind)| behind);
        if behind.strip_prefix(endpoint.host()).is_some_and(is_plain) {
            return;
        }
        let written = UrlParts::cut(url).host_and_port;
        let root = endpoint.root();
        let host = UrlParts::cut(&root).host_and_port;
        if host != written {
            let key = without_scheme(&root).replacen(host, written, 1);
            self.spellings.push((key, endpoint.clone()));
        }
    }

    fn note_slash(&mut self, url: &str, endpoint: &Endpoint) {
        let is_root = !url.ends_with('/') && !goes_on(url, endpoint);
        if is_root && endpoint.place.is_some() && !self.unslashed.contains(endpoint) {
            self.unslashed.push(endpoint.clone());
        }
    }

    fn remark(&mut self, remark: String) {
        if !self.remarks.contains(&remark) && self.remarks.len() < MOST_REMARKS {
            self.remarks.push(remark);
        }
    }
}

impl Finder<'_> {
    /// Keeps `url` if it is a CodeArtifact registry that npm clients can use.
    fn consider(&mut self, scope: Option<&str>, url: &str, origin: Origin) {
        self.take(scope, url, Endpoint::parse(url, self.hosts), origin);
    }

    fn take(
        &mut self,
        scope: Option<&str>,
        url: &str,
        endpoint: Result<Endpoint, EndpointError>,
        origin: Origin,
    ) {
        match endpoint {
            Ok(_) if self.search.found.len() >= MOST_FOUND => {}
            Ok(endpoint) if serves_npm(&endpoint) => {
                self.search.spell(url, &endpoint);
                self.search.note_slash(url, &endpoint);
                self.search.found.push(Setting {
                    name: scope.map(str::to_owned),
                    endpoint,
                    origin,
                });
            }
            Ok(_) | Err(EndpointError::NotCodeArtifact(_)) => {}
            Err(error) => self.search.remark(format!("{origin}: {error}")),
        }
    }

    /// The same for a URL that a line was found to have.
    fn consider_url(&mut self, scope: Option<&str>, url: &str, origin: Origin) {
        let endpoint = Endpoint::parse(url, self.hosts).ok();
        if let Some(problem) = self.problem(url, url, endpoint.as_ref()) {
            self.search.remark(format!("{origin}: {problem}"));
        }
        self.consider(scope, url, origin);
    }

    /// The same for a setting's value, which may name variables. What they hold may be a secret, and is not shown.
    fn consider_setting(&mut self, scope: Option<&str>, value: &str, origin: Origin) {
        let url = expand(value, self.environment);
        let endpoint = Endpoint::parse(&url, self.hosts);
        let problem = self.problem(value, &url, endpoint.as_ref().ok());
        let is_said = problem.is_some();
        if let Some(problem) = problem {
            self.search.remark(format!("{origin}: {problem}"));
        }
        if endpoint.is_ok() || url == value && !is_said {
            self.take(scope, &url, endpoint, origin);
        }
    }

    /// What is wrong with a registry's value although, or because, it is no URL of ours.
    fn problem(&self, value: &str, url: &str, endpoint: Option<&Endpoint>) -> Option<String> {
        let looks_like_ours = value.contains(MARK);
        match endpoint {
            Some(endpoint) if goes_on(url, endpoint) => Some(format!(
                "`{value}` only begins with a registry's URL, which is {endpoint}: clients ask it as it is written"
            )),
            Some(_) => None,
            None if url.contains("${") && looks_like_ours => Some(format!(
                "`{value}` names a variable that is not set or may hold a secret, so it is no registry"
            )),
            None if url != value && looks_like_ours => Some(format!(
                "`{value}` is no CodeArtifact registry with the values that its variables have"
            )),
            None => None,
        }
    }

    fn endpoint(&self, url: &str) -> Option<Endpoint> {
        let url = expand(url, self.environment);
        Endpoint::parse(&url, self.hosts).ok()
    }

    /// Keeps a line that gives a registry its token.
    fn keep_credential(&mut self, credential: Credential) {
        if self.search.credentials.len() < MOST_FOUND {
            self.search.credentials.push(credential);
        }
    }

    /// A settings file's bytes. A client reads one of any size: of a project's that we do not read, it is noted.
    fn read(&mut self, file: &Path, is_projects: bool) -> Option<Vec<u8>> {
        let is_too_large = |it: std::fs::Metadata| it.is_file() && it.len() > LARGEST_SETTINGS;
        if !file.metadata().is_ok_and(is_too_large) {
            return read(file);
        }
        let remark = format!("{} is too large to be read", file.display());
        self.search.remark(remark);
        if is_projects {
            self.search.unread.get_or_insert_with(|| file.to_owned());
        }
        None
    }

    /// Keeps what was read of a settings file.
    fn keep(&mut self, path: &Path, text: String, has_comments: bool, is_projects: bool) {
        let path = path.to_owned();
        self.search.read.push(SettingsFile {
            path,
            text,
            has_comments,
            is_projects,
        });
    }
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

/// The same as text. Lock files have megabytes: what is UTF-8 already is not copied.
fn read_text(file: &Path) -> Option<String> {
    let text = String::from_utf8(read(file)?);
    Some(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

#[cfg(test)]
mod tests;
