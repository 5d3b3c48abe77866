//! The end of a setup: whether the client will find us and get an answer, asked in the client's own way.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output as Ended, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::successor;

use super::{Asks, Client, Repository, keyring, remark};
use crate::output::Output;

/// Longer than a helper may take, so that its reason arrives.
const PATIENCE: Duration = Duration::from_secs(40);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Asks as the clients that use the library do. Ends with 4 where the library or our back end is missing.
const LIBRARY: &str = "
import sys
try:
    import keyring, codeartifact_keyring
except ImportError:
    sys.exit(4)
sys.exit(0 if keyring.get_credential(sys.argv[1], 'aws') else 1)";
const NOT_THERE: i32 = 4;

/// Adds what the question brought to what was done.
pub(super) fn add(
    mut output: Output,
    client: &Client,
    repository: &Repository,
    environment: &Environment,
) -> Output {
    let url = repository.endpoint.client_url();
    let result = match client.asks {
        Asks::Command => by_command(client.name, &url, environment),
        Asks::Library => by_library(client.name, &url, environment),
    };
    match result {
        Ok(text) => output.add(&format!("{text}\n")),
        Err(text) => {
            output.stderr += &remark(&text);
            output.exit = Exit::Nothing;
        }
    }
    output
}

/// Whether Python's keyring has our back end.
pub(super) fn lists_our_back_end(keyring: &Path) -> bool {
    let mut command = Command::new(keyring);
    let listed = run(command.arg("--list-backends"));
    listed.is_some_and(|listed| {
        String::from_utf8_lossy(&listed.stdout).contains("codeartifact_keyring")
    })
}

fn by_command(client: &str, url: &str, environment: &Environment) -> Result<String, String> {
    let Some(found) = successor::find(OsStr::new(keyring::COMMAND), environment) else {
        return Err(format!(
            "{client} will not find a `keyring`: put ~/.local/bin on PATH"
        ));
    };
    let mut command = Command::new(&found);
    let ended = run(command.args(["--mode=creds", "--output=json", "get", url, "aws"]));
    verdict(client, &found, ended)
}

fn by_library(client: &str, url: &str, environment: &Environment) -> Result<String, String> {
    let Some(python) = python_of(client, environment) else {
        return Err(format!(
            "cannot tell which Python runs {client}, so nothing was tested; it needs codeartifact-keyring beside it: \
             `pipx inject {client} codeartifact-keyring`"
        ));
    };
    let mut command = Command::new(&python);
    let ended = run(command.args(["-c", LIBRARY, url]));
    if ended.as_ref().and_then(|ended| ended.status.code()) == Some(NOT_THERE) {
        return Err(format!(
            "{client} will not find us in {}\n  hint: `pipx inject {client} codeartifact-keyring`, or pip install it there",
            python.display()
        ));
    }
    verdict(client, &python, ended)
}

fn verdict(client: &str, asked: &Path, ended: Option<Ended>) -> Result<String, String> {
    let asked = asked.display();
    match ended {
        Some(ended) if ended.status.success() => {
            Ok(format!("tested: {client} gets its token from {asked}"))
        }
        Some(ended) => {
            let said = String::from_utf8_lossy(&ended.stderr);
            Err(format!(
                "{client} will ask {asked}, which has no token now\n{}",
                said.trim_end()
            ))
        }
        None => Err(format!("{client} will ask {asked}, which does not answer")),
    }
}

/// The interpreter in the first line of the client's script.
fn python_of(client: &str, environment: &Environment) -> Option<PathBuf> {
    let script = successor::find(OsStr::new(client), environment)?;
    let script = fs::canonicalize(script).ok()?;
    let text = fs::read(script).ok()?;
    let first = text.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(first).ok()?.strip_prefix("#!")?.trim();
    let is_python = |path: &PathBuf| path.is_file() && line.contains("python");
    Some(PathBuf::from(line)).filter(is_python)
}

/// Runs it to its end, which has to come in time.
fn run(command: &mut Command) -> Option<Ended> {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    let began = Instant::now();
    while child.try_wait().ok()?.is_none() {
        if began.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        thread::sleep(LOOK_EVERY);
    }
    child.wait_with_output().ok()
}
