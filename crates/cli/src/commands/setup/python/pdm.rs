//! pdm: the URL of the source that it calls `pypi`, so that ours takes the place of the public one; and, for the
//! user, a repository to publish to.

use codeartifact_auth::environment::PDM_PYPI_URL;
use toml_edit::DocumentMut;

use super::{Asks, Client, Place, files, remark, replace_ours, toml};
use crate::commands::setup::repository::Repository;
use crate::commands::setup::text::Text;

pub(in super::super) const PDM: Client = Client {
    name: "pdm",
    asks: Asks::Command,
    file: files::pdm,
    edit,
    winning: &[PDM_PYPI_URL],
};

const SOURCES: &[&str] = &["tool", "pdm", "source"];

fn edit(text: &mut Text, repository: &Repository, place: Place) -> anyhow::Result<String> {
    replace_ours(text, &repository.name)?;
    match place {
        Place::User => for_user(text, repository),
        Place::Project => for_project(text, repository),
    }
}

fn for_user(text: &mut Text, repository: &Repository) -> anyhow::Result<String> {
    let (name, url) = (toml::name_of(repository), repository.endpoint.client_url());
    let remarks = set_index(text, repository, &url)?;
    let upload = repository.endpoint.root();
    let body = [format!("[repository.{name}]"), toml::pair("url", &upload)];
    text.insert(text.end(), &repository.name, &body);
    let says = |document: &DocumentMut| {
        let url_at =
            |path: &[&str]| toml::at(document, path).and_then(|it| toml::string(it, "url"));
        url_at(&["pypi"]) == Some(&*url) && url_at(&["repository", &name]) == Some(&*upload)
    };
    toml::prove(text, says)?;
    Ok(remarks)
}

fn set_index(text: &mut Text, repository: &Repository, url: &str) -> anyhow::Result<String> {
    let line = toml::pair("url", url);
    let Some(header) = toml::header(text, "[pypi]") else {
        text.insert(text.end(), &repository.name, &["[pypi]".to_owned(), line]);
        return Ok(String::new());
    };
    let document = toml::document(text)?;
    let before = toml::at(&document, &["pypi"]).and_then(|it| toml::string(it, "url"));
    match before {
        Some(before) if before == url => return Ok(String::new()),
        Some(_) => set_url_aside(text, header, &repository.name),
        None => {}
    }
    text.insert(header + 1, &repository.name, &[line]);
    let told =
        before.map(|before| remark(&format!("pypi.url was {before}; --undo brings it back")));
    Ok(told.unwrap_or_default())
}

fn set_url_aside(text: &mut Text, header: usize, name: &str) {
    let is_url = |line: &&str| {
        line.trim_start()
            .strip_prefix("url")
            .is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let below = text.lines()[header..].iter().position(is_url);
    if let Some(below) = below {
        text.set_aside(header + below, name);
    }
}

fn for_project(text: &mut Text, repository: &Repository) -> anyhow::Result<String> {
    let url = repository.endpoint.client_url();
    let document = toml::document(text)?;
    let is_taken = toml::tables(&document, SOURCES)
        .into_iter()
        .any(|table| toml::string(table, "name") == Some("pypi"));
    let name = match is_taken {
        true => toml::name_of(repository),
        false => "pypi".to_owned(),
    };
    let array = "[[tool.pdm.source]]";
    let body = [
        array.to_owned(),
        toml::pair("name", &name),
        toml::pair("url", &url),
    ];
    text.insert(toml::first_of(text, array), &repository.name, &body);
    let says = |document: &DocumentMut| {
        let tables = toml::tables(document, SOURCES);
        tables.first().and_then(|table| toml::string(table, "url")) == Some(&*url)
    };
    toml::prove(text, says)?;
    Ok(String::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::setup::python::for_tests::{acme, undone};

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
            let after = undone(before, |text| edit(text, &acme(), Place::User));
            assert!(after.contains(expected), "{after}");
            assert!(after.contains("[repository.acme]\nurl = "), "{after}");
        }
    }

    #[test]
    fn a_project_has_a_source_of_that_name_once() {
        let other = "[[tool.pdm.source]]\nname = \"pypi\"\nurl = \"https://example.com/simple\"\n";
        for (before, name) in [("", "name = \"pypi\""), (other, "name = \"acme\"")] {
            let after = undone(before, |text| edit(text, &acme(), Place::Project));
            assert!(after.contains(name), "{after}");
        }
    }
}
