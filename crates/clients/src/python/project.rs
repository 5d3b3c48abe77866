//! A Python project as its `pyproject.toml` has it: where its root is, which repositories it names, and a copy of it
//! that a client can be tried with.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use codeartifact_auth::user_file::read_regular;
use toml_edit::{Array, Document, DocumentMut, Item, Table, TableLike, value};

use super::byte_order;
use crate::error::UserError;
use crate::here::{self, Here};
use crate::setting::{Origin, Setting};
use crate::text::BOM;
use crate::toml;
use crate::trial::{self, Trial};

pub(crate) const PYPROJECT: &str = "pyproject.toml";

/// The nearest `pyproject.toml`, as poetry and pdm look for it.
pub(crate) fn pyproject(here: &Here<'_>) -> Option<PathBuf> {
    let mut folders = here.directories().into_iter();
    let folder = folders.find(|folder| folder.join(PYPROJECT).is_file())?;
    Some(shown(&folder, PYPROJECT, here))
}

/// A file of the working directory is shown by its name alone.
pub(crate) fn shown(folder: &Path, name: &str, here: &Here<'_>) -> PathBuf {
    if folder == here.directory {
        PathBuf::from(name)
    } else {
        folder.join(name)
    }
}

/// The repositories that an array of tables in the project's `pyproject.toml` names.
///
/// # Errors
/// The file is there and cannot be read.
pub(crate) fn sources(here: &Here<'_>, path: &[&str]) -> anyhow::Result<Vec<Setting>> {
    let Some(file) = pyproject(here) else {
        return Ok(Vec::new());
    };
    let file = here.directory.join(file);
    let text = match read_regular(&file) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| unreadable(&error.to_string()))?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(&error.to_string())),
    };
    let document = Document::parse(text).map_err(|error| unreadable(error.message()))?;
    let found = toml::entries(&document, path).into_iter();
    let found = found.filter_map(|entry| {
        Some(Setting {
            name: entry.string("name").map(str::to_owned),
            endpoint: here.endpoint(entry.string("url")?)?,
            origin: Origin::File(file.clone(), None),
        })
    });
    Ok(found.collect())
}

/// A project like this directory's, whose one dependency is a package that no repository has. Its own dependencies would
/// be asked for first.
pub(crate) fn with_one_dependency(here: &Here<'_>) -> Option<DocumentMut> {
    let file = here.directory.join(pyproject(here)?);
    let text = String::from_utf8(read_regular(&file).ok()?).ok()?;
    let mut document: DocumentMut = text.parse().ok()?;
    let tables: [&[&str]; 4] = [
        &["tool", "poetry", "dependencies"],
        &["tool", "poetry", "group"],
        &["tool", "pdm", "dev-dependencies"],
        &["dependency-groups"],
    ];
    for path in tables {
        if let Some((last, above)) = path.split_last() {
            let mut table = Some(document.as_table_mut() as &mut dyn TableLike);
            for key in above {
                table = table.and_then(|it| it.get_mut(key)?.as_table_like_mut());
            }
            table.map(|it| it.remove(last));
        }
    }
    let project = project(trial::PACKAGE);
    document.insert("project", project["project"].clone());
    Some(document)
}

/// The copy as a client finds it, with the byte order mark that the original has.
pub(crate) fn text_of(copy: &DocumentMut, here: &Here<'_>) -> String {
    let file = pyproject(here).map(|file| here.directory.join(file));
    let has_bom = file.is_some_and(|file| byte_order::starts_with_one(&file));
    format!("{}{copy}", if has_bom { BOM } else { "" })
}

/// A project without settings.
pub(crate) fn project(dependency: &str) -> DocumentMut {
    let mut project = Table::new();
    project.insert("name", value("codeartifact-trial"));
    project.insert("version", value("1"));
    project.insert("requires-python", value(">=3.9"));
    project.insert("dependencies", value(Array::from_iter([dependency])));
    let mut document = DocumentMut::new();
    document.insert("project", Item::Table(project));
    document
}

/// The repositories of which a file has the URL, wherever it is in there.
pub(crate) fn named_in(here: &Here<'_>, file: Option<PathBuf>) -> Vec<Setting> {
    let Some(file) = file.and_then(|file| here::read(&file)) else {
        return Vec::new();
    };
    let lines = file.text.lines().zip(1..);
    let lines = lines.filter(|(line, _)| !line.trim_start().starts_with('#'));
    let found = lines.filter_map(|(line, number)| {
        let is_end = |it: char| it.is_whitespace() || "\"'=,".contains(it);
        let endpoint = line.split(is_end).find_map(|word| here.endpoint(word))?;
        Some(Setting {
            name: None,
            endpoint,
            origin: Origin::File(PathBuf::from(&file.name), Some(number)),
        })
    });
    found.collect()
}

/// A local file of a client's settings beside the project, for its copy.
pub(crate) fn copied(trial: Trial, name: &'static str, here: &Here<'_>) -> Trial {
    match read_regular(&here.directory.join(name)) {
        Ok(content) => trial.writing(name, content),
        Err(_) => trial,
    }
}

fn unreadable(reason: &str) -> anyhow::Error {
    UserError::new(format!("cannot read pyproject.toml: {reason}")).into()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use codeartifact_auth::environment::Environment;
    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn a_file_names_repositories_wherever_they_are_in_it() {
        let host = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("pip.conf");
        let text = format!(
            "[global]\nindex-url={host}/pypi/aa/simple/\n# {host}/pypi/bb/simple/\nurl = \"{host}/pypi/cc/\"\n"
        );
        fs::write(&file, text).unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let here = Here::at(home.path().to_owned(), &environment);
        let found = named_in(&here, Some(file.clone())).into_iter();
        let found: Vec<_> = found.map(|it| (it.endpoint.root(), it.origin)).collect();
        let expected = [("aa", 2), ("cc", 4)].map(|(name, line)| {
            (
                format!("{host}/pypi/{name}/"),
                Origin::File(file.clone(), Some(line)),
            )
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_copy_of_a_project_keeps_its_settings_and_none_of_its_dependencies() {
        let home = tempfile::tempdir().unwrap();
        let text = "[project]\nname = \"a\"\ndependencies = [\"b\"]\n[tool.poetry.dependencies]\nc = \"*\"\n[[tool.poetry.source]]\nname = \"d\"\n";
        fs::write(home.path().join("pyproject.toml"), text).unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let copy = with_one_dependency(&Here::at(home.path().to_owned(), &environment));
        let copy = copy.unwrap().to_string();
        assert!(
            copy.contains("dependencies = [\"codeartifact-doctor\"]"),
            "{copy}"
        );
        assert!(
            copy.contains("[[tool.poetry.source]]\nname = \"d\""),
            "{copy}"
        );
        assert!(!copy.contains("\"b\"") && !copy.contains("\"*\""), "{copy}");
    }
}
