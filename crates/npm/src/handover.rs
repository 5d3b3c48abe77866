//! What a command that we become gets from us beside its own environment: the variables that lines of the project name,
//! and, where the user's files must or can not be written, those files with fresh token lines in memory.
//!
//! A token is in no variable named `npm_config_//host/…`: dash drops that, and only npm and pnpm 12 read it. A file on a
//! disk would stay behind when the command is killed; the memory goes with the process that we become.

use std::ffi::OsString;
use std::process::Command;

use anyhow::{Context, Result};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::memory_file;
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
    pub variables: Vec<(&'static str, String)>,
}

impl Handover {
    /// Puts all of it into the command's environment.
    ///
    /// # Errors
    /// This system has no files in memory.
    pub(crate) fn give_to(self, command: &mut Command, environment: &Environment) -> Result<()> {
        for (name, token) in &self.tokens {
            command.env(name, token.expose());
        }
        command.envs(self.variables);
        replace(command, NPM_USERCONFIG, self.npmrc, environment)?;
        replace(command, PNPM_TOKENS, self.pnpm, environment)
    }
}

/// Makes `text` the file that a variable names.
fn replace(
    command: &mut Command,
    variable: &str,
    text: Option<Vec<u8>>,
    environment: &Environment,
) -> Result<()> {
    let Some(text) = text else { return Ok(()) };
    let path = memory_file::make("npmrc", &text).context(
        "tokens in memory need Linux; without --no-file they are written to your .npmrc",
    )?;
    for (name, _) in environment.starting_with(variable) {
        command.env_remove(OsString::from(name));
    }
    command.env(variable, path);
    Ok(())
}
