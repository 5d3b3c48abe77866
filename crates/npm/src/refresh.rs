//! One refresh: what a project and its user need, against what the user's files have. It prints nothing.

use std::path::{Path, PathBuf};

use anyhow::Result;
use codeartifact_auth::Authenticator;
use codeartifact_auth::environment::Environment;
use codeartifact_clients::node::npmrc::Document;
use codeartifact_clients::node::registries::{self, CommandLine, Kind, Places, Search};
use codeartifact_clients::node::user::UserNpmrc;
use codeartifact_clients::setting::Setting;

use crate::tokens::{self, Effort, Gathered, TokenLine, WantedRegistry};
use crate::variables::{self, Assignments};

/// The registries that were found, before any token is asked for.
pub(crate) struct Refresh<'a> {
    pub authenticator: &'a Authenticator,
    environment: &'a Environment,
    pub search: Search,
    /// Registries that only a package itself names to be published to.
    pub unmet: Vec<Setting>,
    /// The registries to have tokens for.
    pub wanted: Vec<WantedRegistry>,
    /// The files to write them to: the user's `.npmrc` first.
    pub files: Vec<UserNpmrc>,
    /// pnpm's file of logins: a token there is replaced, and none is added.
    logins: Option<UserNpmrc>,
}

/// The files that were written, and what was wrong with others.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub files: Vec<PathBuf>,
    pub errors: Vec<anyhow::Error>,
    /// The reason why pnpm's logins are as old as before: nothing that is handed over in memory wins over them.
    pub old_logins: Option<anyhow::Error>,
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
        let mut search = registries::find(&places, command, hosts, environment);
        let named = std::mem::take(&mut search.published_to).into_iter();
        let (published_to, unmet) = named.partition(|it| is_configured(authenticator, it));
        search.published_to = published_to;
        let mut wanted = tokens::wanted(search.found.iter().chain(&search.published_to));
        tokens::respell(&mut wanted, &search.spellings);
        let at = |path: &PathBuf| UserNpmrc::at(path.clone(), environment);
        let of = &search.token_files;
        let is_pnpm = command.may_be(Kind::Pnpm);
        let pnpm = of.pnpm.iter().filter(|_| is_pnpm);
        let logins = of.pnpm_logins.as_ref();
        let logins = logins.filter(|it| is_pnpm && search.has_read(it));
        if command.asks_helpers {
            let document = UserNpmrc::at(of.of_pnpm().to_owned(), environment).read()?;
            wanted.retain(|wanted| !has_helper(&document, wanted));
        }
        Ok(Self {
            unmet,
            files: [&of.npmrc].into_iter().chain(pnpm).map(at).collect(),
            logins: logins.map(at),
            authenticator,
            environment,
            wanted,
            search,
        })
    }

    /// The registries whose lines are missing or old, as far as that is known without asking AWS.
    pub(crate) fn due(&self) -> Result<Vec<&WantedRegistry>> {
        let documents = self.documents()?;
        let logins = self.logins.as_ref().map(UserNpmrc::read).transpose()?;
        let is_due = |wanted: &&WantedRegistry| match self.kept(wanted) {
            Some(line) => {
                let is_old = logins.as_ref().is_some_and(|it| has_older(it, &line));
                is_old || documents.iter().any(|document| is_due(document, &line))
            }
            None => true,
        };
        Ok(self.wanted.iter().filter(is_due).collect())
    }

    fn documents(&self) -> Result<Vec<Document>> {
        self.files.iter().map(UserNpmrc::read).collect()
    }

    fn kept(&self, wanted: &WantedRegistry) -> Option<TokenLine> {
        let token = tokens::fresh(self.authenticator, &wanted.endpoint)?;
        Some(TokenLine {
            registry: wanted.registry.clone(),
            token,
        })
    }

    /// Returns why this project would lead a token away, if there may be one: for a registry here, or in the user's files.
    pub(crate) fn diversion(&self, command: &CommandLine) -> Option<String> {
        let has_tokens = !self.wanted.is_empty() || !self.search.credentials.is_empty();
        let found = || self.search.diversion(command.may_be(Kind::Bun));
        has_tokens.then(found)?
    }

    /// Every token that can be had.
    pub(crate) fn gather(&self, effort: Effort) -> Gathered {
        tokens::gather(self.authenticator, &self.wanted, effort)
    }

    /// The variables that a command gets.
    pub(crate) fn assign(&self, gathered: &Gathered) -> Assignments {
        variables::assign(
            &self.search,
            &gathered.answers,
            self.authenticator,
            self.environment,
        )
    }

    /// Those of `lines` that a write would change.
    pub(crate) fn preview<'l>(&self, lines: &'l [TokenLine]) -> Result<Vec<&'l TokenLine>> {
        let documents = self.documents()?;
        let is_due = |line: &&TokenLine| documents.iter().any(|document| is_due(document, line));
        Ok(lines.iter().filter(is_due).collect())
    }

    /// Writes what is due into every file.
    pub(crate) fn write(&self, lines: &[TokenLine]) -> Written {
        let mut written = self.renew_logins(lines);
        for file in &self.files {
            written.note(file, file.update(|document| set(document, lines)));
        }
        written
    }

    /// Replaces the tokens among pnpm's logins, which would win over a file in memory, too.
    pub(crate) fn renew_logins(&self, lines: &[TokenLine]) -> Written {
        let mut written = Written::default();
        if let Some(file) = &self.logins {
            let renew = |document: &mut Document| {
                let mut lines = lines.iter();
                lines.try_for_each(|line| document.renew_token(&line.registry, line.token.expose()))
            };
            written.note(file, file.update(renew));
            written.old_logins = written.errors.pop();
        }
        written
    }

    /// Returns the text of each file after a write.
    pub(crate) fn texts(&self, lines: &[TokenLine]) -> Result<Vec<Vec<u8>>> {
        let mut texts = Vec::new();
        for mut document in self.documents()? {
            set(&mut document, lines)?;
            texts.push(document.to_bytes());
        }
        Ok(texts)
    }

    /// Removes every token for CodeArtifact, needed here or not; returns the files that had one.
    pub(crate) fn logout(&self) -> Result<Vec<&Path>> {
        let hosts = self.authenticator.connections().hosts()?;
        let mut cleaned = Vec::new();
        for file in self.files.iter().chain(&self.logins) {
            if file.log_out(hosts, |_| true)? {
                cleaned.push(file.path.as_path());
            }
        }
        Ok(cleaned)
    }
}

impl Written {
    fn note(&mut self, file: &UserNpmrc, result: Result<bool>) {
        match result {
            Ok(true) => self.files.push(file.path.clone()),
            Ok(false) => {}
            Err(error) => self.errors.push(error),
        }
    }
}

/// A package's own word is enough only where the user has a connection for the domain that it names.
fn is_configured(authenticator: &Authenticator, setting: &Setting) -> bool {
    let connection = authenticator.connections().find(&setting.endpoint, None);
    connection.is_ok_and(|it| it.name.is_some() || !it.hops.is_empty())
}

/// By `codeartifact setup pnpm`.
fn has_helper(document: &Document, wanted: &WantedRegistry) -> bool {
    let key = format!("{}:tokenHelper", wanted.registry);
    document.setting(&key).is_some()
}

fn set(document: &mut Document, lines: &[TokenLine]) -> Result<()> {
    let mut lines = lines.iter();
    lines.try_for_each(|line| document.set_token(&line.registry, line.token.expose()))
}

/// Tells if a login for the registry is another token.
fn has_older(logins: &Document, line: &TokenLine) -> bool {
    let mut after = logins.clone();
    let renewed = after.renew_token(&line.registry, line.token.expose());
    renewed.is_err() || after != *logins
}

fn is_due(document: &Document, line: &TokenLine) -> bool {
    let mut after = document.clone();
    let set = after.set_token(&line.registry, line.token.expose());
    set.is_err() || after != *document
}
