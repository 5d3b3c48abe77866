//! The options of a client's command that decide which registries it uses and where it looks for its configuration.
//! It reads what comes after `exec --` or after a shim's name, and changes none of it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::names::names_registry;

/// The programs whose options we know and whose names we answer to.
pub const CLIENTS: &[&str] = &[
    "npm", "npx", "pnpm", "pnpx", "pn", "pnx", "yarn", "yarnpkg", "bun", "bunx",
];

/// The commands that pnpm 9 and 10 leave to npm, which knows no `tokenHelper` (`pnpm.cjs`, "commands that are passed through").
const LEFT_TO_NPM: &[&str] = &[
    "access",
    "deprecate",
    "dist-tag",
    "find",
    "info",
    "owner",
    "ping",
    "s",
    "se",
    "search",
    "show",
    "star",
    "stars",
    "team",
    "token",
    "unpublish",
    "unstar",
    "v",
    "view",
    "whoami",
];

/// In every client's words, `yarn npm publish` and `pnpm -r publish` among them.
const PUBLISH: &str = "publish";

/// The kinds of clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the clients'")]
pub enum Kind {
    Npm,
    Pnpm,
    Yarn,
    Bun,
}

/// The client that a program is by its name.
pub fn kind(program: &Path) -> Option<Kind> {
    match plain_name(program)?.as_str() {
        "npm" | "npx" => Some(Kind::Npm),
        "pnpm" | "pnpx" | "pn" | "pnx" => Some(Kind::Pnpm),
        "yarn" | "yarnpkg" => Some(Kind::Yarn),
        "bun" | "bunx" => Some(Kind::Bun),
        _ => None,
    }
}

/// A program's name, without its folder and suffix. To Windows `NPM` is `npm`.
pub fn plain_name(program: &Path) -> Option<String> {
    let name = program.file_stem()?.to_str()?;
    Some(as_the_system_has_it(name, cfg!(windows)))
}

fn as_the_system_has_it(name: &str, is_windows: bool) -> String {
    if is_windows {
        name.to_ascii_lowercase()
    } else {
        name.to_owned()
    }
}

/// The options of a client's command that are about registries.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// `--registry` and `--@scope:registry`, each with its URL.
    pub registries: Vec<(String, String)>,
    /// `--userconfig`: another file than the user's `.npmrc`.
    pub userconfig: Option<PathBuf>,
    /// `--globalconfig`: another file than the machine's.
    pub globalconfig: Option<PathBuf>,
    /// `--config` of Bun, `--use-yarnrc` of Yarn 1: settings beside the usual ones.
    pub settings: Option<PathBuf>,
    /// `--prefix`, `-C`, `--dir`, `--cwd`: another directory than the current one.
    pub directory: Option<PathBuf>,
    /// The client; none for another program, which may start any.
    pub kind: Option<Kind>,
    /// Tells if pnpm asks a registry's `tokenHelper`, and needs no token beside that.
    pub asks_helpers: bool,
    /// Tells if it publishes the package here.
    pub publishes: bool,
    /// Tells if it is a command of pnpm that its older versions leave to npm.
    pub is_left_to_npm: bool,
}

impl CommandLine {
    /// Reads `command`: a program and its arguments. Another program than a client's says nothing.
    pub fn read(command: &[OsString]) -> Self {
        let mut line = Self::default();
        let Some((program, arguments)) = command.split_first() else {
            return line;
        };
        line.kind = kind(Path::new(program));
        if line.kind.is_none() {
            return line;
        }
        let is_pnpm = line.kind == Some(Kind::Pnpm);
        let first = arguments.first().and_then(|it| it.to_str());
        line.is_left_to_npm = is_pnpm && first.is_some_and(|it| LEFT_TO_NPM.contains(&it));
        line.asks_helpers = is_pnpm && !line.is_left_to_npm;
        let texts: Vec<_> = arguments
            .iter()
            .map(|text| text.to_string_lossy())
            .collect();
        let own = texts.iter().take_while(|text| *text != "--");
        line.publishes = own.clone().any(|it| it == PUBLISH);
        let options = own.enumerate().filter(|(_, text)| text.starts_with('-'));
        for (at, text) in options {
            match (text.split_once('='), texts.get(at + 1)) {
                (Some((name, value)), _) => line.take(name, value),
                (None, Some(value)) => line.take(text, value),
                (None, None) => {}
            }
        }
        line
    }

    /// Tells if a client is, or may be, among what is started.
    pub fn may_be(&self, kind: Kind) -> bool {
        self.kind.is_none_or(|it| it == kind)
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            "--config" | "-c" if self.kind == Some(Kind::Bun) => {
                self.settings = Some(PathBuf::from(value));
            }
            "--use-yarnrc" => self.settings = Some(PathBuf::from(value)),
            "--globalconfig" => self.globalconfig = Some(PathBuf::from(value)),
            "--userconfig" => self.userconfig = Some(PathBuf::from(value)),
            "--prefix" | "-C" | "--dir" | "--cwd" => self.directory = Some(PathBuf::from(value)),
            _ => {
                let key = name.strip_prefix("--").unwrap_or_default();
                // pnpm takes any setting so.
                let key = key.strip_prefix("config.").unwrap_or(key);
                if names_registry(key) {
                    self.registries.push((format!("--{key}"), value.to_owned()));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_to_windows_a_name_is_the_same_in_capitals() {
        assert_eq!(as_the_system_has_it("NPM", true), "npm");
        assert_eq!(as_the_system_has_it("NPM", false), "NPM");
    }

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
            (
                "pnpm add x --config.registry=u",
                &[("--registry", "u")],
                None,
                None,
            ),
            ("yarn npm publish", &[], None, None),
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
                kind: kind(Path::new(command.split(' ').next().unwrap())),
                asks_helpers: command.starts_with("pn"),
                publishes: command.ends_with("publish"),
                ..CommandLine::default()
            };
            assert_eq!(CommandLine::read(&words), expected, "{command}");
        }
    }
}
