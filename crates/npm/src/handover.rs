//! Gives a command that we become more than its own environment: the variables that lines of the project name,
//! and, where the user's files must or can not be written, those files with fresh token lines in memory.
//!
//! A token is in no variable named `npm_config_//host/…`: dash drops that, and only npm and pnpm 12 read it. A file on a
//! disk would stay behind when the command is killed; the memory goes with the process that we become.

use std::ffi::OsString;

use anyhow::{Context, Result};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::memory_file::MemoryFile;
use codeartifact_auth::next_on_path::Successor;
use codeartifact_auth::token::Secret;
use codeartifact_clients::node::{NPM_USERCONFIG, PNPM_TOKENS};

/// The files and variables for one command.
#[derive(Default)]
pub(crate) struct Handover {
    /// The user's `.npmrc`, for every client.
    pub npmrc: Option<Vec<u8>>,
    /// The file that pnpm reads instead.
    pub pnpm: Option<Vec<u8>>,
    /// Variables with a token.
    pub tokens: Vec<(String, Secret)>,
    /// Variables without a secret.
    pub variables: Vec<(String, String)>,
}

impl Handover {
    /// Puts all of it into the command's environment.
    ///
    /// # Errors
    /// There is no memory, and no temporary folder.
    pub(crate) fn give_to(self, program: &mut Successor, environment: &Environment) -> Result<()> {
        for (name, token) in &self.tokens {
            program.command.env(name, token.expose());
        }
        program.command.envs(self.variables);
        replace(program, NPM_USERCONFIG, self.npmrc, environment)?;
        replace(program, PNPM_TOKENS, self.pnpm, environment)
    }
}

/// Makes `text` the file that a variable names.
fn replace(
    program: &mut Successor,
    variable: &str,
    text: Option<Vec<u8>>,
    environment: &Environment,
) -> Result<()> {
    let Some(text) = text else { return Ok(()) };
    let file = MemoryFile::new("npmrc", &text).context(
        "cannot hand tokens over in memory; without --no-file they are written to your .npmrc",
    )?;
    for (name, _) in environment.starting_with(variable) {
        program.command.env_remove(OsString::from(name));
    }
    program.lend(variable, file);
    Ok(())
}
