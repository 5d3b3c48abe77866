//! The setup of the Python clients: what they have in common. Each has a file of its own that says which file of the
//! client's changes, and how.

mod check;
mod files;
mod hatch;
mod ini;
mod keyring;
mod pdm;
mod pip;
mod poetry;
mod toml;
mod twine;
mod uv;

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;

use super::carry_out;
use super::plan::Plan;
use super::repository::{self, Repository};
use super::text::Text;
use crate::arguments::{SetupArguments, SetupProjectArguments, SetupPythonArguments};
use crate::commands::authenticator;
use crate::output::{Hindrance, Output};

pub(super) use hatch::HATCH;
pub(super) use pdm::PDM;
pub(super) use pip::PIP;
pub(super) use poetry::POETRY;
pub(super) use twine::TWINE;
pub(super) use uv::UV;

/// Part of the host of every domain, in every Region.
const CODEARTIFACT: &str = ".d.codeartifact.";

/// What differs from client to client.
pub(super) struct Client {
    name: &'static str,
    asks: Asks,
    /// The user's own file, or the project's.
    file: fn(&Environment, Place) -> Option<PathBuf>,
    /// Writes our part into it; returns what the person should know.
    edit: fn(&mut Text, &Repository, Place) -> anyhow::Result<String>,
    /// Variables that win over the file.
    winning: &'static [&'static str],
}

/// How a client asks for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// A command named `keyring`.
    Command,
    /// Python's keyring library, in the client's own environment.
    Library,
}

/// Whose configuration is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    User,
    Project,
}

/// For a client that has a project's configuration, too.
pub(super) fn run_in_project(
    client: &Client,
    arguments: &SetupProjectArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let place = match arguments.project {
        true => Place::Project,
        false => Place::User,
    };
    set_up(client, &arguments.python, place, environment)
}

/// For a client that has not.
pub(super) fn run(
    client: &Client,
    arguments: &SetupPythonArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    set_up(client, arguments, Place::User, environment)
}

fn set_up(
    client: &Client,
    arguments: &SetupPythonArguments,
    place: Place,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let file = file(client, place, environment)?;
    match arguments.common.undo {
        true => undo(client, &arguments.common, &file, environment),
        false => write(client, arguments, place, &file, environment),
    }
}

fn file(client: &Client, place: Place, environment: &Environment) -> anyhow::Result<PathBuf> {
    let missing = match place {
        Place::User => "there is no home directory for its configuration",
        Place::Project => "there is no project here: run this in its directory",
    };
    (client.file)(environment, place)
        .ok_or_else(|| Hindrance::new(&format!("{}: {missing}", client.name)).into())
}

fn write(
    client: &Client,
    SetupPythonArguments { common, no_test }: &SetupPythonArguments,
    place: Place,
    file: &Path,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let authenticator = authenticator(environment)?;
    let repository = repository::meant(common, Format::Pypi, &authenticator)?;
    let mut plan = Plan::default();
    let mut remarks = String::new();
    if client.asks == Asks::Command {
        remarks += &keyring::link(&mut plan, environment)?;
    }
    plan.edit(file, |text| {
        remarks += &(client.edit)(text, &repository, place)?;
        Ok(())
    })?;
    remarks += &winning_variables(client, environment);
    let output = carry_out(plan, common, client.name, remarks)?;
    match common.dry_run || *no_test {
        true => Ok(output),
        false => Ok(check::add(output, client, &repository, environment)),
    }
}

fn undo(
    client: &Client,
    arguments: &SetupArguments,
    file: &Path,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let mut plan = Plan::default();
    let mut remarks = String::new();
    plan.edit(file, |text| {
        text.remove(meant_name(arguments, environment)?.as_deref())?;
        // What all of them share goes with the last one.
        if text.names() == [toml::SHARED] {
            text.remove(None)?;
        }
        remarks = left_behind(text, file);
        Ok(())
    })?;
    if client.asks == Asks::Command && !keyring::is_needed_besides(file, environment) {
        keyring::unlink(&mut plan, environment);
    }
    carry_out(plan, arguments, client.name, remarks)
}

/// A client that writes its file anew drops comments, our marks among them (`pip config set` does). What is left then
/// may be the person's own, so it is only told.
fn left_behind(text: &Text, file: &Path) -> String {
    if !text.names().is_empty() {
        return String::new();
    }
    // Not the line itself: `aws codeartifact login` puts a token into it.
    let lines = text.lines().into_iter().zip(1..);
    let left = lines.filter(|(line, _)| line.contains(CODEARTIFACT));
    left.map(|(_, number)| {
        remark(&format!(
            "{}:{number} names CodeArtifact and stays, since no marks of ours stand round it; delete it if you want",
            file.display(),
        ))
    })
    .collect()
}

/// Under which name it was written; nothing named is all of it.
fn meant_name(
    arguments: &SetupArguments,
    environment: &Environment,
) -> anyhow::Result<Option<String>> {
    if arguments.url.is_none() {
        return Ok(arguments.name.clone());
    }
    let authenticator = authenticator(environment)?;
    let repository = repository::meant(arguments, Format::Pypi, &authenticator)?;
    Ok(Some(repository.name))
}

fn winning_variables(client: &Client, environment: &Environment) -> String {
    let set = client
        .winning
        .iter()
        .filter(|name| environment.variable(name).is_some());
    set.map(|name| {
        let client = client.name;
        remark(&format!(
            "{name} is set in the environment, which wins over {client}'s file; unset it"
        ))
    })
    .collect()
}

/// A line for stderr.
fn remark(text: &str) -> String {
    format!("codeartifact: {text}\n")
}

/// Our part is replaced, so that a second run leaves one.
fn replace_ours(text: &mut Text, name: &str) -> Result<(), Hindrance> {
    text.remove(Some(name))
}

#[cfg(test)]
mod for_tests {
    use codeartifact_auth::endpoint::{Endpoint, MappedHosts};

    use super::{Repository, Text};

    pub(super) fn acme() -> Repository {
        named("acme", "my-repo")
    }

    pub(super) fn globex() -> Repository {
        named("globex", "other-repo")
    }

    fn named(name: &str, repository: &str) -> Repository {
        let host = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
        let url = format!("{host}/pypi/{repository}/simple/");
        Repository {
            name: name.to_owned(),
            endpoint: Endpoint::parse(&url, &MappedHosts::new()).unwrap(),
        }
    }

    /// The text after an edit, which taking our part away has to undo.
    pub(super) fn undone(
        before: &str,
        edit: impl Fn(&mut Text) -> anyhow::Result<String>,
    ) -> String {
        let mut text = Text::parse(before);
        edit(&mut text).unwrap();
        let after = text.to_string();
        edit(&mut text).unwrap();
        assert_eq!(text.to_string(), after, "a second time");
        text.remove(None).unwrap();
        assert_eq!(text.to_string(), before, "undone");
        after
    }
}
