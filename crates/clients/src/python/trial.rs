//! The end of a setup: whether the client will find us and get an answer, asked in the client's own way.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;

use super::{Asks, Python, keyring};
use crate::Trial;
use crate::here;

/// Longer than a helper may take, so that its reason arrives.
const PATIENCE: Duration = Duration::from_secs(40);

/// Asks as the clients that use the library do. Ends with 4 where the library or our back end is missing.
const LIBRARY: &str = "
import sys
try:
    import keyring, codeartifact_keyring
except ImportError:
    sys.exit(4)
sys.exit(0 if keyring.get_credential(sys.argv[1], 'aws') else 1)";
const NOT_THERE: i32 = 4;

/// Asks for a token.
pub(super) fn run(client: &Python, url: &str, environment: &Environment) -> Trial {
    match client.asks {
        Asks::Command => by_command(client.name, url, environment),
        Asks::Library => by_library(client.name, url, environment),
    }
}

/// Tells if Python's keyring has our back end.
pub(super) fn lists_our_back_end(keyring: &Path) -> bool {
    let listed = here::run(Command::new(keyring).arg("--list-backends"), PATIENCE);
    let says_so =
        |listed: Output| String::from_utf8_lossy(&listed.stdout).contains("codeartifact_keyring");
    listed.is_some_and(says_so)
}

fn by_command(client: &str, url: &str, environment: &Environment) -> Trial {
    let Some(found) = next_on_path::find(OsStr::new(keyring::COMMAND), environment) else {
        return Trial::Fails(format!(
            "{client} will not find a `keyring`: put ~/.local/bin on PATH"
        ));
    };
    let mut command = Command::new(&found);
    let ended = command.args(["--mode=creds", "--output=json", "get", url, "aws"]);
    verdict(client, &found, here::run(ended, PATIENCE))
}

fn by_library(client: &str, url: &str, environment: &Environment) -> Trial {
    let Some(python) = python_of(client, environment) else {
        return Trial::Fails(format!(
            "cannot tell which Python runs {client}, so nothing was tested; it needs codeartifact-keyring beside it: \
             `pipx inject {client} codeartifact-keyring`"
        ));
    };
    let ended = here::run(Command::new(&python).args(["-c", LIBRARY, url]), PATIENCE);
    if ended.as_ref().and_then(|ended| ended.status.code()) == Some(NOT_THERE) {
        return Trial::Fails(format!(
            "{client} will not find us in {}\n  hint: `pipx inject {client} codeartifact-keyring`, or pip install it there",
            python.display()
        ));
    }
    verdict(client, &python, ended)
}

fn verdict(client: &str, asked: &Path, ended: Option<Output>) -> Trial {
    let asked = asked.display();
    match ended {
        Some(ended) if ended.status.success() => {
            Trial::Works(format!("tested: {client} gets its token from {asked}"))
        }
        Some(ended) => {
            let said = String::from_utf8_lossy(&ended.stderr);
            let said = said.trim_end();
            Trial::Fails(format!(
                "{client} will ask {asked}, which has no token now\n{said}"
            ))
        }
        None => Trial::Fails(format!("{client} will ask {asked}, which does not answer")),
    }
}

/// The interpreter in the first line of the client's script.
fn python_of(client: &str, environment: &Environment) -> Option<PathBuf> {
    let script = next_on_path::find(OsStr::new(client), environment)?;
    let script = fs::canonicalize(script).ok()?;
    let text = fs::read(script).ok()?;
    let first = text.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(first).ok()?.strip_prefix("#!")?.trim();
    let is_python = |path: &PathBuf| path.is_file() && line.contains("python");
    Some(PathBuf::from(line)).filter(is_python)
}
