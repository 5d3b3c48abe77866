//! The options of a client's command that decide which registries it uses and where it looks for its configuration.
//! It reads what comes after `exec --` or after a shim's name, and changes none of it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::names_registry;

/// The programs whose options we know and whose names we answer to.
pub const CLIENTS: &[&str] = &[
    "npm", "npx", "pnpm", "pnpx", "pn", "pnx", "yarn", "yarnpkg", "bun", "bunx",
];

/// Those of them that are pnpm.
const PNPM: &[&str] = &["pnpm", "pnpx", "pn", "pnx"];

/// The options of a client's command that are about registries.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// `--registry` and `--@scope:registry`, each with its URL.
    pub registries: Vec<(String, String)>,
    /// `--userconfig`: another file than the user's `.npmrc`.
    pub userconfig: Option<PathBuf>,
    /// `--prefix`, `-C`, `--dir`, `--cwd`: another directory than the current one.
    pub directory: Option<PathBuf>,
    /// Tells if it is pnpm, which asks a registry's `tokenHelper` and needs no token beside that.
    pub asks_helpers: bool,
}

impl CommandLine {
    /// Reads `command`: a program and its arguments. Another program than a client's says nothing.
    pub fn read(command: &[OsString]) -> Self {
        let mut line = Self::default();
        let Some((program, arguments)) = command.split_first() else {
            return line;
        };
        if !is_one_of(CLIENTS, Path::new(program)) {
            return line;
        }
        line.asks_helpers = is_one_of(PNPM, Path::new(program));
        let texts: Vec<_> = arguments
            .iter()
            .map(|text| text.to_string_lossy())
            .collect();
        let options = texts.iter().take_while(|text| *text != "--");
        for (at, text) in options
            .enumerate()
            .filter(|(_, text)| text.starts_with('-'))
        {
            match (text.split_once('='), texts.get(at + 1)) {
                (Some((name, value)), _) => line.take(name, value),
                (None, Some(value)) => line.take(text, value),
                (None, None) => {}
            }
        }
        line
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            "--userconfig" => self.userconfig = Some(PathBuf::from(value)),
            "--prefix" | "-C" | "--dir" | "--cwd" => self.directory = Some(PathBuf::from(value)),
            _ if name.strip_prefix("--").is_some_and(names_registry) => {
                self.registries.push((name.to_owned(), value.to_owned()));
            }
            _ => {}
        }
    }
}

fn is_one_of(clients: &[&str], program: &Path) -> bool {
    let name = program.file_stem().unwrap_or_default();
    clients.iter().any(|client| *client == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Command; registries, user configuration and directory that it names.
    type Row<'a> = (
        &'a str,
        &'a [(&'a str, &'a str)],
        Option<&'a str>,
        Option<&'a str>,
    );

    #[test]
    fn options_that_matter_are_read_in_both_spellings() {
        let rows: &[Row] = &[
            ("", &[], None, None),
            ("npm ci", &[], None, None),
            ("npm ci --registry=u", &[("--registry", "u")], None, None),
            ("npm ci --registry u", &[("--registry", "u")], None, None),
            (
                "/usr/bin/npm i --@a:registry=u",
                &[("--@a:registry", "u")],
                None,
                None,
            ),
            ("npm run x -- --registry=u", &[], None, None),
            ("npm ci --userconfig f", &[], Some("f"), None),
            ("npm --prefix d ci", &[], None, Some("d")),
            ("pnpm -C d i", &[], None, Some("d")),
            ("yarn --cwd=d", &[], None, Some("d")),
            ("make -C d --registry=u", &[], None, None),
            ("npm ci --registry", &[], None, None),
        ];
        for (command, registries, userconfig, directory) in rows {
            let words: Vec<_> = command.split_whitespace().map(OsString::from).collect();
            let registries = registries.iter();
            let expected = CommandLine {
                registries: registries
                    .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                    .collect(),
                userconfig: userconfig.map(PathBuf::from),
                directory: directory.map(PathBuf::from),
                asks_helpers: command.starts_with("pn"),
            };
            assert_eq!(CommandLine::read(&words), expected, "{command}");
        }
    }
}
