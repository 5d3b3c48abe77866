//! What each package manager is told by variables. One that the user has set stays, and is told where that matters.
//! Names and meanings are those of the clients' documentation.

use std::fs;
use std::process::Command;

use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::{Endpoint, Format};
use codeartifact_auth::environment::{
    AUTH_TOKEN, Environment, GOPROXY, NETRC, PDM_PYPI_URL, PIP_INDEX_URL, TWINE_REPOSITORY,
    TWINE_REPOSITORY_URL, UV_DEFAULT_INDEX, UV_INDEX_URL,
};
use codeartifact_auth::memory_file;
use codeartifact_auth::token::Secret;
use codeartifact_goauth::settings::setting;

use super::logins::Logins;
use super::project::{Reader, Source};
use crate::commands::user_files;

/// The user name that CodeArtifact wants.
const USER: &str = "aws";

/// Where to publish, and as whom: the names of the URL, the user and the password. They go together, or a token
/// would be sent to the user's own repository.
const PUBLISHING: [[&str; 3]; 4] = [
    [
        "UV_PUBLISH_URL",
        "UV_PUBLISH_USERNAME",
        "UV_PUBLISH_PASSWORD",
    ],
    [TWINE_REPOSITORY_URL, "TWINE_USERNAME", "TWINE_PASSWORD"],
    ["HATCH_INDEX_REPO", "HATCH_INDEX_USER", "HATCH_INDEX_AUTH"],
    [
        "PDM_PUBLISH_REPO",
        "PDM_PUBLISH_USERNAME",
        "PDM_PUBLISH_PASSWORD",
    ],
];

/// What the command's environment gets.
pub(super) struct Variables<'a> {
    environment: &'a Environment,
    set: Vec<(String, Secret)>,
    remarks: String,
}

impl<'a> Variables<'a> {
    pub(super) fn new(environment: &'a Environment) -> Self {
        Self {
            environment,
            set: Vec::new(),
            remarks: String::new(),
        }
    }

    /// Sets a variable, whatever it was.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.set
            .push((name.to_owned(), Secret::new(value.to_owned())));
    }

    /// The connection's repositories, as where packages come from and go to.
    pub(super) fn for_connection(
        &mut self,
        connection: &Connection,
        sources: &[Source],
        logins: &Logins,
    ) {
        let name = connection.name.as_deref().unwrap_or_default();
        if let Some(endpoint) = connection.endpoints.get(&Format::Pypi)
            && let Some(token) = logins.of(endpoint)
        {
            self.for_python(name, endpoint, sources, token);
        }
        if let Some(endpoint) = connection.endpoints.get(&Format::Go) {
            self.for_go(endpoint);
        }
    }

    /// Logins by the names that the project gives its sources.
    pub(super) fn for_sources(&mut self, sources: &[Source], logins: &Logins) {
        for source in sources {
            let Some(token) = logins.of(&source.endpoint) else {
                continue;
            };
            match source.reader {
                Reader::Uv => self.login("UV_INDEX", &source.name, token),
                Reader::Poetry => self.login("POETRY_HTTP_BASIC", &source.name, token),
                // It takes what the netrc says.
                Reader::Pdm => {}
            }
        }
    }

    /// What most programs read.
    pub(super) fn for_everybody(&mut self, logins: &Logins) {
        if let Some(token) = logins.only() {
            self.set(AUTH_TOKEN, token.expose());
        }
        let netrc = logins.netrc(self.environment);
        if let Ok(path) = memory_file::make("netrc", netrc.expose().as_bytes()) {
            self.set(NETRC, &path);
        }
    }

    /// Puts them into the command's environment. Returns what the person should know.
    pub(super) fn give_to(self, command: &mut Command) -> String {
        for (name, value) in &self.set {
            command.env(name, value.expose());
        }
        self.remarks
    }

    fn for_python(&mut self, name: &str, endpoint: &Endpoint, sources: &[Source], token: &Secret) {
        let (index, root) = (endpoint.client_url(), endpoint.root());
        self.offer(PIP_INDEX_URL, &index);
        let has_source = |reader| sources.iter().any(|source| source.reader == reader);
        if !has_source(Reader::Uv) && self.is_free(UV_INDEX_URL) {
            self.offer(UV_DEFAULT_INDEX, &format!("{}={index}", plain(name, '-')));
            self.login("UV_INDEX", name, token);
        }
        if !has_source(Reader::Pdm) && self.offer(PDM_PYPI_URL, &index) {
            self.set("PDM_PYPI_USERNAME", USER);
            self.set("PDM_PYPI_PASSWORD", token.expose());
        }
        self.for_poetry(name, &root, token);
        for [url, user, password] in PUBLISHING {
            let is_free = url != TWINE_REPOSITORY_URL || self.is_free(TWINE_REPOSITORY);
            if is_free && self.offer(url, &root) {
                self.set(user, USER);
                self.set(password, token.expose());
            }
        }
    }

    /// A repository's URL in a variable hides all that poetry's own file has.
    fn for_poetry(&mut self, name: &str, root: &str, token: &Secret) {
        self.login("POETRY_HTTP_BASIC", name, token);
        let folder = user_files::platform_folder(self.environment, "pypoetry");
        let text = folder.and_then(|folder| fs::read_to_string(folder.join("config.toml")).ok());
        if !text.is_some_and(|text| text.contains("[repositories")) {
            self.offer(&format!("POETRY_REPOSITORIES_{}_URL", shouted(name)), root);
        }
    }

    /// The netrc has the login: it is what Go reads unless told otherwise.
    fn for_go(&mut self, endpoint: &Endpoint) {
        let there = setting(GOPROXY, self.environment);
        self.offer_beside(GOPROXY, &endpoint.root(), there);
    }

    fn login(&mut self, prefix: &str, name: &str, token: &Secret) {
        let name = shouted(name);
        if self.offer(&format!("{prefix}_{name}_USERNAME"), USER) {
            self.set(&format!("{prefix}_{name}_PASSWORD"), token.expose());
        }
    }

    /// Sets a variable that the user has not set. Whether it is now as we want it.
    fn offer(&mut self, name: &str, value: &str) -> bool {
        let there = self.environment.text(name);
        self.offer_beside(name, value, there)
    }

    fn offer_beside(&mut self, name: &str, value: &str, there: Option<String>) -> bool {
        match there {
            None => {
                self.set(name, value);
                true
            }
            Some(there) if there == value => true,
            Some(_) => {
                self.remarks +=
                    &format!("codeartifact: {name} is set already and stays as it is\n");
                false
            }
        }
    }

    fn is_free(&self, name: &str) -> bool {
        self.environment.variable(name).is_none()
    }
}

/// As uv and poetry spell a name in a variable.
fn shouted(name: &str) -> String {
    plain(name, '_').to_uppercase()
}

fn plain(name: &str, stand_in: char) -> String {
    let plain = |it: char| {
        if it.is_ascii_alphanumeric() {
            it
        } else {
            stand_in
        }
    };
    name.chars().map(plain).collect()
}
