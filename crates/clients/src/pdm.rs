//! pdm: the URL of the source that it calls `pypi`, so that ours takes the place of the public one; and, for the
//! user, a repository to publish to.

use crate::error::UserError;
use crate::here::Here;
use crate::leftover::Leftovers;
use crate::python::{self, Asks, NOTE, Python, replaced};
use crate::setting::Setting;
use crate::setup::{Level, Repository};
use crate::text::Text;
use crate::toml::{self, Toml};
use crate::trial::{self, Scratch, Trial};
use crate::variables::Variables;

/// The URL of pdm's index.
const PDM_PYPI_URL: &str = "PDM_PYPI_URL";

/// pdm's room.
pub(crate) const PDM: Python = Python {
    name: "pdm",
    check: "client_pdm",
    about: "pdm: its index, and a repository to publish to",
    notes: NOTE,
    has_project: true,
    asks: Asks::Command,
    file: |here, level| match level {
        Level::User => python::in_platform_folder(here.environment, "pdm/config.toml"),
        Level::Project => python::pyproject(),
    },
    edit,
    winning: &[PDM_PYPI_URL],
    settings,
    variables,
    leftovers: Leftovers {
        published: &["pdm.lock"],
        ..Leftovers::NONE
    },
    trials,
    ..Python::EMPTY
};

const SOURCES: [&str; 3] = ["tool", "pdm", "source"];

/// It locks a copy of the project, or a project without settings of its own.
fn trials(here: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
    if settings.is_empty() {
        return Vec::new();
    }
    let project = python::with_one_dependency(here).map(|project| project.to_string());
    let bare = || python::project(trial::PACKAGE).to_string();
    let trial = Trial::of(&["lock"]).in_scratch();
    let trial = trial.writing("pyproject.toml", project.unwrap_or_else(bare));
    let trial = python::copied(trial, "pdm.toml", here);
    let trial = trial.with("PDM_CACHE_DIR", scratch.path("cache"));
    let trial = trial
        .with("PDM_CHECK_UPDATE", "false")
        .with("PDM_IGNORE_SAVED_PYTHON", "1");
    vec![trial.succeeding()]
}

fn edit(text: &mut Text, repository: &Repository, level: Level) -> Result<Vec<String>, UserError> {
    let (name, url) = (toml::name_of(repository), repository.endpoint.client_url());
    let mut before = None;
    Toml::edit(text, &repository.name, |toml| match level {
        Level::User => {
            before = toml.set(&["pypi"], "url", &url)?;
            let upload = toml::pair("url", repository.endpoint.root());
            toml.append(&[format!("[repository.{name}]"), upload]);
            Ok(())
        }
        Level::Project => {
            let is_pypi = |table: &&toml_edit::Item| toml::string(table, "name") == Some("pypi");
            let is_taken = toml::tables(&toml.document()?, &SOURCES)
                .iter()
                .any(is_pypi);
            let name = if is_taken { &name } else { "pypi" };
            let body = [
                "[[tool.pdm.source]]".to_owned(),
                toml::pair("name", name),
                toml::pair("url", &url),
            ];
            toml.insert_before(&SOURCES, &body)
        }
    })?;
    let remark = before.map(|before| replaced("pypi.url", &before));
    Ok(remark.into_iter().collect())
}

fn settings(here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    python::sources(here, &SOURCES)
}

/// Sources of the project need none: pdm takes what the netrc says.
fn variables(variables: &mut Variables<'_>) {
    let has_sources = variables.sources(PDM.name).next().is_some();
    if let Some(target) = variables.target()
        && !has_sources
    {
        variables.offer(PDM_PYPI_URL, &target.index);
    }
    variables.publish([
        "PDM_PUBLISH_REPO",
        "PDM_PUBLISH_USERNAME",
        "PDM_PUBLISH_PASSWORD",
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::for_tests::{acme, undone};

    #[test]
    fn the_index_of_the_user_is_replaced_and_comes_back() {
        let rows = [
            ("", "[pypi]\nurl = \"https://my-domain"),
            (
                "[pypi]\nverify_ssl = true\n",
                "[pypi]\n# >>> codeartifact setup acme\nurl = ",
            ),
            (
                "[pypi]\nurl = \"https://example.com/simple\"\n[repository.b]\nurl = \"x\"\n",
                "# set aside by codeartifact setup acme: url = \"https://example.com/simple\"\n[repository.b]\nurl = \"x\"\n",
            ),
        ];
        for (before, expected) in rows {
            let after = undone(before, |text| edit(text, &acme(), Level::User));
            assert!(after.contains(expected), "{after}");
            assert!(after.contains("[repository.acme]\nurl = "), "{after}");
        }
    }

    #[test]
    fn a_project_has_a_source_of_that_name_once() {
        let other = "[[tool.pdm.source]]\nname = \"pypi\"\nurl = \"https://example.com/simple\"\n";
        for (before, name) in [("", "name = \"pypi\""), (other, "name = \"acme\"")] {
            let after = undone(before, |text| edit(text, &acme(), Level::Project));
            assert!(after.contains(name), "{after}");
        }
    }
}
