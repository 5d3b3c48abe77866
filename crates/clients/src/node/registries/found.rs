//! The result of a search: registries, the lines that give one its token, and remarks for the user. It may hold tokens.

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::{Endpoint, UrlParts};

use super::credential::{self, Credential};
use super::files::read_text;
use super::names::goes_on;
use super::naming;
use super::places::TokenFiles;
use crate::node::without_scheme;
use crate::setting::{Origin, Setting};

/// Nobody reads more, and a hostile project could fill a log.
const MOST_REMARKS: usize = 20;

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
    /// Registries that the packages here name to be published to, if this is about to be done. A user who has no connection
    /// for such a registry does not ask for its token.
    pub published_to: Vec<Setting>,
    /// Repositories in a lock file, of domains that no settings file names: an install fails there.
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
    pub(super) read: Vec<SettingsFile>,
    /// The project's settings file that is too large, so that nobody knows what it says.
    pub(super) unread: Option<PathBuf>,
    /// The project's directories.
    pub(super) directories: Vec<PathBuf>,
    /// The files in there that Bun and Yarn load into the environment.
    pub(super) environment_files: Vec<PathBuf>,
    pub(super) yarn: Yarn,
}

/// The behaviour of Yarn from 2 on here.
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
pub(super) struct SettingsFile {
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) has_comments: bool,
    pub(super) is_projects: bool,
}

impl Search {
    /// A line that names this variable and is none of the credentials that are meant: it would carry the token away.
    pub fn stray(&self, variable: &str, is_meant: impl Fn(&Credential) -> bool) -> Option<Origin> {
        let is_of = |it: &&Credential| it.variable() == Some(variable) && is_meant(it);
        let meant: Vec<_> = self.credentials.iter().filter(is_of).collect();
        let settings = self.read.iter().find_map(|file| {
            let mut naming = naming::naming(&file.text, file.has_comments, variable);
            naming.find_map(|(line, times)| {
                let origin = Origin::File(file.path.clone(), Some(line));
                let known = meant.iter().filter(|it| it.origin == origin).count();
                (known != times).then_some(origin)
            })
        });
        let hidden = || {
            self.read.iter().find_map(|file| {
                let line = naming::hidden(&file.text, variable)?;
                Some(Origin::File(file.path.clone(), Some(line)))
            })
        };
        let settings = settings.or_else(hidden);
        settings
            .or_else(|| credential::passed_on(&self.environment_files, &self.directories, variable))
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

    pub(super) fn spell(&mut self, url: &str, endpoint: &Endpoint) {
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

    pub(super) fn note_slash(&mut self, url: &str, endpoint: &Endpoint) {
        let is_root = !url.ends_with('/') && !goes_on(url, endpoint);
        if is_root && endpoint.place.is_some() && !self.unslashed.contains(endpoint) {
            self.unslashed.push(endpoint.clone());
        }
    }

    pub(super) fn remark(&mut self, remark: String) {
        if !self.remarks.contains(&remark) && self.remarks.len() < MOST_REMARKS {
            self.remarks.push(remark);
        }
    }
}
