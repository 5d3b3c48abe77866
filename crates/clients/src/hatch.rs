//! hatch: a repository to publish to, with the user's name, for which alone hatch asks. What it installs, it installs
//! by pip or uv, with their configuration.

use crate::error::UserError;
use crate::leftover::Leftovers;
use crate::python::{self, Asks, NOTE, Python};
use crate::setup::{Level, Repository};
use crate::text::Text;
use crate::toml::{self, Toml};
use crate::variables::Variables;

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
    variables,
    leftovers: Leftovers {
        sends: "hatch sends it and asks no keyring",
        passwords: &["HATCH_INDEX_AUTH"],
        ..Leftovers::NONE
    },
    ..Python::EMPTY
};

fn edit(text: &mut Text, repository: &Repository, _: Level) -> Result<Vec<String>, UserError> {
    let name = toml::name_of(repository);
    let body = [
        format!("[publish.index.repos.{name}]"),
        toml::pair("url", repository.endpoint.root()),
        toml::pair("user", "aws"),
    ];
    Toml::edit(text, &repository.name, |toml| {
        toml.append(&body);
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
    use crate::python::for_tests::{acme, undone};

    #[test]
    fn a_repository_with_its_user() {
        for before in ["", "mode = \"local\"\n\n[publish.index]\nrepo = \"main\"\n"] {
            let after = undone(before, |text| edit(text, &acme(), Level::User));
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
