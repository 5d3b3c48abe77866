//! One client's trial: it is run before a stand-in of the repository, with the user's settings, and what it sent is
//! kept. What that means is `verdict`'s to say.

mod tried;

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use codeartifact_auth::endpoint::{Endpoint, MappedHosts};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::token::{Secret, Timestamp};
use codeartifact_clients::here::{self, Here};
use codeartifact_clients::leftover;
use codeartifact_clients::setting::Setting;
use codeartifact_clients::trial::{Program, Scratch, Trial};
use codeartifact_proxy::{Observed, SentCredentials, Trials};

pub(crate) use tried::{Candidate, Known, Run, Tried};

/// A client that has not asked by then waits for something else.
pub(super) const DEADLINE: Duration = Duration::from_secs(15);

/// The same for one that starts slowly.
const LONG_DEADLINE: Duration = Duration::from_secs(60);

/// The stand-in.
///
/// # Errors
/// No folder or thread can be had.
pub(crate) fn stand_in(environment: &Environment, mapped: MappedHosts) -> io::Result<Trials> {
    Trials::start(environment, mapped)
}

/// Tries a client.
pub(crate) fn run(
    candidate: Candidate,
    known: &[Known],
    here: &Here<'_>,
    trials: &Trials,
) -> Tried {
    let began = here.environment.now();
    let mut runs = Vec::new();
    let is_known = |it: &Setting| {
        known
            .iter()
            .any(|known| known.endpoint.domain == it.endpoint.domain)
    };
    let has_token = candidate.settings.is_empty() || candidate.settings.iter().any(is_known);
    let (program, directory) = (&candidate.program, &here.directory);
    // The start of an interpreter takes most of the time of both.
    let (version, error) = thread::scope(|scope| {
        let version = scope.spawn(|| version(program, directory));
        let watched = has_token.then(|| watch(&candidate, known, here, trials, &mut runs));
        (version.join().ok().flatten(), watched.and_then(Result::err))
    });
    let client = candidate.client;
    Tried {
        reason: if sends_token(&runs, known) {
            None
        } else {
            client.reason(here, version.as_deref())
        },
        winning: client.winning(here),
        findings: client.findings(here),
        leftovers: leftover::findings_of(&[client], here),
        empty: leftover::empty(client, here),
        caveat: client.caveat(here),
        risks: client.risks(here),
        candidate,
        version,
        has_token,
        runs,
        began,
        error,
    }
}

fn sends_token(runs: &[Run], known: &[Known]) -> bool {
    let requests = runs.iter().flat_map(|it| &it.observed.requests);
    let tokens = || known.iter().map(|it| &it.token);
    requests
        .into_iter()
        .any(|it| it.credentials.is_one_of(tokens()))
}

/// Runs one trial after the other, until each repository was asked, or all where each is for other packages.
fn watch(
    candidate: &Candidate,
    known: &[Known],
    here: &Here<'_>,
    trials: &Trials,
    runs: &mut Vec<Run>,
) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let authorities = trials.bundle();
    let scratch = Scratch {
        folder: folder.path(),
        authorities: &authorities,
    };
    for trial in candidate.client.trials(here, &candidate.settings, &scratch) {
        let command = command(&candidate.program, &trial, folder.path(), here)?;
        let good: Vec<Secret> = known.iter().map(|it| it.token.clone()).collect();
        // A repository that a setting names has its token by now; one that is asked unexpectedly gets it when it is asked.
        let any_live = candidate
            .settings
            .is_empty()
            .then(|| here.environment.now());
        let deadline = if trial.is_slow {
            LONG_DEADLINE
        } else {
            DEADLINE
        };
        let accepts = move |sent: &SentCredentials| {
            sent.is_one_of(&good) || any_live.is_some_and(|now| is_live(sent, now))
        };
        let observed = trials.run(command, deadline, accepts)?;
        runs.push(Run {
            observed,
            succeeds: trial.succeeds,
        });
        let mut endpoints = candidate.settings.iter().map(|it| &it.endpoint);
        let is_asked = |endpoint: &Endpoint| runs.iter().any(|it| asks(&it.observed, endpoint));
        let is_enough = !candidate.settings.is_empty() && !candidate.client.tries_packages();
        if is_enough && endpoints.all(is_asked) {
            break;
        }
    }
    Ok(())
}

/// Tells if these hold a token of CodeArtifact's, whosever, that has not run out.
fn is_live(sent: &SentCredentials, now: Timestamp) -> bool {
    let expires = sent.secret().and_then(|it| leftover::expiry(it.expose()));
    expires.is_some_and(|expires| expires.since(now) > 0)
}

/// Tells if a run has asked the repository.
pub(super) fn asks(observed: &Observed, endpoint: &Endpoint) -> bool {
    let path = path_of(endpoint);
    let mut requests = observed.requests.iter();
    requests.any(|it| it.host == endpoint.host() && it.path.starts_with(&path))
}

/// Returns the beginning of the paths of all requests to a repository.
pub(super) fn path_of(endpoint: &Endpoint) -> String {
    let root = endpoint.root();
    let behind = root.split_once(endpoint.host());
    behind.map_or(root.clone(), |(_, path)| path.to_owned())
}

fn command(
    program: &Program,
    trial: &Trial,
    scratch: &Path,
    here: &Here<'_>,
) -> io::Result<Command> {
    for (name, content) in &trial.files {
        let file = scratch.join(name);
        file.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(file, content)?;
    }
    let mut command = Command::new(&program.path);
    command.args(&program.arguments).args(&trial.arguments);
    command.envs(trial.variables.iter().map(|(name, value)| (name, value)));
    command.current_dir(if trial.in_scratch {
        scratch
    } else {
        &here.directory
    });
    Ok(command)
}

/// The first number in what the program says of itself.
fn version(program: &Program, directory: &Path) -> Option<String> {
    let mut command = Command::new(&program.path);
    command.args(&program.arguments).current_dir(directory);
    command.env(here::NO_FETCH.0, here::NO_FETCH.1);
    if program.path.file_stem().is_some_and(|name| name == "go") {
        // go would load the toolchain that a `go.mod` here asks for.
        command.arg("version").env("GOTOOLCHAIN", "local");
    } else {
        command.arg("--version");
    }
    let ended = here::run(&mut command, DEADLINE).filter(|ended| ended.status.success())?;
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    let mut words = said.split_whitespace();
    let number = |word: &str| {
        // Maven colours what it says of itself.
        let word = word.split('\u{1b}').find(|it| it.contains('.'))?;
        let word = word.trim_matches(|it: char| !it.is_ascii_alphanumeric());
        let word = word.trim_start_matches("go");
        let is_number = word.starts_with(|it: char| it.is_ascii_digit()) && word.contains('.');
        is_number.then(|| word.to_owned())
    };
    words.find_map(number)
}
