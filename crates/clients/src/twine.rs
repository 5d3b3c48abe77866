//! twine: a section of `.pypirc`, and its name in the list of those that count. No password: twine asks for that.

use std::path::PathBuf;

use crate::error::UserError;
use crate::here::{self, Here};
use crate::ini;
use crate::leftover::Leftovers;
use crate::python::{Asks, NOTE, Python, Wanted, free_name};
use crate::setting::{Origin, Setting};
use crate::setup::Level;
use crate::text::Text;
use crate::toml;
use crate::trial::{self, Scratch, Trial};
use crate::variables::{USER, Variables};

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
    passwords: &["TWINE_USERNAME"],
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
const DEFAULTS: [&str; 2] = ["pypi", "testpypi"];

fn edit(text: &mut Text, wanted: &Wanted<'_>) -> Result<Vec<String>, UserError> {
    let entries = ini::entries(text);
    let is_repository = |key: &str| key == "repository";
    let mut meant = entries
        .iter()
        .filter(|(_, key, item)| is_repository(key) && wanted.is_meant(&item.value))
        .peekable();
    if meant.peek().is_some() {
        for (section, ..) in meant {
            complete(text, section, wanted);
            list(text, section, wanted);
        }
        return Ok(Vec::new());
    }
    let sections = ini::sections(text);
    let taken = sections.iter().map(String::as_str).chain(DEFAULTS);
    let taken: Vec<_> = taken.collect();
    let name = free_name(toml::name_of(wanted.repository), &taken);
    list(text, &name, wanted);
    let body = [
        format!("[{name}]"),
        format!("repository = {}", wanted.root()),
        format!("username = {USER}"),
    ];
    text.insert(text.end(), wanted.mark, &body);
    Ok(Vec::new())
}

/// The user's own section of the repository: its password goes, since twine sends it and asks no keyring.
fn complete(text: &mut Text, section: &str, wanted: &Wanted<'_>) {
    for item in ini::items(text, section, "password").into_iter().rev() {
        text.replace(item.lines, wanted.mark, &[]);
    }
    let user = format!("username = {USER}");
    let repository = format!("repository = {}", wanted.root());
    for (key, value, line) in [
        ("username", USER, &user),
        ("repository", &wanted.root(), &repository),
    ] {
        match ini::items(text, section, key).pop() {
            Some(item) if item.value == value => {}
            Some(item) => text.replace(item.lines, wanted.mark, std::slice::from_ref(line)),
            None => {
                let header = ini::header(text, section).map_or(text.end(), |it| it + 1);
                text.insert(header, wanted.mark, std::slice::from_ref(line));
            }
        }
    }
}

fn list(text: &mut Text, name: &str, wanted: &Wanted<'_>) {
    let entry = format!("    {name}");
    let item = ini::items(text, "distutils", "index-servers")
        .into_iter()
        .next();
    match (item, ini::header(text, "distutils")) {
        (Some(item), _) if item.value.split_whitespace().any(|it| it == name) => {}
        (Some(item), _) => text.insert(item.lines.end, wanted.mark, &[entry]),
        (None, Some(header)) => text.insert(header + 1, wanted.mark, &with_defaults(entry)),
        (None, None) => {
            let body = [vec!["[distutils]".to_owned()], with_defaults(entry)].concat();
            text.insert(text.end(), wanted.mark, &body);
        }
    }
}

fn with_defaults(entry: String) -> Vec<String> {
    let mut lines = vec!["index-servers =".to_owned()];
    lines.extend(DEFAULTS.map(|name| format!("    {name}")));
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
    use crate::python::for_tests::{acme, edited};

    #[test]
    fn the_name_joins_the_list_that_is_there() {
        let rows = [
            (
                "",
                "[distutils]\nindex-servers =\n    pypi\n    testpypi\n    acme\n",
            ),
            (
                "[distutils]\n[pypi]\nusername = me\n",
                "[distutils]\n# >>> codeartifact setup twine acme\nindex-servers =\n",
            ),
            (
                "[distutils]\nindex-servers =\n    pypi\n    other\n\n[other]\nrepository = https://example.com/\n",
                "    other\n    # >>> codeartifact setup twine acme\n    acme\n    # <<< codeartifact setup twine acme\n\n[other]",
            ),
            (
                "[distutils]\nindex-servers = pypi\n",
                "index-servers = pypi\n    # >>> codeartifact setup twine acme\n    acme\n",
            ),
        ];
        for (before, expected) in rows {
            let (after, _) = edited(&TWINE, before, &acme(), Level::User).unwrap();
            assert!(after.contains(expected), "{after}");
            assert!(
                after.contains("/pypi/my-repo/\nusername = aws\n"),
                "{after}"
            );
        }
    }

    #[test]
    fn a_section_of_the_users_own_is_completed() {
        let url =
            "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo";
        let before = format!(
            "[distutils]\nindex-servers =\n    mine\n\n[mine]\nrepository: {url}\nusername = aws\npassword = eyJ2ZXIi\n"
        );
        let (after, _) = edited(&TWINE, &before, &acme(), Level::User).unwrap();
        assert!(!after.contains("eyJ2ZXIi"), "{after}");
        assert_eq!(after.matches("[mine]").count(), 1);
        assert!(after.contains(&format!("repository = {url}/\n")), "{after}");
        let other = "[acme]\nrepository = https://example.com/\npassword = s\n";
        let (after, _) = edited(&TWINE, other, &acme(), Level::User).unwrap();
        assert!(
            after.contains("    acme-2\n") && after.contains("[acme-2]\n"),
            "{after}"
        );
    }
}
