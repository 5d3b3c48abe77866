//! hatch: a repository to publish to, with the user's name, for which alone hatch asks. What it installs, it installs
//! by pip or uv, with their configuration.

use toml_edit::DocumentMut;

use super::{Asks, Client, Place, files, replace_ours, toml};
use crate::commands::setup::repository::Repository;
use crate::commands::setup::text::Text;

pub(in super::super) const HATCH: Client = Client {
    name: "hatch",
    asks: Asks::Library,
    file: files::hatch,
    edit,
    winning: &[],
};

fn edit(text: &mut Text, repository: &Repository, _: Place) -> anyhow::Result<String> {
    replace_ours(text, &repository.name)?;
    let (name, url) = (toml::name_of(repository), repository.endpoint.root());
    let body = [
        format!("[publish.index.repos.{name}]"),
        toml::pair("url", &url),
        toml::pair("user", "aws"),
    ];
    text.insert(text.end(), &repository.name, &body);
    let says = |document: &DocumentMut| {
        let path = ["publish", "index", "repos", &name];
        toml::at(document, &path).and_then(|it| toml::string(it, "url")) == Some(&*url)
    };
    toml::prove(text, says)?;
    Ok(String::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::setup::python::for_tests::{acme, undone};

    #[test]
    fn a_repository_with_its_user() {
        for before in ["", "mode = \"local\"\n\n[publish.index]\nrepo = \"main\"\n"] {
            let after = undone(before, |text| edit(text, &acme(), Place::User));
            assert!(
                after.contains("[publish.index.repos.acme]\nurl = \"https://my-domain"),
                "{after}"
            );
            assert!(
                after.contains("/pypi/my-repo/\"\nuser = \"aws\"\n"),
                "{after}"
            );
        }
    }
}
