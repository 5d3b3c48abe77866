//! twine: a section of `.pypirc`, and its name in the list of those that count. No password: twine asks for that.

use std::path::PathBuf;

use crate::error::UserError;
use crate::here::{self, Here};
use crate::ini;
use crate::leftover::Leftovers;
use crate::python::{Asks, NOTE, Python};
use crate::setting::{Origin, Setting};
use crate::setup::{Level, Repository};
use crate::text::Text;
use crate::toml;
use crate::trial::{self, Scratch, Trial};
use crate::variables::Variables;

/// The section of `.pypirc` that twine publishes to.
const TWINE_REPOSITORY: &str = "TWINE_REPOSITORY";
/// The URL that twine publishes to.
const TWINE_REPOSITORY_URL: &str = "TWINE_REPOSITORY_URL";

/// twine's room.
pub(crate) const TWINE: Python = Python {
    name: "twine",
    check: "client_twine",
    about: "twine: a section of .pypirc to publish to",
    notes: NOTE,
    has_project: false,
    asks: Asks::Library,
    file: |here, _| Some(here.environment.home()?.join(".pypirc")),
    edit,
    winning: &[TWINE_REPOSITORY, TWINE_REPOSITORY_URL],
    variables,
    leftovers: Leftovers {
        passwords: &["TWINE_PASSWORD"],
        sends: "twine sends it and asks no keyring",
        user: |here| (TWINE.file)(here, Level::User).into_iter().collect(),
        ..Leftovers::NONE
    },
    settings,
    trials,
    ..Python::EMPTY
};

/// The sections of `.pypirc` that name a repository of ours.
fn settings(here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
    let file = (TWINE.file)(here, Level::User).and_then(|file| here::read(&file));
    let Some(file) = file else {
        return Ok(Vec::new());
    };
    let entries = ini::entries(&Text::parse(&file.text)).into_iter();
    let repositories = entries.filter(|(_, key, _)| key == "repository");
    let found = repositories.filter_map(|(section, _, item)| {
        Some(Setting {
            name: Some(section),
            endpoint: here.endpoint(&item.value)?,
            origin: Origin::File(PathBuf::from(&file.name), Some(item.lines.start + 1)),
        })
    });
    Ok(found.collect())
}

/// Nothing is published: the stand-in takes the wheel.
fn trials(_: &Here<'_>, settings: &[Setting], _: &Scratch<'_>) -> Vec<Trial> {
    let upload = |setting: &Setting| {
        let name = setting.name.as_deref()?;
        let trial = Trial::of(&[
            "upload",
            "--non-interactive",
            "--repository",
            name,
            trial::WHEEL.0,
        ]);
        let trial = trial.in_scratch().succeeding();
        Some(trial.writing(trial::WHEEL.0, trial::WHEEL.1))
    };
    settings.iter().filter_map(upload).collect()
}

/// The names that twine takes when there is no list.
const DEFAULTS: [&str; 2] = ["    pypi", "    testpypi"];

fn edit(text: &mut Text, repository: &Repository, _: Level) -> Result<Vec<String>, UserError> {
    text.remove(Some(&repository.name))?;
    let name = toml::name_of(repository);
    if ini::header(text, &name).is_some() {
        return Err(UserError::new(format!(
            "it has a section [{name}] already; take that away, or give the repository by --url"
        )));
    }
    list(text, repository, &name);
    let body = [
        format!("[{name}]"),
        format!("repository = {}", repository.endpoint.root()),
        "username = aws".to_owned(),
    ];
    text.insert(text.end(), &repository.name, &body);
    Ok(Vec::new())
}

fn list(text: &mut Text, repository: &Repository, name: &str) {
    let entry = format!("    {name}");
    let item = ini::items(text, "distutils", "index-servers")
        .into_iter()
        .next();
    match (item, ini::header(text, "distutils")) {
        (Some(item), _) => text.insert(item.lines.end, &repository.name, &[entry]),
        (None, Some(header)) => text.insert(header + 1, &repository.name, &with_defaults(entry)),
        (None, None) => {
            let body = [vec!["[distutils]".to_owned()], with_defaults(entry)].concat();
            text.insert(text.end(), &repository.name, &body);
        }
    }
}

fn with_defaults(entry: String) -> Vec<String> {
    let mut lines = vec!["index-servers =".to_owned()];
    lines.extend(DEFAULTS.map(str::to_owned));
    lines.push(entry);
    lines
}

fn variables(variables: &mut Variables<'_>) {
    if variables.is_free(TWINE_REPOSITORY) {
        variables.publish([TWINE_REPOSITORY_URL, "TWINE_USERNAME", "TWINE_PASSWORD"]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::for_tests::{acme, undone};

    #[test]
    fn the_name_joins_the_list_that_is_there() {
        let rows = [
            (
                "",
                "[distutils]\nindex-servers =\n    pypi\n    testpypi\n    acme\n",
            ),
            (
                "[distutils]\n[pypi]\nusername = me\n",
                "[distutils]\n# >>> codeartifact setup acme\nindex-servers =\n",
            ),
            (
                "[distutils]\nindex-servers =\n    pypi\n    other\n\n[other]\nrepository = https://example.com/\n",
                "    other\n    # >>> codeartifact setup acme\n    acme\n    # <<< codeartifact setup acme\n\n[other]",
            ),
            (
                "[distutils]\nindex-servers = pypi\n",
                "index-servers = pypi\n    # >>> codeartifact setup acme\n    acme\n",
            ),
        ];
        for (before, expected) in rows {
            let after = undone(before, |text| edit(text, &acme(), Level::User));
            assert!(after.contains(expected), "{after}");
            assert!(
                after.contains("/pypi/my-repo/\nusername = aws\n"),
                "{after}"
            );
        }
    }

    #[test]
    fn a_section_of_the_users_own_is_refused() {
        let mut text = Text::parse("[acme]\npassword = s\n");
        assert!(edit(&mut text, &acme(), Level::User).is_err());
    }
}
