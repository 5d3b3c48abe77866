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
