//! `codeartifact-keyring`: answers pip, uv, pdm and twine for CodeArtifact as the `keyring` command does, and hands
//! everything else to the next `keyring` on PATH. It keeps no password.

mod arguments;
mod conversation;
mod next;
mod reply;
mod usage;

use std::ffi::OsStr;
use std::path::Path;

use codeartifact_helper::{End, Helper, Io};

/// Speaks as the `keyring` command.
#[derive(Debug)]
pub struct Keyring;

impl Helper for Keyring {
    const NAME: &'static str = "codeartifact-keyring";

    const HELP: &'static str = usage::OWN_HELP;

    /// Called as `keyring` (or `keyring.exe`), it plays keyring.
    fn stands_in(&self, program: &OsStr) -> bool {
        Path::new(program).file_stem() == Some(OsStr::new(usage::PLAYED))
    }

    fn run(&self, io: &mut Io<'_>) -> End {
        conversation::answer(io)
    }
}
