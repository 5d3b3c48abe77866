//! Helps the tests of every Python room: two repositories, and an edit that is undone.

use codeartifact_auth::endpoint::{Endpoint, MappedHosts};
use codeartifact_auth::token::Timestamp;

use super::*;
use crate::setup::Repository;
use crate::text::Outcome;

pub(crate) fn acme() -> Repository {
    named("acme", "my-repo")
}

pub(crate) fn globex() -> Repository {
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

/// Calls an edit with what is wanted of it, without any mapped host.
pub(crate) fn with_wanted<T>(
    repository: &Repository,
    client: &str,
    level: Level,
    work: impl FnOnce(&Wanted<'_>) -> T,
) -> T {
    let home = tempfile::tempdir().unwrap();
    let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
    let here = Here::at(home.path().to_owned(), &environment);
    work(&Wanted {
        here: &here,
        repository,
        level,
        mark: &format!("{client} {}", repository.name),
        shared: &format!("{client} {SHARED}"),
    })
}

/// The text after a room's edit, and its remarks; what was there comes back to the byte.
pub(crate) fn edited(
    room: &Python,
    before: &str,
    repository: &Repository,
    level: Level,
) -> Result<(String, Vec<String>), String> {
    let mut text = Text::parse(before);
    let edit = |wanted: &Wanted<'_>| (room.edit)(&mut text, wanted);
    let remarks = with_wanted(repository, room.name, level, edit);
    let remarks = remarks.map_err(|error| error.to_string())?;
    let after = text.to_string();
    put_back(&mut text);
    assert_eq!(text.to_string(), before, "undone");
    Ok((after, remarks))
}

fn put_back(text: &mut Text) {
    for (mark, part) in text.parts().to_vec().iter().rev() {
        assert_eq!(text.put_back(part, mark).unwrap(), Outcome::Back);
    }
}

/// The text after an edit of any client, which putting back what was there has to undo.
pub(crate) fn undone_with(
    before: &str,
    edit: impl Fn(&mut Text) -> Result<(), UserError>,
) -> String {
    let mut text = Text::parse(before);
    edit(&mut text).unwrap();
    let after = text.to_string();
    put_back(&mut text);
    assert_eq!(text.to_string(), before, "undone");
    after
}
