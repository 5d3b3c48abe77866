//! hatch: a repository to publish to, with the user's name, for which alone hatch asks. What it installs, it installs
//! by pip or uv, with their configuration.

use std::path::PathBuf;

use toml_edit::Document;

use crate::error::UserError;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::python::{self, Asks, NOTE, Python};
use crate::setting::{Origin, Setting};
use crate::setup::{Level, Repository};
use crate::text::Text;
use crate::toml::{self, Toml};
use crate::trial::{self, Scratch, Trial};
use crate::variables::Variables;

const PYTHONPATH: &str = "PYTHONPATH";

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
        .and_then(|it| toml::at(it, &["publish", "index", "repos"])?.as_table_like());
    let repos = repos.into_iter().flat_map(|table| table.iter());
    let found = repos.filter_map(|(name, repo)| {
        let url = repo.as_str().or_else(|| toml::string(repo, "url"))?;
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
        let project = python::project(trial::PACKAGE).to_string();
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

fn edit(text: &mut Text, repository: &Repository, _: Level) -> Result<Vec<String>, UserError> {
    let name = toml::name_of(repository);
    let body = [
        format!("[publish.index.repos.{name}]"),
        toml::pair("url", repository.endpoint.root()),
        toml::pair("user", "aws"),
    ];
    Toml::edit(text, &repository.name, |toml| {
        toml.append(&body);
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
    use crate::python::for_tests::{acme, undone};

    #[test]
    fn a_repository_with_its_user() {
        for before in ["", "mode = \"local\"\n\n[publish.index]\nrepo = \"main\"\n"] {
            let after = undone(before, |text| edit(text, &acme(), Level::User));
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
