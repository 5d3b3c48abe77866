//! The variables by which `exec` tells package managers where to read and as whom. Which of them a client takes is its
//! room's to say; that one of the user's stays, and who gets a token, is decided here alone.

mod logins;

use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::{Endpoint, Format};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::memory_file::MemoryFile;
use codeartifact_auth::next_on_path::Successor;
use codeartifact_auth::token::Secret;

use crate::ALL;
use crate::here::Here;
use crate::logins::Logins;
pub(crate) use crate::logins::USER;
use crate::netrc::NETRC;
use crate::renovate::{self, RENOVATE_HOST_RULES};
use crate::setting::Setting;

/// The variables that a command's environment gets.
pub struct Variables<'a> {
    pub(crate) here: &'a Here<'a>,
    connection: Option<&'a Connection>,
    /// The sources that the project's own configuration names, by client.
    sources: &'a [(&'static str, Setting)],
    logins: &'a Logins,
    publishes: bool,
    set: Vec<(String, Secret)>,
    /// The files that some of them name.
    files: Vec<MemoryFile>,
    remarks: String,
}

/// The connection's Python repository, where packages come from and go to.
pub(crate) struct Target {
    /// The connection's.
    pub(crate) name: String,
    pub(crate) index: String,
    pub(crate) root: String,
    pub(crate) token: Secret,
}

impl<'a> Variables<'a> {
    /// Gathers what every client needs for this connection and the project's sources, as far as there is a login for them.
    ///
    /// A client gets a login bound to its host, by netrc. A variable that it looks up by a name would lead the token
    /// away, because the project chooses the name and the host that goes with it. Only to publish (`publishes`) is there
    /// no other way.
    pub fn gather(
        here: &'a Here<'a>,
        connection: Option<&'a Connection>,
        sources: &'a [(&'static str, Setting)],
        logins: &'a Logins,
        publishes: bool,
    ) -> Self {
        let mut variables = Self {
            here,
            connection,
            sources,
            logins,
            publishes,
            set: Vec::new(),
            files: Vec::new(),
            remarks: String::new(),
        };
        ALL.iter()
            .for_each(|client| client.variables(&mut variables));
        variables.set_netrc();
        variables
    }

    /// Sets a variable of the user's choosing to the token. Returns false unless there is just one domain.
    pub fn set_token(&mut self, name: &str) -> bool {
        let token = self.logins.of_only_domain();
        if let Some(token) = token {
            self.set(name, token.expose());
        }
        token.is_some()
    }

    /// Sets a variable, whatever it was.
    pub fn set(&mut self, name: &str, value: &str) {
        self.set
            .push((name.to_owned(), Secret::new(value.to_owned())));
    }

    /// Puts them into the command's environment. Returns what the user should know.
    pub fn give_to(self, program: &mut Successor) -> String {
        for (name, value) in &self.set {
            program.command.env(name, value.expose());
        }
        for file in self.files {
            program.keep(file);
        }
        self.remarks
    }

    /// Without it pip and go have no token: the user has to know.
    fn set_netrc(&mut self) {
        let netrc = self.logins.netrc(self.environment());
        match MemoryFile::new("netrc", netrc.expose().as_bytes()) {
            Ok(file) => self.set_file(NETRC, file),
            Err(error) => {
                self.remarks +=
                    &format!("codeartifact: cannot make a netrc with the tokens: {error}\n");
            }
        }
    }

    fn set_file(&mut self, name: &str, file: MemoryFile) {
        self.set(name, file.path());
        self.files.push(file);
    }

    /// Makes a file for the command, and returns its path. Nothing where there can be none: its client says what it lacks.
    pub(crate) fn hand_over(&mut self, name: &str, content: &[u8]) -> Option<String> {
        let file = MemoryFile::new(name, content).ok()?;
        let path = file.path().to_owned();
        self.files.push(file);
        Some(path)
    }

    /// Renovate reads no netrc, and asks every registry by itself. For any other command the variable would be one more
    /// that a project's file may name.
    pub fn set_host_rules(&mut self) {
        let users = self.environment().text(RENOVATE_HOST_RULES);
        if let Some(rules) = renovate::rules(users.as_deref(), self.logins.all()) {
            self.set(RENOVATE_HOST_RULES, rules.expose());
        }
    }

    fn environment(&self) -> &Environment {
        self.here.environment
    }

    /// The connection's repository of a format.
    pub(crate) fn endpoint(&self, format: Format) -> Option<&'a Endpoint> {
        self.connection?.endpoints.get(&format)
    }

    /// The connection's repository of a format, and the name to call it by.
    pub(crate) fn target_of(&self, format: Format) -> Option<(String, &'a Endpoint)> {
        let name = self.connection?.name.clone()?;
        Some((name, self.endpoint(format)?))
    }

    /// The connection's Python repository, if there is a login for it.
    pub(crate) fn target(&self) -> Option<Target> {
        let endpoint = self.endpoint(Format::Pypi)?;
        Some(Target {
            name: self.connection?.name.clone().unwrap_or_default(),
            index: endpoint.client_url(),
            root: endpoint.root(),
            token: self.logins.of(endpoint)?.clone(),
        })
    }

    /// The project's sources for a client.
    pub(crate) fn sources(&self, client: &str) -> impl Iterator<Item = &'a Setting> {
        let sources = self.sources.iter();
        sources
            .filter(move |(name, _)| *name == client)
            .map(|(_, it)| it)
    }

    /// Sets a variable that the user has not set. Returns true if it is now as we want it.
    pub(crate) fn offer(&mut self, name: &str, value: &str) -> bool {
        let there = self.environment().text(name);
        self.offer_beside(name, value, there)
    }

    /// The same where what is there is not just the variable.
    pub(crate) fn offer_beside(&mut self, name: &str, value: &str, there: Option<String>) -> bool {
        match there {
            None => self.set(name, value),
            Some(there) if there == value => {}
            Some(_) => {
                self.remarks +=
                    &format!("codeartifact: {name} is set already and stays as it is\n");
                return false;
            }
        }
        true
    }

    pub(crate) fn is_free(&self, name: &str) -> bool {
        self.environment().variable(name).is_none()
    }
}

/// As uv and poetry spell a name in a variable.
pub(crate) fn shouted(name: &str) -> String {
    plain(name, '_').to_uppercase()
}

pub(crate) fn plain(name: &str, stand_in: char) -> String {
    name.replace(
        |it: char| !it.is_ascii_alphanumeric(),
        &stand_in.to_string(),
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_in_a_variable_is_as_uv_spells_it() {
        assert_eq!(super::shouted("my-priv.2"), "MY_PRIV_2");
    }
}
