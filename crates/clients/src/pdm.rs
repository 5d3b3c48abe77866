//! pdm: the URL of the source that it calls `pypi`, so that ours takes the place of the public one; and, for the
//! user, a repository to publish to.

use std::path::PathBuf;

use toml_edit::{Document, Item};

use crate::error::UserError;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::python::{self, Asks, NOTE, Python, Wanted, free_name, project, replaced};
use crate::setting::{Origin, Setting};
use crate::setup::Level;
use crate::text::Text;
use crate::toml::{self, Toml, entries};
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
        Level::Project => project::pyproject(here),
    },
    edit,
    winning: &[PDM_PYPI_URL, "PDM_PUBLISH_REPO"],
    settings,
    variables,
    leftovers: Leftovers {
        sends: "pdm sends it and asks no keyring",
        project: &["pdm.toml"],
        published: &["pdm.lock"],
        passwords: &["PDM_PYPI_PASSWORD", "PDM_PUBLISH_PASSWORD"],
        user: |here| (PDM.file)(here, Level::User).into_iter().collect(),
        ..Leftovers::NONE
    },
    intended,
    trials,
    ..Python::EMPTY
};

const SOURCES: [&str; 3] = ["tool", "pdm", "source"];
/// The source that takes the place of the public one.
const PYPI: &str = "pypi";

/// It locks a copy of the project, or a project without settings of its own.
fn trials(here: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
    if settings.is_empty() {
        return Vec::new();
    }
    let copy = project::with_one_dependency(here);
    let copy = copy.map(|project| project::text_of(&project, here));
    let bare = || project::project(trial::PACKAGE).to_string();
    let trial = Trial::of(&["lock"]).in_scratch();
    let trial = trial.writing("pyproject.toml", copy.unwrap_or_else(bare));
    let trial = project::copied(trial, "pdm.toml", here);
    let trial = trial.with("PDM_CACHE_DIR", scratch.path("cache"));
    let trial = trial
        .with("PDM_CHECK_UPDATE", "false")
        .with("PDM_IGNORE_SAVED_PYTHON", "1");
    vec![trial.succeeding()]
}

fn edit(text: &mut Text, wanted: &Wanted<'_>) -> Result<Vec<String>, UserError> {
    let mut before = None;
    Toml::edit(text, wanted.mark, |toml| match wanted.level {
        Level::User => {
            // pdm sends it and asks no keyring.
            toml.remove(&["pypi"], "password")?;
            before = toml.set(&["pypi"], "url", wanted.index())?;
            add_repository(toml, wanted)
        }
        Level::Project => edit_sources(toml, wanted),
    })?;
    let remark = before.map(|before| replaced("pypi.url", &before));
    Ok(remark.into_iter().collect())
}

fn add_repository(toml: &mut Toml<'_>, wanted: &Wanted<'_>) -> Result<(), UserError> {
    let document = toml.document()?;
    let there = toml::at(&document, &["repository"]).and_then(Item::as_table_like);
    let known: Vec<_> = there.into_iter().flat_map(|it| it.iter()).collect();
    let url = |it: &Item| Some(it.get("url")?.as_str()?.to_owned());
    let is_meant = |it: &Item| url(it).is_some_and(|it| wanted.is_meant(&it));
    let meant = known.iter().filter(|(_, it)| is_meant(it));
    let meant: Vec<_> = meant.map(|(name, _)| *name).collect();
    for name in &meant {
        toml.remove(&["repository", name], "password")?;
    }
    if !meant.is_empty() {
        return Ok(());
    }
    let taken: Vec<_> = known.iter().map(|(name, _)| *name).collect();
    let name = free_name(toml::name_of(wanted.repository), &taken);
    toml.append(&[
        format!("[repository.{name}]"),
        toml::pair("url", wanted.root()),
    ]);
    Ok(())
}

/// An entry of the repository keeps its name and its place; pdm sends a password in its URL and asks no keyring.
fn edit_sources(toml: &mut Toml<'_>, wanted: &Wanted<'_>) -> Result<(), UserError> {
    if wanted.completes(toml, &SOURCES)? {
        return Ok(());
    }
    let document = toml.document()?;
    let there = entries(&document, &SOURCES);
    let taken = toml::names(&there);
    let name = if taken.contains(&PYPI) {
        free_name(toml::name_of(wanted.repository), &taken)
    } else {
        PYPI.to_owned()
    };
    let pairs = [toml::pair("name", name), toml::pair("url", wanted.index())];
    toml.add_entry(&SOURCES, &pairs)
}

fn settings(here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    project::sources(here, &SOURCES)
}

/// The index that takes the place of the public one, for every project.
fn intended(here: &Here<'_>) -> Vec<Setting> {
    let variable = here.variable(PDM_PYPI_URL);
    let of_variable = variable.map(|it| (it.text, Origin::Variable(it.name)));
    let of_file = || {
        let file = here::read(&(PDM.file)(here, Level::User)?)?;
        let document = Document::parse(file.text).ok()?;
        let url = toml::at(&document, &["pypi"])?.get("url")?.as_str()?;
        Some((url.to_owned(), Origin::File(PathBuf::from(file.name), None)))
    };
    let index = of_variable.or_else(of_file);
    let setting = index.and_then(|(url, origin)| {
        Some(Setting {
            name: None,
            endpoint: here.endpoint(&url)?,
            origin,
        })
    });
    setting.into_iter().collect()
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
    use crate::python::for_tests::{acme, edited};

    #[test]
    fn the_index_of_the_user_is_replaced_and_comes_back() {
        let rows = [
            ("", "[pypi]\nurl = \"https://my-domain"),
            (
                "[pypi]\nverify_ssl = true\n",
                "[pypi]\n# >>> codeartifact setup pdm acme\nurl = ",
            ),
            (
                "[pypi]\nurl = \"https://example.com/simple\"\n[repository.b]\nurl = \"x\"\n",
                "\n[repository.b]\nurl = \"x\"\n",
            ),
        ];
        for (before, expected) in rows {
            let (after, _) = edited(&PDM, before, &acme(), Level::User).unwrap();
            assert!(after.contains(expected), "{after}");
            assert!(after.contains("[repository.acme]\nurl = "), "{after}");
            assert!(!after.contains("example.com"), "{after}");
        }
    }

    #[test]
    fn a_project_has_a_source_of_a_name_once() {
        let source = |name: &str| {
            format!(
                "[[tool.pdm.source]]\nname = \"{name}\"\nurl = \"https://example.com/simple\"\n"
            )
        };
        let rows = [
            (String::new(), "name = \"pypi\""),
            (source("pypi"), "name = \"acme\""),
            (source("pypi") + &source("acme"), "name = \"acme-2\""),
        ];
        for (before, name) in rows {
            let (after, _) = edited(&PDM, &before, &acme(), Level::Project).unwrap();
            assert!(after.contains(name), "{after}");
        }
    }
}
