//! Lists the files to look in: the project's, the user's, the machine's. It opens none of them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use codeartifact_auth::environment::{Environment, LOCALAPPDATA, XDG_CONFIG_HOME};
use codeartifact_auth::next_on_path;

use super::CommandLine;
use crate::here::folders::upwards;
use crate::node::NPM_USERCONFIG;

/// The machine's `npmrc`, instead of `etc/npmrc` below npm's prefix.
const NPM_GLOBALCONFIG: &str = "npm_config_globalconfig";
/// npm's folder of global packages: its `etc/npmrc` is the machine's.
const NPM_PREFIX: &str = "npm_config_prefix";

/// The file that pnpm from 11 on reads instead of the user's `.npmrc`; the second is its older name.
const PNPM_TOKENS: [&str; 2] = [crate::node::PNPM_TOKENS, "pnpm_config_userconfig"];
/// pnpm's own settings.
pub(super) const PNPM_SETTINGS: &str = "pnpm/config.yaml";

/// The places where a client would look.
#[derive(Debug)]
pub struct Places {
    /// The project's directories, nearest first: npm and Bun read the nearest, workspaces also their root, Yarn all.
    pub directories: Vec<PathBuf>,
    /// The user's files that tokens are written to, as far as variables and options tell.
    pub token_files: TokenFiles,
    /// Further files of `.npmrc`'s form: pnpm's own settings, the machine's.
    other_npmrcs: Vec<PathBuf>,
    /// The user's settings for Yarn, Bun and pnpm.
    pub settings: Vec<PathBuf>,
}

/// The user's files with tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenFiles {
    /// The user's `.npmrc`, of every client.
    pub npmrc: PathBuf,
    /// The file that pnpm from 11 on reads instead, if its settings say so.
    pub pnpm: Option<PathBuf>,
    /// The logins of pnpm from 11 on, which win over both.
    pub pnpm_logins: Option<PathBuf>,
}

impl TokenFiles {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Path> {
        let further = [&self.pnpm, &self.pnpm_logins].into_iter().flatten();
        [&self.npmrc]
            .into_iter()
            .chain(further)
            .map(PathBuf::as_path)
    }

    /// The one in which pnpm takes a `tokenHelper`.
    pub fn of_pnpm(&self) -> &Path {
        self.pnpm.as_ref().unwrap_or(&self.npmrc)
    }

    /// Takes what pnpm's settings name; a variable has come first.
    pub(super) fn read_pnpm(&mut self, named: Option<&str>, environment: &Environment) {
        let named = named.filter(|it| !it.is_empty() && self.pnpm.is_none());
        let home = environment.home();
        let named = named.map(|it| from_home(Path::new(it), home.as_deref()));
        self.pnpm = named.or(self.pnpm.take()).filter(|it| *it != self.npmrc);
    }
}

impl Places {
    /// As variables and the client's own options say.
    ///
    /// # Errors
    /// There is neither a home directory nor a variable that names the user's `.npmrc`.
    pub fn of(current: &Path, command: &CommandLine, environment: &Environment) -> Result<Self> {
        let home = environment.home();
        let start = command
            .directory
            .as_ref()
            .map_or(current.to_owned(), |directory| current.join(directory));
        Ok(Self {
            directories: upwards(&start, home.as_deref()),
            token_files: TokenFiles {
                npmrc: user_npmrc(current, command, environment)?,
                pnpm: pnpm_tokens(current, environment),
                pnpm_logins: pnpm_directory(home.as_deref(), environment)
                    .map(|directory| directory.join("auth.ini")),
            },
            other_npmrcs: other_npmrcs(current, command, environment),
            settings: settings(current, command, environment),
        })
    }

    /// The user's files, and the machine's.
    pub(super) fn npmrcs(&self, token_files: &TokenFiles) -> Vec<PathBuf> {
        let users = token_files.all().map(Path::to_owned);
        users.chain(self.other_npmrcs.iter().cloned()).collect()
    }

    /// Tells if a file found on the way up is the user's own, under whatever name.
    pub(super) fn is_the_users(&self, file: &Path) -> bool {
        let users = &self.token_files.npmrc;
        file == users || identity(file).is_some_and(|it| identity(users) == Some(it))
    }
}

/// Returns what all names of one file have in common: one call for each, whatever links there are.
#[cfg(unix)]
fn identity(file: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let found = file.metadata().ok()?;
    Some((found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn identity(file: &Path) -> Option<PathBuf> {
    file.canonicalize().ok()
}

fn pnpm_tokens(current: &Path, environment: &Environment) -> Option<PathBuf> {
    let mut named = PNPM_TOKENS
        .iter()
        .filter_map(|name| environment.in_any_case(name));
    let home = environment.home();
    named
        .next()
        .map(|it| current.join(from_home(Path::new(&it), home.as_deref())))
}

fn user_npmrc(current: &Path, command: &CommandLine, environment: &Environment) -> Result<PathBuf> {
    let variable = environment.in_any_case(NPM_USERCONFIG).map(PathBuf::from);
    let named = command.userconfig.clone().or(variable);
    let home = environment.home();
    match (named, home) {
        (Some(path), home) => Ok(current.join(from_home(&path, home.as_deref()))),
        (None, Some(home)) => Ok(home.join(".npmrc")),
        (None, None) => None.context(
            "there is no home directory; set NPM_CONFIG_USERCONFIG to the .npmrc to write",
        ),
    }
}

/// npm expands a leading `~/` itself.
fn from_home(path: &Path, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

fn other_npmrcs(current: &Path, command: &CommandLine, environment: &Environment) -> Vec<PathBuf> {
    let pnpm = pnpm_directory(environment.home().as_deref(), environment);
    let pnpm = pnpm.map(|directory| directory.join("rc"));
    let named = command.globalconfig.as_ref().map(|it| current.join(it));
    let machines = named.or_else(|| machine_npmrc(environment));
    pnpm.into_iter().chain(machines).collect()
}

/// npm's prefix is the directory above the one where `node` lies.
fn machine_npmrc(environment: &Environment) -> Option<PathBuf> {
    if let Some(file) = environment.in_any_case(NPM_GLOBALCONFIG) {
        return Some(PathBuf::from(file));
    }
    let prefix = environment.in_any_case(NPM_PREFIX).map(PathBuf::from);
    let prefix = prefix.or_else(|| {
        let node = next_on_path::find(OsStr::new("node"), environment)?
            .canonicalize()
            .ok()?;
        Some(node.parent()?.parent()?.to_owned())
    });
    prefix.map(|prefix| prefix.join("etc/npmrc"))
}

fn settings(current: &Path, command: &CommandLine, environment: &Environment) -> Vec<PathBuf> {
    let home = environment.home();
    let in_home = [".yarnrc.yml", ".yarnrc", ".bunfig.toml"];
    let of_home = home
        .iter()
        .flat_map(|home| in_home.map(|name| home.join(name)));
    let bun = environment
        .variable(XDG_CONFIG_HOME)
        .map(|base| Path::new(&base).join(".bunfig.toml"));
    let pnpm = pnpm_directory(home.as_deref(), environment);
    let pnpm = pnpm.map(|directory| directory.join("config.yaml"));
    let named = command.settings.as_ref().map(|it| current.join(it));
    of_home.chain(bun).chain(pnpm).chain(named).collect()
}

fn pnpm_directory(home: Option<&Path>, environment: &Environment) -> Option<PathBuf> {
    pnpm_directory_on(std::env::consts::OS, home, environment)
}

/// pnpm's place for configuration, as its `getConfigDir` has it; `XDG_CONFIG_HOME` comes first everywhere.
fn pnpm_directory_on(
    system: &str,
    home: Option<&Path>,
    environment: &Environment,
) -> Option<PathBuf> {
    let base = |name: &str| environment.variable(name).map(PathBuf::from);
    if let Some(base) = base(XDG_CONFIG_HOME) {
        return Some(base.join("pnpm"));
    }
    let below_home = |path: &str| home.map(|home| home.join(path));
    match (system, base(LOCALAPPDATA)) {
        ("macos", _) => below_home("Library/Preferences/pnpm"),
        ("windows", Some(base)) => Some(base.join("pnpm").join("config")),
        _ => below_home(".config/pnpm"),
    }
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn pnpms_place_for_configuration_on_each_system() {
        let local = [(LOCALAPPDATA, "/local")];
        let both = [(LOCALAPPDATA, "/local"), (XDG_CONFIG_HOME, "/xdg")];
        type Variables<'a> = &'a [(&'a str, &'a str)];
        let rows: [(&str, Variables<'_>, &str); 6] = [
            ("linux", &[], "/home/.config/pnpm"),
            ("linux", &local, "/home/.config/pnpm"),
            ("macos", &[], "/home/Library/Preferences/pnpm"),
            ("windows", &[], "/home/.config/pnpm"),
            ("windows", &local, "/local/pnpm/config"),
            ("windows", &both, "/xdg/pnpm"),
        ];
        for (system, variables, expected) in rows {
            let home = Path::new("/home");
            let environment = Environment::fixed(variables, home.to_owned(), Timestamp(0));
            let found = pnpm_directory_on(system, Some(home), &environment);
            assert_eq!(
                found.as_deref(),
                Some(Path::new(expected)),
                "{system} {variables:?}"
            );
        }
    }
}
