//! The repositories that a project's `pyproject.toml` names for uv and poetry, which want a login by that name.

use std::fs;
use std::io::ErrorKind;

use codeartifact_auth::Authenticator;
use codeartifact_auth::endpoint::Endpoint;
use toml_edit::{DocumentMut, Item};

use crate::output::Hindrance;

/// Who reads a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Uv,
    Poetry,
    Pdm,
}

/// An index of the project's.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) reader: Reader,
    pub(super) name: String,
    pub(super) endpoint: Endpoint,
}

const TABLES: [(Reader, [&str; 3]); 3] = [
    (Reader::Uv, ["tool", "uv", "index"]),
    (Reader::Poetry, ["tool", "poetry", "source"]),
    (Reader::Pdm, ["tool", "pdm", "source"]),
];

/// Those of the project in this directory that are CodeArtifact's.
///
/// # Errors
/// The file is there and cannot be read.
pub(super) fn sources(authenticator: &Authenticator) -> anyhow::Result<Vec<Source>> {
    let text = match fs::read_to_string("pyproject.toml") {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(&error.to_string())),
    };
    let document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| unreadable(error.message()))?;
    let found = TABLES.iter().flat_map(|(reader, path)| {
        let item = path
            .iter()
            .try_fold(document.as_item(), |item, key| item.get(key));
        let tables = tables(item).into_iter();
        tables
            .filter_map(|table| source(*reader, table, authenticator))
            .collect::<Vec<_>>()
    });
    Ok(found.collect())
}

fn tables(item: Option<&Item>) -> Vec<&Item> {
    let count = item
        .and_then(Item::as_array_of_tables)
        .map_or(0, toml_edit::ArrayOfTables::len);
    (0..count)
        .filter_map(|place| item.and_then(|item| item.get(place)))
        .collect()
}

fn source(reader: Reader, table: &Item, authenticator: &Authenticator) -> Option<Source> {
    let string = |key: &str| table.get(key).and_then(Item::as_str);
    Some(Source {
        reader,
        name: string("name").unwrap_or_default().to_owned(),
        endpoint: authenticator.endpoint(string("url")?).ok()?,
    })
}

fn unreadable(reason: &str) -> anyhow::Error {
    Hindrance::new(&format!("cannot read pyproject.toml: {reason}")).into()
}
