//! Tells which commands of a client need fresh tokens. It runs none of them.

use std::ffi::{OsStr, OsString};

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

/// The same for the package managers themselves; after `npx` these are packages.
const LOCAL: &[&str] = &[
    "ls",
    "list",
    "ll",
    "la",
    "root",
    "prefix",
    "bin",
    "pkg",
    "get",
    "completion",
    "explain",
    "why",
    "query",
    "fund",
];

/// Options that have no value, so that the word after them is the command.
const FLAGS: &[&str] = &["-s", "--silent", "-q", "--quiet", "-d", "--verbose"];

/// Tells if a client's command may ask a registry.
pub(crate) fn needs_registry(command: &[OsString]) -> bool {
    let is_in = |words: &[&str], word: &OsStr| words.iter().any(|it| OsStr::new(it) == word);
    let mut words = command.iter().map(OsString::as_os_str);
    let runs_packages = words
        .next()
        .is_some_and(|program| is_in(&["npx", "pnpx", "bunx"], program));
    let Some(first) = words.find(|word| !is_in(FLAGS, word)) else {
        return true;
    };
    !is_in(OFFLINE, first) && (runs_packages || !is_in(LOCAL, first))
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
            ("npm --silent run build", false),
            ("npm -s ls --depth 0", false),
            ("npm -w test install", true),
            ("npm root -g", false),
            ("pnpm list", false),
            ("npx ls", true),
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
