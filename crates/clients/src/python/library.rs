//! Python's `keyring` library, which poetry, hatch and twine ask in their own environment: tells if our back end is
//! beside it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::next_on_path;
use codeartifact_auth::user_file::read_regular;

use super::WHEEL;
use crate::finding::Finding;
use crate::here;

/// An interpreter that imports a library needs a fraction of this.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells if Python's keyring has our back end.
pub(super) fn lists_our_back_end(keyring: &Path) -> bool {
    let listed = here::run(Command::new(keyring).arg("--list-backends"), PATIENCE);
    let says_so =
        |listed: Output| String::from_utf8_lossy(&listed.stdout).contains("codeartifact_keyring");
    listed.is_some_and(says_so)
}

/// Says what keeps a client from finding us.
pub(crate) fn finding(check: &'static str, client: &str, environment: &Environment) -> Finding {
    let hint = format!("pipx inject {client} {WHEEL}, or pip install it there");
    let Some(python) = python_of(client, environment) else {
        let text = format!(
            "asks Python's keyring library, where it needs our back end; it is unknown which Python runs {client}"
        );
        return Finding::warning(check, client, text).hint(hint);
    };
    let import = ["-c", "import keyring, codeartifact_keyring"];
    let ended = here::run(Command::new(&python).args(import), PATIENCE);
    let shown = python.display();
    if ended.is_some_and(|ended| ended.status.success()) {
        return Finding::ok(
            check,
            client,
            format!("asks the keyring library of {shown}"),
        );
    }
    let text = format!("finds no codeartifact-keyring in the keyring library of {shown}");
    Finding::failed(check, client, text, Exit::Configuration).hint(hint)
}

/// The interpreter in the first line of the client's script.
fn python_of(client: &str, environment: &Environment) -> Option<PathBuf> {
    let script = next_on_path::find(OsStr::new(client), environment)?;
    let script = fs::canonicalize(script).ok()?;
    let text = read_regular(&script).ok()?;
    let first = text.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(first).ok()?.strip_prefix("#!")?.trim();
    let is_python = |path: &PathBuf| path.is_file() && line.contains("python");
    Some(PathBuf::from(line)).filter(is_python)
}
