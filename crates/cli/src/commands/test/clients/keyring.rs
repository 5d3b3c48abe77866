//! Which `keyring` a client would run, and whether it is ours. PATH and files are looked at; nothing is run.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use codeartifact_auth::environment::{Environment, PATH};
use codeartifact_auth::successor;

use super::super::Finding;

const NAME: &str = "keyring";
const OURS: &str = "codeartifact-keyring";

/// How a link comes to be.
const HINT: &str = "ln -s \"$(command -v codeartifact-keyring)\" ~/.local/bin/keyring, and have that directory on PATH";

/// What there is on PATH by the name `keyring`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Keyring {
    Ours(PathBuf),
    /// A script, most likely the Python package's.
    Other(PathBuf),
    /// Only where the client does not look.
    Hidden(PathBuf),
    None,
}

/// The first on PATH, passing over directories in which the client does not look.
pub(super) fn on_path(environment: &Environment, hidden: &[PathBuf]) -> Keyring {
    let path = environment.variable(PATH).unwrap_or_default();
    let find = |path: &OsStr| successor::find_in(OsStr::new(NAME), path);
    match (find(&without(&path, hidden)), find(&path)) {
        (Some(found), _) if is_ours(&found) => Keyring::Ours(found),
        (Some(found), _) => Keyring::Other(found),
        (None, Some(found)) => Keyring::Hidden(found),
        (None, None) => Keyring::None,
    }
}

impl Keyring {
    /// What is wrong with it for `client`, or where it is.
    pub(super) fn finding(&self, check: &'static str, client: &str) -> Finding {
        let failed = |text: String| {
            Finding::failed(
                check,
                client,
                text,
                codeartifact_auth::error::Exit::Configuration,
            )
            .hint(HINT)
        };
        match self {
            Keyring::Ours(path) => Finding::ok(check, client, format!("asks {}", path.display())),
            Keyring::Other(path) => {
                let text = format!(
                    "asks {}, which is not {OURS} and knows CodeArtifact only with our back end beside it",
                    path.display()
                );
                Finding::warning(check, client, text).hint(HINT)
            }
            Keyring::Hidden(path) => failed(format!(
                "finds no keyring: {client} passes over {}, which is among its own programs",
                path.display()
            )),
            Keyring::None => failed(format!("finds no program called `{NAME}` on PATH")),
        }
    }
}

/// PATH without these directories, by whatever name they stand in it.
fn without(path: &OsStr, hidden: &[PathBuf]) -> OsString {
    let is_hidden = |directory: &Path| hidden.iter().any(|hidden| is_same(directory, hidden));
    let kept = std::env::split_paths(path).filter(|directory| !is_hidden(directory));
    std::env::join_paths(kept).unwrap_or_default()
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// A link to our program or a copy of it: whatever is not ours comes as a script of Python's.
fn is_ours(path: &Path) -> bool {
    let target = fs::canonicalize(path).unwrap_or_default();
    target.file_stem().is_some_and(|name| name == OURS) || !is_script(path)
}

fn is_script(path: &Path) -> bool {
    let mut start = [0; 2];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *b"#!"
}
