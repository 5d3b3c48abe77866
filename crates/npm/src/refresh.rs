//! One refresh: what a project and its user need, against what the user's `.npmrc` has. It prints nothing.

use std::path::Path;

use anyhow::Result;
use codeartifact_auth::Authenticator;
use codeartifact_auth::environment::Environment;
use codeartifact_clients::node::npmrc::Document;
use codeartifact_clients::node::registries::{self, CommandLine, Places};
use codeartifact_clients::node::user::UserNpmrc;

use crate::tokens::{self, Gathered, TokenLine, Wanted};

/// The registries that were found, before any token is asked for.
pub(crate) struct Refresh<'a> {
    authenticator: &'a Authenticator,
    environment: &'a Environment,
    /// The `.npmrc` to write.
    pub file: UserNpmrc,
    /// The registries to have tokens for.
    pub wanted: Vec<Wanted>,
    /// Remarks about what the user should fix.
    pub remarks: Vec<String>,
}

impl<'a> Refresh<'a> {
    /// Looks round from `directory`, as the client in `command` would.
    pub(crate) fn prepare(
        authenticator: &'a Authenticator,
        environment: &'a Environment,
        directory: &Path,
        command: &CommandLine,
    ) -> Result<Self> {
        let places = Places::of(directory, command, environment)?;
        let hosts = authenticator.connections().hosts()?;
        let search = registries::find(&places, command, hosts, environment);
        let file = UserNpmrc::at(places.user_npmrc, environment);
        let mut wanted = tokens::wanted(search.found);
        if command.asks_helpers {
            let document = file.read()?;
            wanted.retain(|wanted| !has_helper(&document, wanted));
        }
        Ok(Self {
            authenticator,
            environment,
            wanted,
            remarks: search.remarks,
            file,
        })
    }

    /// The registries whose lines are missing or old, as far as that is known without asking AWS.
    pub(crate) fn due(&self) -> Result<Vec<&Wanted>> {
        let document = self.file.read()?;
        let is_due = |wanted: &&Wanted| match self.kept(wanted) {
            Some(line) => is_due(&document, &line),
            None => true,
        };
        Ok(self.wanted.iter().filter(is_due).collect())
    }

    fn kept(&self, wanted: &Wanted) -> Option<TokenLine> {
        let token = tokens::fresh(self.authenticator, &wanted.endpoint, self.environment.now())?;
        Some(TokenLine {
            registry: wanted.registry.clone(),
            token,
        })
    }

    /// Every token that can be had.
    pub(crate) fn gather(&self) -> Gathered {
        tokens::gather(self.authenticator, &self.wanted)
    }

    /// Those of `lines` that a write would change.
    pub(crate) fn preview<'l>(&self, lines: &'l [TokenLine]) -> Result<Vec<&'l TokenLine>> {
        let document = self.file.read()?;
        Ok(lines
            .iter()
            .filter(|line| is_due(&document, line))
            .collect())
    }

    /// Writes what is due; returns whether anything was.
    pub(crate) fn write(&self, lines: &[TokenLine]) -> Result<bool> {
        self.file.update(|document| set(document, lines))
    }

    /// Returns the text of the file after a write.
    pub(crate) fn text(&self, lines: &[TokenLine]) -> Result<Vec<u8>> {
        let mut document = self.file.read()?;
        set(&mut document, lines)?;
        Ok(document.to_bytes())
    }

    /// Removes every token for CodeArtifact, needed here or not; returns whether there was one.
    pub(crate) fn logout(&self) -> Result<bool> {
        let hosts = self.authenticator.connections().hosts();
        self.file.log_out(hosts?, |_| true)
    }
}

/// By `codeartifact setup pnpm`.
fn has_helper(document: &Document, wanted: &Wanted) -> bool {
    let key = format!("{}:tokenHelper", wanted.registry);
    document.setting(&key).is_some()
}

fn set(document: &mut Document, lines: &[TokenLine]) -> Result<()> {
    let mut lines = lines.iter();
    lines.try_for_each(|line| document.set_token(&line.registry, line.token.expose()))
}

fn is_due(document: &Document, line: &TokenLine) -> bool {
    let mut after = document.clone();
    let set = after.set_token(&line.registry, line.token.expose());
    set.is_err() || after != *document
}
