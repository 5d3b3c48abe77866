//! hatch: a repository to publish to, with the user's name, for which alone hatch asks. What it installs, it installs
//! by pip or uv, with their configuration.

use toml_edit::Item;

use crate::error::UserError;
use crate::leftover::Leftovers;
use crate::python::{self, Asks, NOTE, Python, Wanted, free_name};
use crate::text::Text;
use crate::toml::{self, Toml};
use crate::variables::{USER, Variables};

/// hatch's room.
pub(crate) const HATCH: Python = Python {
    name: "hatch",
    check: "client_hatch",
    about: "hatch: a repository to publish to; it installs by pip or uv",
    notes: NOTE,
    has_project: false,
    asks: Asks::Library,
    file: |here, _| python::in_platform_folder(here.environment, "hatch/config.toml"),
    edit,
    winning: &["HATCH_INDEX_REPO", "HATCH_INDEX_USER"],
    variables,
    leftovers: Leftovers {
        sends: "hatch sends it and asks no keyring",
        passwords: &["HATCH_INDEX_AUTH"],
        ..Leftovers::NONE
    },
    ..Python::EMPTY
};

const REPOSITORIES: [&str; 3] = ["publish", "index", "repos"];

fn edit(text: &mut Text, wanted: &Wanted<'_>) -> Result<Vec<String>, UserError> {
    Toml::edit(text, wanted.mark, |toml| {
        let document = toml.document()?;
        let there = toml::at(&document, &REPOSITORIES).and_then(Item::as_table_like);
        let urls = there.into_iter().flat_map(|it| it.iter());
        let mut urls = urls.filter_map(|(name, it)| Some((name, it.get("url")?.as_str()?)));
        if let Some((name, _)) = urls.find(|(_, url)| wanted.is_meant(url)) {
            let path = [&REPOSITORIES[..], &[name]].concat();
            toml.set(&path, "url", wanted.root())?;
            return toml.set(&path, "user", USER).map(drop);
        }
        let is_taken = |name: &str| there.is_some_and(|it| it.contains_key(name));
        let name = free_name(toml::name_of(wanted.repository), is_taken);
        toml.append(&[
            format!("[{}.{name}]", REPOSITORIES.join(".")),
            toml::pair("url", wanted.root()),
            toml::pair("user", USER),
        ]);
        Ok(())
    })?;
    Ok(Vec::new())
}

fn variables(variables: &mut Variables<'_>) {
    variables.publish(["HATCH_INDEX_REPO", "HATCH_INDEX_USER", "HATCH_INDEX_AUTH"]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::for_tests::{acme, edited};
    use crate::setup::Level;

    #[test]
    fn a_repository_with_its_user() {
        for before in ["", "mode = \"local\"\n\n[publish.index]\nrepo = \"main\"\n"] {
            let (after, _) = edited(&HATCH, before, &acme(), Level::User).unwrap();
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
