//! `exec --no-file`: the user's `.npmrc` with fresh token lines, in memory, for one command and all it starts.
//!
//! Not variables: one named `npm_config_//host/…` is dropped by dash, and read by npm and pnpm 12 only.
//! Not a file: it would stay behind when the command is killed. The memory goes with the process that we become.

use std::process::Command;

use anyhow::Result;
use codeartifact_auth::environment::{Environment, NPM_USERCONFIG};

/// Makes `text` the command's user configuration.
///
/// # Errors
/// This system has no anonymous memory files.
pub(crate) fn hand_over(
    command: &mut Command,
    text: &[u8],
    environment: &Environment,
) -> Result<()> {
    let path = in_memory(text)?;
    for (name, _) in environment.starting_with(NPM_USERCONFIG) {
        command.env_remove(name);
    }
    command.env(NPM_USERCONFIG, path);
    Ok(())
}

/// Named by our process id, which stays the same when we become the command. Its children reach the file by that
/// name, too, though Node.js closes all it inherits before it starts them. Nobody else can: `/proc` asks for our user.
#[cfg(target_os = "linux")]
fn in_memory(text: &[u8]) -> Result<String> {
    use std::fs::File;
    use std::io::Write;
    use std::os::fd::{AsRawFd, IntoRawFd};

    use rustix::fs::{MemfdFlags, memfd_create};

    // Without CLOEXEC: it has to outlive the exec.
    let mut file = File::from(memfd_create("npmrc", MemfdFlags::empty())?);
    file.write_all(text)?;
    let path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
    // Closed by the system, with the command that we become.
    let _ = file.into_raw_fd();
    Ok(path)
}

#[cfg(not(target_os = "linux"))]
fn in_memory(_: &[u8]) -> Result<String> {
    anyhow::bail!("exec --no-file needs Linux; leave it away to write the tokens to your .npmrc")
}
