//! hatch: a repository to publish to, with the user's name, for which alone hatch asks. What it installs, it installs
//! by pip or uv, with their configuration.

use std::path::PathBuf;

use toml_edit::{Document, Item};

use crate::error::UserError;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::python::{self, Asks, NOTE, Python, Wanted, free_name};
use crate::setting::{Origin, Setting};
use crate::setup::Level;
use crate::text::Text;
use crate::toml::{self, Toml};
use crate::trial::{self, Scratch, Trial};
use crate::variables::{USER, Variables};

const PYTHONPATH: &str = "PYTHONPATH";

/// The table of the repositories in its file.
const REPOSITORIES: [&str; 3] = ["publish", "index", "repos"];

/// hatch's room.
pub(crate) const HATCH: Python = Python {
    name: "hatch",
    check: "client_hatch",
    about: "hatch: a repository to publish to; it installs by pip or uv",
    notes: NOTE,
    has_project: false,
    asks: Asks::Library,
    file: |here, _| python::in_platform_folder(here.environment, "hatch/config.toml"),
    edit,
    winning: &["HATCH_INDEX_REPO", "HATCH_INDEX_USER"],
    settings,
    trials,
    variables,
    leftovers: Leftovers {
        sends: "hatch sends it and asks no keyring",
        passwords: &["HATCH_INDEX_AUTH"],
        ..Leftovers::NONE
    },
    ..Python::EMPTY
};

/// The repositories of its own file.
fn settings(here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    let file = (HATCH.file)(here, Level::User).and_then(|file| here::read(&file));
    let Some(file) = file else {
        return Ok(Vec::new());
    };
    let document = Document::parse(file.text).ok();
    let repos = document
        .as_ref()
        .and_then(|it| toml::at(it, &REPOSITORIES)?.as_table_like());
    let repos = repos.into_iter().flat_map(|table| table.iter());
    let found = repos.filter_map(|(name, repo)| {
        let url = repo.as_str().or_else(|| repo.get("url")?.as_str())?;
        Some(Setting {
            name: Some(name.to_owned()),
            endpoint: here.endpoint(url)?,
            origin: Origin::File(PathBuf::from(&file.name), None),
        })
    });
    Ok(found.collect())
}

/// It publishes to the stand-in, which nothing of its settings leads it to: it reads no variable that names a proxy.
fn trials(here: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
    let own = scratch.folder.join("bend");
    let users = here.environment.variable(PYTHONPATH).unwrap_or_default();
    let path = std::iter::once(own).chain(std::env::split_paths(&users));
    let Ok(path) = std::env::join_paths(path) else {
        return Vec::new();
    };
    let publish = |name: &str| {
        let words = ["publish", "--no-prompt", "--repo", name, trial::WHEEL.0];
        let trial = Trial::of(&words).in_scratch().succeeding();
        let project = python::project::project(trial::PACKAGE).to_string();
        trial
            .writing(trial::WHEEL.0, trial::WHEEL.1)
            .writing("pyproject.toml", project)
            .writing(
                "bend/sitecustomize.py",
                include_str!("hatch/sitecustomize.py"),
            )
            .with(PYTHONPATH, path.to_string_lossy())
            .with(
                "HATCH_INDEX_CA_CERT",
                scratch.authorities.display().to_string(),
            )
    };
    let names = settings.iter().filter_map(|it| it.name.as_deref());
    names.map(publish).collect()
}

fn edit(text: &mut Text, wanted: &Wanted<'_>) -> Result<Vec<String>, UserError> {
    Toml::edit(text, wanted.mark, |toml| {
        let document = toml.document()?;
        let there = toml::at(&document, &REPOSITORIES).and_then(Item::as_table_like);
        let urls = there.into_iter().flat_map(|it| it.iter());
        let urls = urls.filter_map(|(name, it)| Some((name, it.get("url")?.as_str()?)));
        let meant = urls.filter(|(_, url)| wanted.is_meant(url));
        let meant: Vec<_> = meant.map(|(name, _)| name).collect();
        for name in &meant {
            let path = [&REPOSITORIES[..], &[*name]].concat();
            toml.set(&path, "url", wanted.root())?;
            toml.set(&path, "user", USER)?;
        }
        if !meant.is_empty() {
            return Ok(());
        }
        let taken = there.into_iter().flat_map(|it| it.iter());
        let taken: Vec<_> = taken.map(|(name, _)| name).collect();
        let name = free_name(toml::name_of(wanted.repository), &taken);
        toml.append(&[
            format!("[{}.{name}]", REPOSITORIES.join(".")),
            toml::pair("url", wanted.root()),
            toml::pair("user", USER),
        ]);
        Ok(())
    })?;
    Ok(Vec::new())
}

fn variables(variables: &mut Variables<'_>) {
    variables.publish(["HATCH_INDEX_REPO", "HATCH_INDEX_USER", "HATCH_INDEX_AUTH"]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::for_tests::{acme, edited};

    #[test]
    fn a_repository_with_its_user() {
        for before in ["", "mode = \"local\"\n\n[publish.index]\nrepo = \"main\"\n"] {
            let (after, _) = edited(&HATCH, before, &acme(), Level::User).unwrap();
            assert!(
                after.contains("[publish.index.repos.acme]\nurl = \"https://my-domain"),
                "{after}"
            );
            assert!(
                after.contains("/pypi/my-repo/\"\nuser = \"aws\"\n"),
                "{after}"
            );
        }
    }
}
