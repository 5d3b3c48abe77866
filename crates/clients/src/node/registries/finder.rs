//! A search that goes on: it judges each value that a place names as a registry, and keeps those that are ours.

use std::io::ErrorKind;
use std::path::Path;

use codeartifact_auth::endpoint::{Endpoint, Format, MappedHosts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::EndpointError;
use codeartifact_auth::user_file::read_up_to;

use super::credential::Credential;
use super::found::{Search, SettingsFile};
use super::names::{MARK, goes_on};
use crate::node::expand::expand;
use crate::setting::{Origin, Setting};

/// No project has more registries, lines with their tokens, or places that look like one in its settings. Without an end
/// a hostile file of a megabyte would take minutes.
pub(super) const MOST_FOUND: usize = 512;

/// No settings file is larger.
const LARGEST_SETTINGS: u64 = 1024 * 1024;

/// A search that goes on.
pub(super) struct Finder<'a> {
    pub(super) hosts: &'a MappedHosts,
    pub(super) environment: &'a Environment,
    pub(super) search: Search,
    /// The number of texts that looked like a registry.
    pub(super) seen: usize,
}

impl Finder<'_> {
    /// Keeps `url` if it is a CodeArtifact registry that npm clients can use.
    pub(super) fn consider(&mut self, scope: Option<&str>, url: &str, origin: Origin) {
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
    pub(super) fn consider_url(&mut self, scope: Option<&str>, url: &str, origin: Origin) {
        let endpoint = Endpoint::parse(url, self.hosts).ok();
        if let Some(problem) = self.problem(url, url, endpoint.as_ref()) {
            self.search.remark(format!("{origin}: {problem}"));
        }
        self.consider(scope, url, origin);
    }

    /// The same for a setting's value, which may name variables. What they hold may be a secret, and is not shown.
    pub(super) fn consider_setting(&mut self, scope: Option<&str>, value: &str, origin: Origin) {
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

    /// Returns what is wrong with a registry's value although, or because, it is no URL of ours.
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

    pub(super) fn endpoint(&self, url: &str) -> Option<Endpoint> {
        let url = expand(url, self.environment);
        Endpoint::parse(&url, self.hosts).ok()
    }

    /// Keeps a line that gives a registry its token.
    pub(super) fn keep_credential(&mut self, credential: Credential) {
        if self.search.credentials.len() < MOST_FOUND {
            self.search.credentials.push(credential);
        }
    }

    /// A settings file's bytes. A client reads one of any size: of a project's that we do not read, it is noted.
    pub(super) fn read(&mut self, file: &Path, is_projects: bool) -> Option<Vec<u8>> {
        match read_up_to(file, LARGEST_SETTINGS) {
            Err(error) if error.kind() == ErrorKind::FileTooLarge => {}
            read => return read.ok(),
        }
        let remark = format!("{} is too large to be read", file.display());
        self.search.remark(remark);
        if is_projects {
            self.search.unread.get_or_insert_with(|| file.to_owned());
        }
        None
    }

    /// Keeps what was read of a settings file.
    pub(super) fn keep(
        &mut self,
        path: &Path,
        text: String,
        has_comments: bool,
        is_projects: bool,
    ) {
        let path = path.to_owned();
        self.search.read.push(SettingsFile {
            path,
            text,
            has_comments,
            is_projects,
        });
    }
}

/// A bare host may serve any format.
fn serves_npm(endpoint: &Endpoint) -> bool {
    let place = endpoint.place.as_ref();
    place.is_none_or(|place| place.format == Format::Npm)
}
