//! `exec --no-file`: the user's `.npmrc` with fresh token lines, in memory, for one command and all it starts.
//!
//! Not variables: one named `npm_config_//host/…` is dropped by dash, and read by npm and pnpm 12 only.
//! Not a file: it would stay behind when the command is killed. The memory goes with the process that we become.

use std::process::Command;

use anyhow::{Context, Result};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::memory_file;
use codeartifact_clients::node::NPM_USERCONFIG;

/// Makes `text` the command's user configuration.
pub(crate) fn hand_over(
    command: &mut Command,
    text: &[u8],
    environment: &Environment,
) -> Result<()> {
    let path = memory_file::make("npmrc", text)
        .context("exec --no-file needs Linux; leave it away to write the tokens to your .npmrc")?;
    for (name, _) in environment.starting_with(NPM_USERCONFIG) {
        command.env_remove(name);
    }
    command.env(NPM_USERCONFIG, path);
    Ok(())
}
