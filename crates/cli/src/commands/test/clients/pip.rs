//! pip: whether it asks a keyring at all, and which. Source: pip 26, `network/auth.py` and `cli/index_command.py`, and
//! "Configuration" in its documentation; tried with the real one in the end-to-end tests.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use codeartifact_auth::environment::{
    PIP_CONFIG_FILE, PIP_EXTRA_INDEX_URL, PIP_INDEX_URL, PIP_KEYRING_PROVIDER, PIP_NO_INPUT,
    VIRTUAL_ENV,
};
use codeartifact_auth::error::Exit;
use codeartifact_auth::successor;

use super::super::Finding;
use super::desk::{Desk, Page, page};
use super::keyring;
use crate::commands::user_files;

const CHECK: &str = "client_pip";
const CLIENT: &str = "pip";

/// What pip's files call a setting, and the variable that wins over them.
const INDEXES: [(&str, &str); 2] = [
    ("index-url", PIP_INDEX_URL),
    ("extra-index-url", PIP_EXTRA_INDEX_URL),
];
const PROVIDER: (&str, &str) = ("keyring-provider", PIP_KEYRING_PROVIDER);
const NO_INPUT: (&str, &str) = ("no-input", PIP_NO_INPUT);

pub(super) fn check(desk: &Desk<'_>) -> Vec<Finding> {
    let settings = Settings {
        variables: &|name| desk.variable(name),
        files: files(desk),
    };
    let mut indexes = INDEXES.into_iter().filter_map(|index| settings.get(index));
    let uses_us = indexes.any(|page| page.text.split_whitespace().any(|url| desk.is_ours(url)));
    if !uses_us {
        return Vec::new();
    }
    let refusal = unasked(&settings);
    let finding = refusal.unwrap_or_else(|| {
        keyring::on_path(desk.environment, &own_programs(desk)).finding(CHECK, CLIENT)
    });
    vec![finding]
}

/// Variables, then files, the strongest first.
struct Settings<'a> {
    variables: &'a dyn Fn(&str) -> Option<Page>,
    files: Vec<Page>,
}

impl Settings<'_> {
    /// A setting's value, and where it stands.
    fn get(&self, (key, variable): (&str, &str)) -> Option<Page> {
        (self.variables)(variable).or_else(|| {
            self.files.iter().find_map(|file| {
                Some(Page {
                    name: file.name.clone(),
                    text: value_in(&file.text, key)?,
                })
            })
        })
    }
}

/// Why pip asks no keyring command: the person has to say so.
fn unasked(settings: &Settings<'_>) -> Option<Finding> {
    let provider = settings.get(PROVIDER).unwrap_or_default();
    let no_input = settings.get(NO_INPUT).filter(|page| is_true(&page.text));
    let named = match provider.text.trim() {
        "" => "auto",
        named => named,
    };
    let (text, state): (String, fn(String) -> Finding) = match (named, no_input) {
        ("subprocess", _) | ("auto", None) => return None,
        ("auto", Some(page)) => (
            format!(
                "asks no keyring: {} switches that off unless a provider is named",
                page.name
            ),
            failed,
        ),
        ("disabled", _) => (
            format!("asks no keyring: {} says `disabled`", provider.name),
            failed,
        ),
        (other, _) => (
            format!(
                "asks the `{other}` provider ({}), which answers only with our back end installed beside it",
                provider.name
            ),
            doubtful,
        ),
    };
    Some(state(text).hint("set PIP_KEYRING_PROVIDER=subprocess, or run `pip config set global.keyring-provider subprocess`"))
}

fn failed(text: String) -> Finding {
    Finding::failed(CHECK, CLIENT, text, Exit::Configuration)
}

fn doubtful(text: String) -> Finding {
    Finding::warning(CHECK, CLIENT, text)
}

/// As Python's `distutils.util.strtobool` has it.
fn is_true(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    ["y", "yes", "t", "true", "on", "1"].contains(&text.as_str())
}

/// A value in pip's form of INI: of the command's own section, else of `[global]`; further lines of it are indented.
fn value_in(text: &str, wanted: &str) -> Option<String> {
    let mut found: [Option<String>; 2] = [None, None];
    let (mut section, mut open) = (None, false);
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let slot = section.and_then(|slot: usize| found.get_mut(slot));
        if let Some(name) = trimmed
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            section = ["install", "global"]
                .iter()
                .position(|known| *known == name);
            open = false;
        } else if line.starts_with([' ', '\t']) {
            if let (true, Some(Some(value))) = (open, slot) {
                value.push_str(&format!(" {trimmed}"));
            }
        } else if let Some((key, value)) = trimmed.split_once(['=', ':']) {
            open = key.trim().replace('_', "-") == wanted;
            if let (true, Some(slot)) = (open, slot) {
                *slot = Some(value.trim().to_owned());
            }
        }
    }
    let [install, global] = found;
    install.or(global)
}

/// pip's files, the strongest first. `PIP_CONFIG_FILE=/dev/null` means that none is read.
pub(super) fn files(desk: &Desk<'_>) -> Vec<Page> {
    let named = desk
        .environment
        .variable(PIP_CONFIG_FILE)
        .map(PathBuf::from);
    if named.as_deref() == Some(Path::new(if cfg!(windows) { "nul" } else { "/dev/null" })) {
        return Vec::new();
    }
    let mine = [
        user_files::pip_of_site,
        user_files::pip,
        user_files::pip_of_old,
    ];
    let mine = mine.map(|file| file(desk.environment));
    let machine = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf"].map(PathBuf::from);
    let all = named
        .into_iter()
        .chain(mine.into_iter().flatten())
        .chain(machine);
    all.filter_map(|file| page(&file)).collect()
}

/// Where pip's own environment keeps its programs; a `keyring` there is none to pip.
fn own_programs(desk: &Desk<'_>) -> Vec<PathBuf> {
    let of_venv = desk.environment.variable(VIRTUAL_ENV).map(|directory| {
        PathBuf::from(directory).join(if cfg!(windows) { "Scripts" } else { "bin" })
    });
    let names = ["pip", "pip3"].into_iter();
    let mut found = names.filter_map(|name| successor::find(OsStr::new(name), desk.environment));
    let of_pip = found
        .next()
        .and_then(|pip| Some(pip.canonicalize().ok()?.parent()?.to_owned()));
    of_venv
        .into_iter()
        .chain(of_pip.map(scripts_beside))
        .collect()
}

/// Debian and Fedora put what their Python's pip installs into `/usr/local/bin`.
fn scripts_beside(directory: PathBuf) -> PathBuf {
    match directory == Path::new("/usr/bin") {
        true => PathBuf::from("/usr/local/bin"),
        false => directory,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::finding::State;
    use super::*;

    fn settings_of(variables: &[(&str, &str)], text: &str) -> Option<Finding> {
        let find = |name: &str| {
            let mut variables = variables.iter();
            let found = variables.find(|(variable, _)| *variable == name)?;
            Some(Page {
                name: name.to_owned(),
                text: found.1.to_owned(),
            })
        };
        unasked(&Settings {
            variables: &find,
            files: vec![Page {
                name: "pip.conf".to_owned(),
                text: text.to_owned(),
            }],
        })
    }

    #[test]
    fn values_are_found_as_pip_finds_them() {
        let text = "# c\n[global]\nindex-url = https://a/\nextra-index-url =\n    https://b/\n    # c\n    https://c/\n\
            no_input: true\n[install]\nindex-url=https://d/\n[list]\nkeyring-provider = disabled\n";
        let rows = [
            ("index-url", Some("https://d/")),
            ("extra-index-url", Some(" https://b/ https://c/")),
            ("no-input", Some("true")),
            ("keyring-provider", None),
        ];
        for (key, expected) in rows {
            assert_eq!(value_in(text, key).as_deref(), expected, "{key}");
        }
    }

    type Variables = &'static [(&'static str, &'static str)];

    #[test]
    fn pip_is_told_to_ask_or_it_does_not() {
        let rows: [(Variables, &str, Option<&str>); 9] = [
            (&[], "", None),
            (
                &[
                    ("PIP_KEYRING_PROVIDER", "subprocess"),
                    ("PIP_NO_INPUT", "1"),
                ],
                "",
                None,
            ),
            (&[("PIP_NO_INPUT", "0")], "", None),
            (
                &[("PIP_NO_INPUT", "1")],
                "",
                Some("PIP_NO_INPUT switches that off"),
            ),
            (
                &[],
                "[global]\nno-input = true\n",
                Some("pip.conf switches that off"),
            ),
            (
                &[("PIP_NO_INPUT", "1")],
                "[global]\nkeyring-provider = subprocess\n",
                None,
            ),
            (
                &[("PIP_KEYRING_PROVIDER", "auto"), ("PIP_NO_INPUT", "yes")],
                "",
                Some("PIP_NO_INPUT"),
            ),
            (
                &[],
                "[global]\nkeyring-provider = disabled\n",
                Some("pip.conf says `disabled`"),
            ),
            (
                &[("PIP_KEYRING_PROVIDER", "import")],
                "",
                Some("the `import` provider (PIP_KEYRING_PROVIDER)"),
            ),
        ];
        for (variables, text, says) in rows {
            let found = settings_of(variables, text);
            assert_eq!(found.is_some(), says.is_some(), "{variables:?} {text}");
            if let (Some(found), Some(says)) = (found, says) {
                assert!(found.text.contains(says), "{found:?}");
                assert_ne!(found.state, State::Ok);
            }
        }
    }
}
