//! poetry: for the user, a repository to publish to; for a project, a source to install from, since poetry keeps
//! sources nowhere else. A primary source takes the place of the public one.

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
use crate::variables::{Variables, shouted};

/// poetry's room.
pub(crate) const POETRY: Python = Python {
    name: "poetry",
    check: "client_poetry",
    about: "poetry: a repository to publish to; with --project, a source to install from",
    notes: NOTE,
    has_project: true,
    asks: Asks::Library,
    file: |here, level| match level {
        Level::User => python::in_platform_folder(here.environment, "pypoetry/config.toml"),
        Level::Project => python::pyproject(),
    },
    edit,
    settings,
    variables,
    leftovers: Leftovers {
        passwords: &["POETRY_HTTP_BASIC_*_PASSWORD"],
        sends: "poetry sends it and asks no keyring",
        project: &["poetry.toml"],
        published: &["poetry.lock"],
        user: |here| {
            let file = python::in_platform_folder(here.environment, "pypoetry/auth.toml");
            file.into_iter().collect()
        },
        ..Leftovers::NONE
    },
    trials,
    ..Python::EMPTY
};

const SOURCES: [&str; 3] = ["tool", "poetry", "source"];

/// With a source of the project, it locks a copy of that; without, it publishes to the repository of its setup.
fn trials(here: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
    let is_source = |it: &&Setting| matches!(it.origin, Origin::File(..));
    let project = settings
        .iter()
        .find(is_source)
        .and_then(|_| python::with_one_dependency(here));
    let trial = match project {
        Some(project) => {
            let trial = Trial::of(&["lock", "--no-interaction"]);
            trial.writing("pyproject.toml", project.to_string())
        }
        None => {
            let Some(name) = settings.iter().find_map(|it| it.name.as_deref()) else {
                return Vec::new();
            };
            let project = "[project]\nname = \"codeartifact-doctor\"\nversion = \"1\"\n";
            let trial = Trial::of(&["publish", "--no-interaction", "--repository", name]);
            trial
                .writing("pyproject.toml", project)
                .writing(trial::WHEEL.0, trial::WHEEL.1)
        }
    };
    let trial = python::copied(trial.in_scratch(), "poetry.toml", here);
    let trial = trial.with("POETRY_CACHE_DIR", scratch.path("cache"));
    vec![
        trial
            .with("POETRY_VIRTUALENVS_CREATE", "false")
            .succeeding(),
    ]
}

fn edit(text: &mut Text, repository: &Repository, level: Level) -> Result<Vec<String>, UserError> {
    let name = toml::name_of(repository);
    Toml::edit(text, &repository.name, |toml| match level {
        Level::User => {
            let url = toml::pair("url", repository.endpoint.root());
            toml.append(&[format!("[repositories.{name}]"), url]);
            Ok(())
        }
        Level::Project => {
            let body = [
                "[[tool.poetry.source]]".to_owned(),
                toml::pair("name", &name),
                toml::pair("url", repository.endpoint.client_url()),
                toml::pair("priority", "primary"),
            ];
            toml.insert_before(&SOURCES, &body)
        }
    })?;
    Ok(Vec::new())
}

fn settings(here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    python::sources(here, &SOURCES)
}

/// poetry looks up by name whom to publish as. A name that the project gives to a source of its own is the project's.
fn variables(variables: &mut Variables<'_>) {
    let project = variables.here.nearest("pyproject.toml");
    if !project.is_some_and(|file| names_sources(file.text))
        && let Some(target) = variables.target()
    {
        let name = shouted(&target.name);
        // A repository's URL in a variable hides all that poetry's own file has.
        let file = (POETRY.file)(variables.here, Level::User).and_then(|file| here::read(&file));
        if !file.is_some_and(|file| file.text.contains("[repositories")) {
            variables.publish([
                &format!("POETRY_REPOSITORIES_{name}_URL"),
                &format!("POETRY_HTTP_BASIC_{name}_USERNAME"),
                &format!("POETRY_HTTP_BASIC_{name}_PASSWORD"),
            ]);
        }
    }
}

/// A project that cannot be read may name one.
fn names_sources(project: String) -> bool {
    let document = Document::parse(project);
    document.map_or(true, |document| toml::at(&document, &SOURCES).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::for_tests::{acme, undone};

    #[test]
    fn a_source_is_found_in_any_layout() {
        let rows = [
            ("[[tool.poetry.source]]\nname = 'a'\n", true),
            ("[tool.poetry]\nsource = [{ name = 'a' }]\n", true),
            ("tool = { poetry = { source = [{ name = 'a' }] } }\n", true),
            ("[tool]\npoetry.'source' = []\n", true),
            ("no = toml = at all", true),
            ("# tool.poetry.source\n[tool.poetry]\nname = 'b'\n", false),
            ("", false),
        ];
        for (project, expected) in rows {
            assert_eq!(names_sources(project.to_owned()), expected, "{project}");
        }
    }

    #[test]
    fn user_and_project_differ() {
        let project = "[tool.poetry]\npackage-mode = false\n\n[[tool.poetry.source]]\nname = \"b\"\nurl = \"https://example.com/\"\n";
        let rows = [
            (Level::User, "", "[repositories.acme]\nurl = "),
            (
                Level::User,
                "[virtualenvs]\nin-project = true\n",
                "[repositories.acme]\nurl = ",
            ),
            (
                Level::Project,
                project,
                "priority = \"primary\"\n# <<< codeartifact setup acme\n[[tool",
            ),
        ];
        for (place, before, expected) in rows {
            let after = undone(before, |text| edit(text, &acme(), place));
            assert!(after.contains(expected), "{after}");
        }
    }
}
