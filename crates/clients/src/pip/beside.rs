//! Tools of this project that run pip in an environment of their own making, and what they need beside `pip.conf`: told
//! in a line each. Those that need nothing (build, nox, pre-commit, virtualenv, a notebook's `%pip`) are not here.
//!
//! Tried with tox 4.67, pipenv 2026.10 and pipx 1.18 in the end-to-end tests.

use std::ffi::OsStr;

use codeartifact_auth::next_on_path;

use super::{CHECK, PIP};
use crate::Client as _;
use crate::finding::Finding;
use crate::here::Here;
use crate::uv::UV;

/// A fact, and what to do about it.
type Need = (&'static str, String);

/// Returns what a setup of pip says of them.
pub(super) fn remarks(here: &Here<'_>) -> Vec<String> {
    let needs = needs(here).into_iter();
    needs
        .map(|(text, what)| format!("{text}: {what}"))
        .collect()
}

/// The same of what a trial of pip does not show.
pub(super) fn risks(here: &Here<'_>) -> Vec<Finding> {
    let warning =
        |(text, what): Need| Finding::warning(CHECK, PIP.name, text.to_owned()).hint(what);
    needs(here).into_iter().map(warning).collect()
}

fn needs(here: &Here<'_>) -> Vec<Need> {
    let all = [pipenv(here), tox(here), pipx(here)];
    all.into_iter().flatten().collect()
}

fn pipenv(here: &Here<'_>) -> Option<Need> {
    here.nearest("Pipfile")?;
    let is_told = ["PIP_KEYRING_PROVIDER", "PIPENV_KEYRING_PROVIDER"];
    let is_told = is_told
        .iter()
        .any(|name| here.environment.text(name).is_some());
    let text = "pipenv puts a pip.conf of its own in the place of yours";
    (!is_told).then(|| {
        (
            text,
            "set PIP_KEYRING_PROVIDER=subprocess for it".to_owned(),
        )
    })
}

fn tox(here: &Here<'_>) -> Option<Need> {
    let named = [
        ("tox.ini", "[testenv"),
        ("tox.toml", ""),
        ("pyproject.toml", "tool.tox"),
        ("setup.cfg", "tox:tox"),
    ];
    let mut files = named
        .into_iter()
        .filter_map(|(name, sign)| here.nearest(name).filter(|file| file.text.contains(sign)));
    let file = files.next()?;
    let what = format!(
        "add pass_env = AWS_*, CODEARTIFACT_*, XDG_*, DBUS_* to {}, or run `codeartifact exec -- tox`",
        file.name
    );
    (!file.text.contains("AWS_")).then_some(("tox keeps AWS's variables from pip", what))
}

/// Once uv is led to a repository, its own trial says the rest.
fn pipx(here: &Here<'_>) -> Option<Need> {
    let is_there = |name: &str| next_on_path::find(OsStr::new(name), here.environment).is_some();
    let is_led = || UV.settings(here).is_ok_and(|found| !found.is_empty());
    let what = "run `codeartifact setup uv` as well, or pipx --backend pip";
    let is_needed = is_there("pipx") && is_there("uv") && !is_led();
    is_needed.then(|| ("pipx installs by uv where it finds that", what.to_owned()))
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::environment::Environment;
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn what_the_project_has_is_told() {
        let rows = [
            ("Pipfile", "", Some("PIP_KEYRING_PROVIDER=subprocess")),
            ("tox.ini", "[testenv]\n", Some("pass_env = AWS_*")),
            ("tox.ini", "[testenv]\npass_env = AWS_*\n", None),
            ("pyproject.toml", "[tool.tox]\n", Some("pass_env")),
            ("pyproject.toml", "[project]\n", None),
            ("noxfile.py", "", None),
        ];
        for (name, text, expected) in rows {
            let home = tempfile::tempdir().unwrap();
            std::fs::write(home.path().join(name), text).unwrap();
            let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
            let told = remarks(&Here::at(home.path().to_owned(), &environment)).join("\n");
            assert_eq!(!told.is_empty(), expected.is_some(), "{name}: {told}");
            assert!(told.contains(expected.unwrap_or_default()), "{told}");
        }
    }
}
