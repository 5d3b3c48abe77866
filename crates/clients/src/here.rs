//! Holds what a client that is started here reads: the directories of the project, the user's home, variables; and the
//! clients themselves, asked once a run. Helpers never ask a client. Nothing is judged here.

pub(crate) mod folders;
mod run;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use codeartifact_auth::Error;
use codeartifact_auth::connection::Connections;
use codeartifact_auth::endpoint::{Endpoint, MappedHosts, UrlParts, without_userinfo};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;
use codeartifact_auth::user_file::read_regular;

use crate::node::registries::{self, CommandLine, Places, Search};

pub(crate) use folders::require_inside;
use folders::upwards;
pub use run::run;

/// A client that says what its settings are needs a fraction of this; without an answer its files are read.
const PATIENCE: Duration = Duration::from_secs(6);

/// A question asks no registry: corepack would fetch the client first that a project names.
pub const NO_FETCH: (&str, &str) = ("COREPACK_ENABLE_NETWORK", "0");

/// The directory and the environment that clients are looked at in.
pub struct Here<'a> {
    /// Variables, home and clock.
    pub environment: &'a Environment,
    /// The current directory.
    pub directory: PathBuf,
    connections: OnceCell<Connections>,
    registries: OnceCell<Registries>,
    no_hosts: MappedHosts,
    asks: bool,
    answers: RefCell<BTreeMap<String, Option<String>>>,
    /// Programs that did not answer in time, and are asked nothing more.
    hung: RefCell<BTreeSet<PathBuf>>,
}

/// The places where the clients of the npm family look, and what was found there.
pub(crate) type Registries = (Places, Search);

/// A text, and where it is from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedText {
    /// A path or a variable's name.
    pub name: String,
    /// As it is there.
    pub text: String,
}

impl<'a> Here<'a> {
    /// The process's own directory.
    ///
    /// # Errors
    /// It is gone.
    pub fn new(environment: &'a Environment) -> std::io::Result<Self> {
        Ok(Self::at(std::env::current_dir()?, environment))
    }

    /// A directory of the caller's choosing.
    pub fn at(directory: PathBuf, environment: &'a Environment) -> Self {
        Self {
            environment,
            directory,
            connections: OnceCell::new(),
            registries: OnceCell::new(),
            no_hosts: MappedHosts::new(),
            asks: false,
            answers: RefCell::default(),
            hung: RefCell::default(),
        }
    }

    /// The same, where clients are asked and not only their files read: that takes a while.
    #[must_use]
    pub fn asking(self) -> Self {
        Self { asks: true, ..self }
    }

    /// The user's connections, read when they are first needed: most of an undo needs none.
    ///
    /// # Errors
    /// The configuration cannot be used.
    pub fn connections(&self) -> Result<&Connections, Error> {
        if let Some(loaded) = self.connections.get() {
            return Ok(loaded);
        }
        let loaded = Connections::load(self.environment)?;
        Ok(self.connections.get_or_init(|| loaded))
    }

    /// The hosts that the user has mapped; none where the configuration is broken.
    pub fn hosts(&self) -> &MappedHosts {
        let connections = self.connections().ok();
        let hosts = connections.and_then(|connections| connections.hosts().ok());
        hosts.unwrap_or(&self.no_hosts)
    }

    /// Tells if the project or the user has a registry for npm or its like: codeartifact-npm gets the tokens for those.
    ///
    /// # Errors
    /// There is no place for the user's `.npmrc`.
    pub fn names_registries(&self) -> anyhow::Result<bool> {
        Ok(!self.registries()?.1.found.is_empty())
    }

    /// The registries of the npm family, searched once: four clients want to know them.
    ///
    /// # Errors
    /// There is no place for the user's `.npmrc`.
    pub(crate) fn registries(&self) -> anyhow::Result<&Registries> {
        if let Some(found) = self.registries.get() {
            return Ok(found);
        }
        let command = CommandLine::default();
        let places = Places::of(&self.directory, &command, self.environment)?;
        let search = registries::find(&places, &command, self.hosts(), self.environment);
        Ok(self.registries.get_or_init(|| (places, search)))
    }

    /// The CodeArtifact endpoint that a client would ask under this URL.
    pub fn endpoint(&self, url: &str) -> Option<Endpoint> {
        let url = if has_variables(UrlParts::cut(url).userinfo) {
            Cow::Owned(without_userinfo(url))
        } else {
            Cow::Borrowed(url)
        };
        Endpoint::parse(&url, self.hosts()).ok()
    }

    /// Tells if a client would ask CodeArtifact there.
    pub fn is_ours(&self, url: &str) -> bool {
        self.endpoint(url).is_some()
    }

    /// The project's directories, nearest first.
    pub fn directories(&self) -> Vec<PathBuf> {
        upwards(&self.directory, self.environment.home().as_deref())
    }

    /// The nearest file of that name in the project.
    pub fn nearest(&self, name: &str) -> Option<NamedText> {
        let mut files = self.directories().into_iter().map(|it| it.join(name));
        files.find_map(|file| read(&file))
    }

    /// A variable, to be judged like a file.
    pub fn variable(&self, name: &str) -> Option<NamedText> {
        Some(NamedText {
            name: name.to_owned(),
            text: self.environment.text(name)?,
        })
    }

    /// Returns what a client itself prints about its settings. It is run once however often this is called. `None` where it is
    /// not on PATH, fails, or does not answer in time, or must not be asked at all. It gets `variables` besides its own.
    pub fn ask(
        &self,
        client: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Option<String> {
        if !self.asks {
            return None;
        }
        let key = format!("{client} {} {variables:?}", arguments.join(" "));
        if let Some(known) = self.answers.borrow().get(&key) {
            return known.clone();
        }
        let program = next_on_path::find(OsStr::new(client), self.environment);
        let answer = program.and_then(|program| self.ask_program(program, arguments, variables));
        self.answers.borrow_mut().insert(key, answer.clone());
        answer
    }

    fn ask_program(
        &self,
        program: PathBuf,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Option<String> {
        if self.hung.borrow().contains(&program) {
            return None;
        }
        let mut command = Command::new(&program);
        command.args(arguments).current_dir(&self.directory);
        command.env(NO_FETCH.0, NO_FETCH.1);
        let Some(ended) = run(command.envs(variables.iter().copied()), PATIENCE) else {
            self.hung.borrow_mut().insert(program);
            return None;
        };
        let is_answer = ended.status.success();
        String::from_utf8(ended.stdout).ok().filter(|_| is_answer)
    }
}

/// A file's text; one that is missing or cannot be read says nothing to a client either. Only a regular file is opened:
/// a pipe of that name in a shared directory would hold us up for ever.
pub(crate) fn read(file: &Path) -> Option<NamedText> {
    let bytes = read_regular(file).ok()?;
    Some(NamedText {
        name: file.display().to_string(),
        text: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

/// Tells if a login is, in part or as a whole, of the form `${NAME}`: clients put in what the variable holds before they
/// read the URL.
fn has_variables(userinfo: &str) -> bool {
    let mut pieces = userinfo.split("${");
    let is_plain = |text: &str| !text.contains(['{', '}', '\\']);
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let is_variable = |piece: &str| {
        let cut = piece.split_once('}');
        cut.is_some_and(|(name, rest)| name.chars().all(is_name) && is_plain(rest))
    };
    let is_first_plain = pieces.next().is_some_and(is_plain);
    let mut variables = pieces.peekable();
    is_first_plain && variables.peek().is_some() && variables.all(is_variable)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;

    use codeartifact_auth::token::Timestamp;

    use super::*;

    fn write_program(file: &Path, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        fs::write(file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn a_variable_in_a_login_hides_no_repository() {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let here = Here::at(home.path().to_owned(), &environment);
        let rows = [
            ("", true),
            ("aws:${CODEARTIFACT_AUTH_TOKEN}@", true),
            ("${USER_1}:${PASS}@", true),
            ("aws:$TOKEN@", true),
            ("aws:${A@", false),
            ("aws:${A}}@", false),
            ("aws:{A}@", false),
            ("aws:${A.B}@", false),
            ("aws:${A}\\@", false),
        ];
        let host = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        for (login, is_ours) in rows {
            let url = format!("https://{login}{host}/pypi/my-repo/simple/");
            assert_eq!(here.is_ours(&url), is_ours, "{login}");
        }
    }

    #[test]
    fn a_client_is_asked_once_and_its_failure_is_no_answer() {
        let home = tempfile::tempdir().unwrap();
        let path = format!("{}:/bin:/usr/bin", home.path().display());
        let environment =
            Environment::fixed(&[("PATH", &path)], home.path().to_owned(), Timestamp(0));
        let here = Here::at(home.path().to_owned(), &environment).asking();
        write_program(
            &home.path().join("good"),
            "cat; echo asked >>log; echo \"$1\"",
        );
        write_program(&home.path().join("bad"), "echo x; exit 1");
        for _ in 0..2 {
            assert_eq!(here.ask("good", &["a"], &[]).as_deref(), Some("a\n"));
        }
        assert_eq!(here.ask("bad", &[], &[]), None);
        assert_eq!(here.ask("no-such-client", &[], &[]), None);
        let log = fs::read_to_string(home.path().join("log")).unwrap();
        assert_eq!(log, "asked\n");
    }
}
