//! Holds what a client that is started here reads: the directories of the project, the user's home, variables; and the
//! clients themselves, asked once a run. Helpers never ask a client. Nothing is judged here.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsStr;
#[cfg(unix)]
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use codeartifact_auth::Error;
use codeartifact_auth::connection::Connections;
use codeartifact_auth::endpoint::{Endpoint, MappedHosts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;
use codeartifact_auth::user_file::{UserFile, read_regular};

use crate::error::UserError;

use crate::node::registries::{self, CommandLine, Places, Search};

/// A client that says what its settings are needs a fraction of this; without an answer its files are read.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(5);

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
}

/// Where the clients of the npm family look, and what was found there.
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
        Endpoint::parse(url, self.hosts()).ok()
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

    /// Returns what a client itself prints about its settings. It is run once however often this is called. `None` where it is not
    /// on PATH, fails, or does not answer in time, or must not be asked at all. It gets `variables` besides its own.
    pub fn ask(
        &self,
        client: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Option<String> {
        if !self.asks {
            return None;
        }
        let key = format!("{client} {}", arguments.join(" "));
        if let Some(known) = self.answers.borrow().get(&key) {
            return known.clone();
        }
        let answer = next_on_path::find(OsStr::new(client), self.environment).and_then(|program| {
            let mut command = Command::new(program);
            command.args(arguments).current_dir(&self.directory);
            command.env(NO_FETCH.0, NO_FETCH.1);
            let ended = run(command.envs(variables.iter().copied()), PATIENCE);
            let ended = ended.filter(|ended| ended.status.success())?;
            String::from_utf8(ended.stdout).ok()
        });
        self.answers.borrow_mut().insert(key, answer.clone());
        answer
    }
}

/// Runs a program to its end, without stdin. `None`: it cannot be started, or was ended when its time was up.
pub fn run(command: &mut Command, patience: Duration) -> Option<Output> {
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.stdin(Stdio::null()).spawn().ok()?;
    let began = Instant::now();
    while child.try_wait().ok()?.is_none() {
        if began.elapsed() > patience {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        thread::sleep(LOOK_EVERY);
    }
    child.wait_with_output().ok()
}

/// `start` and what is above it. The home directory counts only as a start, since its files are the user's and not a
/// project's; nothing above it is a part of what is there. Nor is a directory in which other users write: `/tmp` is no
/// project's root.
pub(crate) fn upwards(start: &Path, home: Option<&Path>) -> Vec<PathBuf> {
    let is_home = Some(start) == home;
    let above = start.ancestors().skip(1);
    let above = above.take_while(|directory| {
        !is_home && Some(*directory) != home && !is_others(directory, start)
    });
    [start]
        .into_iter()
        .chain(above)
        .map(Path::to_owned)
        .collect()
}

/// Tells if files in a directory may be another user's than ours, the administrator's, or that of the project at `start`,
/// which a container often has under another number.
#[cfg(unix)]
fn is_others(directory: &Path, start: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    const ANYBODY_WRITES: u32 = 0o002;
    let of_project = fs::metadata(start).ok().map(|found| found.uid());
    fs::metadata(directory).is_ok_and(|found| {
        let is_trusted = found.uid() == 0
            || found.uid() == rustix::process::geteuid().as_raw()
            || Some(found.uid()) == of_project;
        !is_trusted || found.mode() & ANYBODY_WRITES != 0
    })
}

#[cfg(not(unix))]
fn is_others(_: &Path, _: &Path) -> bool {
    false
}

/// Refuses a file of a project that a link leads out of it: a setup for the project changes nothing else.
///
/// # Errors
/// It is one.
pub(crate) fn require_inside(project: &Path, file: &Path) -> anyhow::Result<()> {
    let target = UserFile::at(file)?;
    let above = match target.path().parent() {
        Some(above) if !above.as_os_str().is_empty() => above,
        _ => Path::new("."),
    };
    // Folders that are missing are made, below the last one that is there.
    let there = above.ancestors().find(|folder| folder.exists());
    let there = there
        .filter(|it| !it.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if there.canonicalize()?.starts_with(project.canonicalize()?) {
        return Ok(());
    }
    let (file, target) = (file.display(), target.path().display());
    let text = format!("{file} is a link to {target}, which is outside this project");
    Err(UserError::new(text).into())
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn a_project_ends_below_the_home_directory() {
        let rows: [(&str, &[&str]); 3] = [
            ("/home/ada/a/b", &["/home/ada/a/b", "/home/ada/a"]),
            ("/home/ada", &["/home/ada"]),
            ("/srv/a", &["/srv/a", "/srv", "/"]),
        ];
        for (start, expected) in rows {
            let found = upwards(Path::new(start), Some(Path::new("/home/ada")));
            assert_eq!(
                found,
                expected.iter().map(PathBuf::from).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn a_project_ends_below_a_directory_in_which_everybody_writes() {
        use std::os::unix::fs::PermissionsExt;
        let shared = tempfile::tempdir().unwrap();
        let project = shared.path().join("build/x");
        fs::create_dir_all(&project).unwrap();
        let set = |mode| fs::set_permissions(shared.path(), fs::Permissions::from_mode(mode));
        set(0o1777).unwrap();
        let found = upwards(&project, None);
        assert_eq!(found, [project.clone(), shared.path().join("build")]);
        set(0o755).unwrap();
        assert_eq!(upwards(&project, None)[2], shared.path());
    }

    fn write_program(file: &Path, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        fs::write(file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
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

    #[test]
    fn a_program_that_hangs_is_ended() {
        let mut command = Command::new("sleep");
        assert!(run(command.arg("60"), Duration::from_millis(20)).is_none());
    }
}
