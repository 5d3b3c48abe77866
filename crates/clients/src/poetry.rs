//! poetry: for the user, a repository to publish to; for a project, a source to install from, since poetry keeps
//! sources nowhere else. A primary source takes the place of the public one.

use std::path::PathBuf;

use toml_edit::{Document, DocumentMut, Item, value};

use crate::error::UserError;
use crate::here::{self, Here};
use crate::leftover::Leftovers;
use crate::python::{self, Asks, NOTE, Python, Wanted, free_name, project};
use crate::setting::{Origin, Setting};
use crate::setup::Level;
use crate::text::Text;
use crate::toml::{self, Toml, entries};
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
        Level::Project => project::pyproject(here),
    },
    edit,
    passwords_file,
    drop_passwords,
    winning: &["POETRY_REPOSITORIES_*_URL"],
    settings,
    variables,
    leftovers: Leftovers {
        passwords: &["POETRY_HTTP_BASIC_*_PASSWORD"],
        sends: "poetry sends it and asks no keyring",
        project: &["poetry.toml"],
        published: &["poetry.lock"],
        user: |here| passwords_file(here).into_iter().collect(),
        ..Leftovers::NONE
    },
    trials,
    ..Python::EMPTY
};

const REPOSITORIES: &str = "repositories";
const SOURCES: [&str; 3] = ["tool", "poetry", "source"];

/// With a source of the project, it locks a copy of that; without, it publishes to the repository of its setup.
fn trials(here: &Here<'_>, settings: &[Setting], scratch: &Scratch<'_>) -> Vec<Trial> {
    let is_source = |it: &&Setting| matches!(it.origin, Origin::File(..));
    let project = settings
        .iter()
        .find(is_source)
        .and_then(|_| project::with_one_dependency(here));
    let trial = match project {
        Some(mut project) => {
            name_source(&mut project, settings);
            let trial = Trial::of(&["lock", "--no-interaction"]);
            trial.writing("pyproject.toml", project::text_of(&project, here))
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
    let trial = project::copied(trial.in_scratch(), "poetry.toml", here);
    let trial = trial.with("POETRY_CACHE_DIR", scratch.path("cache"));
    vec![
        trial
            .with("POETRY_VIRTUALENVS_CREATE", "false")
            .succeeding(),
    ]
}

/// A source that is explicit is asked only for what names it.
fn name_source(project: &mut DocumentMut, settings: &[Setting]) {
    let text = project.to_string();
    let Ok(document) = Document::parse(text) else {
        return;
    };
    let sources = entries(&document, &SOURCES);
    let is_explicit = |name: &str| {
        let mut named = sources.iter().filter(|it| it.string("name") == Some(name));
        named.any(|it| it.string("priority") == Some("explicit"))
    };
    let mut names = settings.iter().filter_map(|it| it.name.as_deref());
    if let Some(name) = names.next().filter(|name| is_explicit(name)) {
        project["tool"]["poetry"]["dependencies"][trial::PACKAGE]["source"] = value(name);
    }
}

fn edit(text: &mut Text, wanted: &Wanted<'_>) -> Result<Vec<String>, UserError> {
    Toml::edit(text, wanted.mark, |toml| match wanted.level {
        Level::User => edit_repositories(toml, wanted),
        Level::Project => edit_sources(toml, wanted),
    })?;
    Ok(Vec::new())
}

fn passwords_file(here: &Here<'_>) -> Option<PathBuf> {
    python::in_platform_folder(here.environment, "pypoetry/auth.toml")
}

/// Those that `poetry config http-basic.NAME` has left: poetry sends one to whatever has that name.
fn drop_passwords(text: &mut Text, wanted: &Wanted<'_>) -> Result<(), UserError> {
    let sources = settings(wanted.here).unwrap_or_default().into_iter();
    let meant = sources.filter(|it| it.endpoint.root() == wanted.root());
    let names = meant
        .filter_map(|it| it.name)
        .chain(repositories_of(wanted));
    Toml::edit(text, wanted.mark, |toml| {
        let mut names = names;
        names.try_for_each(|name| toml.remove(&["http-basic", &name], "password"))
    })
}

/// The names that the user's own file has for the repository.
fn repositories_of(wanted: &Wanted<'_>) -> Vec<String> {
    let file = (POETRY.file)(wanted.here, Level::User).and_then(|file| here::read(&file));
    let document = file.and_then(|file| Document::parse(file.text).ok());
    let named = document.as_ref().map(repositories).unwrap_or_default();
    let meant = named.into_iter().filter(|(_, url)| wanted.is_meant(url));
    meant.map(|(name, _)| name.to_owned()).collect()
}

/// Each with its URL.
fn repositories(document: &Document<String>) -> Vec<(&str, &str)> {
    let there = toml::at(document, &[REPOSITORIES]).and_then(Item::as_table_like);
    let there = there.into_iter().flat_map(|it| it.iter());
    let urls = there.filter_map(|(name, it)| Some((name, it.get("url")?.as_str()?)));
    urls.collect()
}

fn edit_repositories(toml: &mut Toml<'_>, wanted: &Wanted<'_>) -> Result<(), UserError> {
    let document = toml.document()?;
    let urls = repositories(&document);
    let meant = urls.iter().filter(|(_, url)| wanted.is_meant(url));
    let meant: Vec<_> = meant.map(|(name, _)| *name).collect();
    for name in &meant {
        toml.set(&[REPOSITORIES, name], "url", wanted.root())?;
    }
    if !meant.is_empty() {
        return Ok(());
    }
    let taken: Vec<_> = urls.iter().map(|(name, _)| *name).collect();
    let name = free_name(toml::name_of(wanted.repository), &taken);
    let url = toml::pair("url", wanted.root());
    toml.append(&[format!("[{REPOSITORIES}.{name}]"), url]);
    Ok(())
}

/// An entry of the repository stays as it is, but for its URL: poetry sends a password in it and asks no keyring.
fn edit_sources(toml: &mut Toml<'_>, wanted: &Wanted<'_>) -> Result<(), UserError> {
    if wanted.completes(toml, &SOURCES)? {
        return Ok(());
    }
    let document = toml.document()?;
    let there = entries(&document, &SOURCES);
    let name = free_name(toml::name_of(wanted.repository), &toml::names(&there));
    let pairs = [
        toml::pair("name", name),
        toml::pair("url", wanted.index()),
        toml::pair("priority", "primary"),
    ];
    toml.add_entry(&SOURCES, &pairs)
}

fn settings(here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    project::sources(here, &SOURCES)
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
    use crate::python::for_tests::{acme, edited};

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
                Level::User,
                "[repositories.acme]\nurl = \"https://example.com/\"\n",
                "[repositories.acme-2]\nurl = ",
            ),
            (
                Level::Project,
                project,
                "priority = \"primary\"\n# <<< codeartifact setup poetry acme\n[[tool",
            ),
            (
                Level::Project,
                "[[tool.poetry.source]]\nname = \"acme\"\nurl = \"https://example.com/\"\n",
                "name = \"acme-2\"",
            ),
        ];
        for (place, before, expected) in rows {
            let (after, _) = edited(&POETRY, before, &acme(), place).unwrap();
            assert!(after.contains(expected), "{after}");
        }
    }

    #[test]
    fn what_is_there_is_completed() {
        let host = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        let source = |url: &str| {
            format!(
                "[[tool.poetry.source]]\nname = \"mine\"\nurl = \"{url}\"\npriority = \"explicit\"\n"
            )
        };
        let right = source(&format!("https://{host}/pypi/my-repo/simple/"));
        for url in ["", "aws:eyJ2ZXIi@"].map(|it| format!("https://{it}{host}/pypi/my-repo/")) {
            let (after, _) = edited(&POETRY, &source(&url), &acme(), Level::Project).unwrap();
            let after: String = after
                .lines()
                .filter(|it| !it.starts_with('#'))
                .map(|it| format!("{it}\n"))
                .collect();
            assert_eq!(after, right);
        }
        let (after, _) = edited(&POETRY, &right, &acme(), Level::Project).unwrap();
        assert_eq!(after, right);
        let of_user = format!("[repositories]\nmine.url = \"https://{host}/pypi/my-repo/\"\n");
        let (after, _) = edited(&POETRY, &of_user, &acme(), Level::User).unwrap();
        assert_eq!(after, of_user);
    }
}
