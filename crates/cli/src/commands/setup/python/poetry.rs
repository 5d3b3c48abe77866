//! poetry: for the user, a repository to publish to; for a project, a source to install from, since poetry keeps
//! sources nowhere else. A primary source takes the place of the public one.

use toml_edit::DocumentMut;

use super::{Asks, Client, Place, files, replace_ours, toml};
use crate::commands::setup::repository::Repository;
use crate::commands::setup::text::Text;

pub(in super::super) const POETRY: Client = Client {
    name: "poetry",
    asks: Asks::Library,
    file: files::poetry,
    edit,
    winning: &[],
};

const SOURCES: &[&str] = &["tool", "poetry", "source"];

fn edit(text: &mut Text, repository: &Repository, place: Place) -> anyhow::Result<String> {
    replace_ours(text, &repository.name)?;
    let name = toml::name_of(repository);
    match place {
        Place::User => add_repository(text, repository, &name)?,
        Place::Project => add_source(text, repository, &name)?,
    }
    Ok(String::new())
}

fn add_repository(text: &mut Text, repository: &Repository, name: &str) -> anyhow::Result<()> {
    let url = repository.endpoint.root();
    let body = [format!("[repositories.{name}]"), toml::pair("url", &url)];
    text.insert(text.end(), &repository.name, &body);
    let says = |document: &DocumentMut| {
        toml::at(document, &["repositories", name]).and_then(|it| toml::string(it, "url"))
            == Some(&*url)
    };
    Ok(toml::prove(text, says)?)
}

fn add_source(text: &mut Text, repository: &Repository, name: &str) -> anyhow::Result<()> {
    let url = repository.endpoint.client_url();
    let array = "[[tool.poetry.source]]";
    let body = [
        array.to_owned(),
        toml::pair("name", name),
        toml::pair("url", &url),
        toml::pair("priority", "primary"),
    ];
    text.insert(toml::first_of(text, array), &repository.name, &body);
    let says = |document: &DocumentMut| {
        let tables = toml::tables(document, SOURCES);
        tables.first().and_then(|table| toml::string(table, "url")) == Some(&*url)
    };
    Ok(toml::prove(text, says)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::setup::python::for_tests::{acme, undone};

    #[test]
    fn user_and_project_differ() {
        let project = "[tool.poetry]\npackage-mode = false\n\n[[tool.poetry.source]]\nname = \"b\"\nurl = \"https://example.com/\"\n";
        let rows = [
            (Place::User, "", "[repositories.acme]\nurl = "),
            (
                Place::User,
                "[virtualenvs]\nin-project = true\n",
                "[repositories.acme]\nurl = ",
            ),
            (
                Place::Project,
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
