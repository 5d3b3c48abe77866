//! The lines in shells' profiles that change PATH: ours, and that of a version manager whose programs are found first.
//! They are only named: nobody's profile is changed.

use std::path::Path;

use codeartifact_auth::environment::{Environment, SHELL};

use crate::here;

/// Files of shells with the lines that change PATH.
const PROFILES: [&str; 8] = [
    ".bashrc",
    ".bash_profile",
    ".profile",
    ".zshrc",
    ".zprofile",
    ".zshenv",
    ".bash_login",
    ".config/fish/config.fish",
];

/// A tool that puts its own programs first on PATH: its name, a folder that all its programs are below, and what its line has.
/// The lines are those that its own installer writes, or its manual gives.
const MANAGERS: [(&str, &[&str], &[&str]); 8] = [
    ("nvm", &[".nvm", "nvm"], &["nvm.sh", "nvm.fish"]),
    ("volta", &[".volta"], &["VOLTA_HOME/bin", ".volta/bin"]),
    (
        "asdf",
        &[".asdf"],
        &["asdf.sh", "asdf.fish", ".asdf}/shims", ".asdf/shims"],
    ),
    ("fnm", &["fnm_multishells", "fnm"], &["fnm env"]),
    ("mise", &["mise"], &["mise activate", "mise/shims"]),
    ("nodenv", &[".nodenv"], &["nodenv init", ".nodenv/shims"]),
    ("pnpm", &["pnpm"], &["PNPM_HOME"]),
    ("Bun", &[".bun"], &["BUN_INSTALL/bin", ".bun/bin"]),
];

/// A line of a profile.
struct Line {
    file: String,
    number: usize,
}

/// Tells what to do so that `directory` is found before `folder`.
pub(super) fn how_to_be_first(
    directory: &Path,
    folder: &Path,
    environment: &Environment,
) -> String {
    let ours = place_of(environment, |line| names(line, directory, environment));
    let (owner, theirs) = of_folder(folder, directory, environment);
    if let (Some(ours), Some(theirs)) = (&ours, &theirs)
        && ours.file == theirs.file
        && ours.number > theirs.number
    {
        return format!("open a new shell: {} is behind {owner}", ours.shown());
    }
    let shown = |it: Option<Line>| {
        it.map(|it| format!(" ({})", it.shown()))
            .unwrap_or_default()
    };
    format!(
        "move this line{} behind {owner}{}, to the end of your shell's profile: {}",
        shown(ours),
        shown(theirs),
        line(directory, environment)
    )
}

/// The line that puts `directory` on PATH.
pub(super) fn line(directory: &Path, environment: &Environment) -> String {
    if cfg!(windows) {
        return windows_path_line(directory);
    }
    let directory = directory.display();
    let shell = environment.text(SHELL).unwrap_or_default();
    if shell.ends_with("fish") {
        format!("fish_add_path --prepend --move \"{directory}\"")
    } else {
        format!("export PATH=\"{directory}:$PATH\"")
    }
}

/// For PowerShell, and once for all: Windows has no profile that every shell reads. Not by `setx`, which cuts long values.
fn windows_path_line(directory: &Path) -> String {
    let directory = directory.display().to_string().replace('\'', "''");
    format!(
        "[Environment]::SetEnvironmentVariable('Path', '{directory};' + [Environment]::GetEnvironmentVariable('Path', 'User'), 'User')"
    )
}

/// Whose line puts `folder` on PATH, and where it is, as far as that is known.
fn of_folder(folder: &Path, ours: &Path, environment: &Environment) -> (String, Option<Line>) {
    let is_below = |names: &[&str]| {
        let mut parts = folder.iter();
        parts.any(|part| names.iter().any(|name| part == *name))
    };
    let manager = MANAGERS.iter().find(|(_, folders, _)| is_below(folders));
    let is_theirs = |line: &str| match manager {
        Some((_, _, words)) => words.iter().any(|word| line.contains(word)),
        None => names(line, folder, environment),
    };
    let place = place_of(environment, |line| {
        is_theirs(line) && !names(line, ours, environment)
    });
    let owner = match manager {
        Some((name, ..)) => format!("that of {name}"),
        None => format!("the one that puts {} on PATH", folder.display()),
    };
    (owner, place)
}

/// Tells if a line names a folder, whatever variable stands for the home directory.
fn names(line: &str, folder: &Path, environment: &Environment) -> bool {
    let full = folder.display().to_string();
    let home = environment.home().map(|it| it.display().to_string());
    let below_home = home.and_then(|it| full.strip_prefix(&it).map(str::to_owned));
    line.contains(&full) || below_home.is_some_and(|it| line.contains(&it))
}

/// The last line that has its effect: of several, it decides.
fn place_of(environment: &Environment, is_it: impl Fn(&str) -> bool) -> Option<Line> {
    let home = environment.home()?;
    PROFILES.iter().find_map(|name| {
        let file = here::read(&home.join(name))?;
        let lines: Vec<_> = file.text.lines().collect();
        let is_active = |line: &&str| !line.trim_start().starts_with('#') && is_it(line);
        let at = lines.iter().rposition(is_active)?;
        Some(Line {
            file: file.name,
            number: at + 1,
        })
    })
}

impl Line {
    fn shown(&self) -> String {
        format!("{}:{}", self.file, self.number)
    }
}
