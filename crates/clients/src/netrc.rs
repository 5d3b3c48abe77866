//! netrc: where it is, and passwords that a script once wrote for CodeArtifact hosts. uv takes them instead of asking a keyring, so an old
//! one is sent for ever. Source: Python's `netrc` module for the grammar; tried with uv 0.13 and pip 26.

use std::path::PathBuf;

use codeartifact_auth::environment::Environment;

/// The user's netrc, instead of the one in the home directory.
pub(crate) const NETRC: &str = "NETRC";

/// An entry with a password.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// From 1, of its `machine`.
    pub(crate) line: usize,
    pub(crate) machine: String,
}

/// The user's netrc.
pub(crate) fn path(environment: &Environment) -> Option<PathBuf> {
    let name = if cfg!(windows) { "_netrc" } else { ".netrc" };
    let named = environment.variable(NETRC).map(PathBuf::from);
    named.or_else(|| Some(environment.home()?.join(name)))
}

/// The entries for CodeArtifact hosts.
pub(crate) fn ours(text: &str, is_ours: impl Fn(&str) -> bool) -> Vec<Entry> {
    let mut entries = entries(text);
    entries.retain(|entry| is_ours(&entry.machine));
    entries
}

fn entries(text: &str) -> Vec<Entry> {
    let words = text.lines().enumerate().flat_map(|(at, line)| {
        let line = line.split(" #").next().unwrap_or_default();
        let is_comment = line.trim_start().starts_with('#');
        let words = line.split_whitespace().filter(move |_| !is_comment);
        words.map(move |word| (at + 1, word))
    });
    let (mut machine, mut found, mut words) = (None, Vec::new(), words);
    while let Some((line, word)) = words.next() {
        match word {
            "machine" => machine = words.next().map(|(_, name)| (line, name.to_owned())),
            "default" => machine = None,
            "login" | "account" => drop(words.next()),
            "password" if words.next().is_some() => {
                found.extend(
                    machine
                        .take()
                        .map(|(line, machine)| Entry { line, machine }),
                );
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_our_hosts_are_found() {
        let text = "# machine ours login a password b\nmachine ours login aws\n  password s3cret\nmachine other login a password b\n\
            machine ours login aws\ndefault login a password b\n";
        let found = ours(text, |machine| machine == "ours");
        let expected = Entry {
            line: 2,
            machine: "ours".to_owned(),
        };
        assert_eq!(
            found,
            [expected],
            "the second has no password, the default no machine"
        );
        assert_eq!(ours("", |_| true), []);
    }
}
