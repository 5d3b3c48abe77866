//! twine: a section of `.pypirc`, and its name in the list of those that count. No password: twine asks for that.

use codeartifact_auth::environment::{TWINE_REPOSITORY, TWINE_REPOSITORY_URL};

use super::{Asks, Client, Place, files, ini, replace_ours, toml};
use crate::commands::setup::repository::Repository;
use crate::commands::setup::text::Text;
use crate::output::Hindrance;

pub(in super::super) const TWINE: Client = Client {
    name: "twine",
    asks: Asks::Library,
    file: files::twine,
    edit,
    winning: &[TWINE_REPOSITORY, TWINE_REPOSITORY_URL],
};

/// What twine takes when there is no list.
const DEFAULTS: [&str; 2] = ["    pypi", "    testpypi"];

fn edit(text: &mut Text, repository: &Repository, _: Place) -> anyhow::Result<String> {
    replace_ours(text, &repository.name)?;
    let name = toml::name_of(repository);
    if ini::header(text, &name).is_some() {
        return Err(Hindrance::new(&format!(
            "it has a section [{name}] already; take that away, or give the repository by --url"
        ))
        .into());
    }
    list(text, repository, &name);
    let url = repository.endpoint.root();
    let body = [
        format!("[{name}]"),
        format!("repository = {url}"),
        "username = aws".to_owned(),
    ];
    text.insert(text.end(), &repository.name, &body);
    Ok(String::new())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::setup::python::for_tests::{acme, undone};

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
            let after = undone(before, |text| edit(text, &acme(), Place::User));
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
        assert!(edit(&mut text, &acme(), Place::User).is_err());
    }
}
