//! Variables with a login, each bound to a host where that can be. A login that goes by a name is for publishing alone.

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::token::Secret;

use super::{USER, Variables, shouted};

impl Variables<'_> {
    /// Names the user of the project's sources. The password comes from the netrc, or from a keyring.
    pub(crate) fn name_users(&mut self, prefix: &str, client: &str) {
        for source in self.sources(client).collect::<Vec<_>>() {
            if self.logins.of(&source.endpoint).is_some() {
                let name = shouted(source.name.as_deref().unwrap_or_default());
                self.offer(&format!("{prefix}_{name}_USERNAME"), USER);
            }
        }
    }

    /// Sets where to publish, and as whom: the names of the URL, the user and the password. They go together, or a token
    /// would be sent to the user's own repository.
    pub(crate) fn publish(&mut self, [url, user, password]: [&str; 3]) {
        if self.publishes
            && let Some(target) = self.target()
            && self.offer(url, &target.root)
        {
            self.set(user, USER);
            self.set(password, target.token.expose());
        }
    }

    /// The token for a repository, for a file of settings in which it is bound to its host.
    pub(crate) fn token(&self, url: &str) -> Option<Secret> {
        let endpoint = self.here.endpoint(url)?;
        self.logins.of(&endpoint).cloned()
    }

    /// A login in a variable that is bound to the endpoint's host.
    pub(crate) fn log_in(
        &mut self,
        name: &str,
        endpoint: &Endpoint,
        value: impl FnOnce(&Secret) -> Secret,
    ) {
        if let Some(token) = self.logins.of(endpoint).filter(|_| self.is_free(name)) {
            let value = value(token);
            self.set(name, value.expose());
        }
    }

    /// The same in a file in memory, whose path is the variable's value.
    pub(crate) fn log_in_by_file(
        &mut self,
        name: &str,
        file: &str,
        endpoint: &Endpoint,
        text: impl FnOnce(&str) -> String,
    ) {
        let token = self.logins.of(endpoint).filter(|_| self.is_free(name));
        let text = token.map(|token| Secret::new(text(token.expose())));
        if let Some(path) = text.and_then(|text| self.hand_over(file, text.expose().as_bytes())) {
            self.set(name, &path);
        }
    }

    /// A login that goes by a name, which a project could give to another host: only to publish. `text` is made of the token.
    pub(crate) fn publish_login(
        &mut self,
        name: &str,
        endpoint: &Endpoint,
        text: impl FnOnce(&str) -> String,
    ) {
        let token = self.logins.of(endpoint).filter(|_| self.publishes);
        if let Some(token) = token.filter(|_| self.is_free(name)) {
            let text = Secret::new(text(token.expose()));
            self.set(name, text.expose());
        }
    }
}
