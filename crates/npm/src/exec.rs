//! The program to become after a refresh. It makes the command; `codeartifact_helper` becomes it.

use std::ffi::{OsStr, OsString};
use std::process::Command;

use anyhow::{Context, Result};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::next_on_path;

/// The next program of that name on PATH that is not us, with its arguments.
///
/// # Errors
/// There is none.
pub(crate) fn command(words: &[OsString], environment: &Environment) -> Result<Command> {
    let (name, arguments) = words.split_first().context("there is no command")?;
    let program = next_on_path::find(name, environment)
        .with_context(|| format!("no other `{}` is on PATH", name.to_string_lossy()))?;
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

/// Commands of a client that never ask a registry. Scripts run them all the time, and what the script itself starts
/// comes through here again: a refresh would only hold them up, and for long where AWS cannot be reached.
const OFFLINE: &[&str] = &[
    "run",
    "run-script",
    "test",
    "t",
    "start",
    "stop",
    "restart",
    "config",
    "version",
    "help",
    "-v",
    "--version",
    "-h",
    "--help",
];

/// Tells whether a client's command may ask a registry.
pub(crate) fn needs_registry(command: &[OsString]) -> bool {
    let first = command.get(1).map(OsString::as_os_str);
    !first.is_some_and(|first| OFFLINE.iter().any(|word| OsStr::new(word) == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_commands_that_never_ask_a_registry_are_spared() {
        let rows = [
            ("npm", true),
            ("npm ci", true),
            ("npm run build", false),
            ("npm --silent run build", true),
            ("pnpm test", false),
            ("yarn", true),
            ("yarn build", true),
            ("npm --version", false),
            ("npx run", false),
            ("bun install", true),
        ];
        for (command, expected) in rows {
            let words: Vec<_> = command.split_whitespace().map(OsString::from).collect();
            assert_eq!(needs_registry(&words), expected, "{command}");
        }
    }
}
