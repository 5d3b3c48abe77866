//! Tables of the configuration file, with the line and the key of each mistake in them. It knows no key by
//! itself. (Not serde: its errors can neither name the nearest known key nor carry a check's own words.)

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::check::wrong;
use super::nearest::nearest;
use crate::error::{Failure, row};

/// The file, parsed; it borrows the text.
pub(super) struct TomlText<'a> {
    text: &'a str,
    root: Spanned<DeTable<'a>>,
}

/// A table of it.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    text: &'a str,
    entries: &'a DeTable<'a>,
    /// The position of its start, in bytes.
    start: usize,
    /// `["connections", "acme"]`; empty strings where it is not so deep.
    path: [&'a str; 2],
}

impl<'a> TomlText<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Box<Failure>> {
        match DeTable::parse(text) {
            Ok(root) => Ok(Self { text, root }),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                let reason = error.message().replace('\n', ", ");
                let failure = wrong(format_args!("not TOML: {reason}"));
                Err(failure.with("step", place(text, at, "the file")))
            }
        }
    }

    pub(super) fn root(&'a self) -> Table<'a> {
        Table {
            text: self.text,
            entries: self.root.get_ref(),
            start: 0,
            path: ["", ""],
        }
    }
}

impl<'a> Table<'a> {
    /// Refuses every other key.
    pub(super) fn require_known(&self, known: &[&str]) -> Result<(), Box<Failure>> {
        let Some(key) = self.keys().find(|key| !known.contains(key)) else {
            return Ok(());
        };
        let failure = row::KEY_UNKNOWN
            .with("known", known.join(", "))
            .with_any("nearest", nearest(key, known.iter().copied()));
        Err(self.wrong_key(key, failure))
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.entries.keys().map(|key| key.get_ref().as_ref())
    }

    /// A table in this one.
    pub(super) fn table(&self, key: &'a str) -> Result<Option<Table<'a>>, Box<Failure>> {
        let Some(value) = self.entries.get(key) else {
            return Ok(None);
        };
        let DeValue::Table(entries) = value.get_ref() else {
            return Err(self.wrong_type(key, value, "a table"));
        };
        let path = match self.path {
            ["", _] => [key, ""],
            [outer, _] => [outer, key],
        };
        Ok(Some(Table {
            text: self.text,
            entries,
            start: value.span().start,
            path,
        }))
    }

    /// The string under `key`, as `check` understands it.
    pub(super) fn read<T>(
        &self,
        key: &str,
        check: impl FnOnce(&str) -> Result<T, Box<Failure>>,
    ) -> Result<Option<T>, Box<Failure>> {
        self.entries
            .get(key)
            .map(|value| self.understand(key, value, check))
            .transpose()
    }

    /// The `true` or `false` under `key`.
    pub(super) fn read_bool(&self, key: &str) -> Result<Option<bool>, Box<Failure>> {
        match self.entries.get(key).map(|value| (value, value.get_ref())) {
            None => Ok(None),
            Some((_, DeValue::Boolean(value))) => Ok(Some(*value)),
            Some((value, _)) => Err(self.wrong_type(key, value, "true or false")),
        }
    }

    /// The list of strings under `key`.
    pub(super) fn read_list<T>(
        &self,
        key: &str,
        check: impl Fn(&str) -> Result<T, Box<Failure>>,
    ) -> Result<Option<Vec<T>>, Box<Failure>> {
        let Some(value) = self.entries.get(key) else {
            return Ok(None);
        };
        let DeValue::Array(values) = value.get_ref() else {
            return Err(self.wrong_type(key, value, "a list of strings"));
        };
        let checked = values
            .iter()
            .map(|value| self.understand(key, value, &check));
        checked.collect::<Result<_, _>>().map(Some)
    }

    fn understand<T>(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        check: impl FnOnce(&str) -> Result<T, Box<Failure>>,
    ) -> Result<T, Box<Failure>> {
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.wrong_type(key, value, "a string"));
        };
        check(text).map_err(|failure| self.wrong_at(key, value.span().start, failure))
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) -> Box<Failure> {
        let found = value.get_ref().type_str();
        let lacks_quotes = expected == "a string" && !matches!(found, "array" | "table");
        let failure = wrong(format_args!("must be {expected}, not {found}")).with_any(
            "correction",
            lacks_quotes.then_some("put the value in quotes"),
        );
        self.wrong_at(key, value.span().start, failure)
    }

    /// Adds that a key itself is wrong.
    pub(super) fn wrong_key(&self, key: &str, failure: Box<Failure>) -> Box<Failure> {
        let entry = self.entries.get_key_value(key);
        let at = entry.map_or(self.start, |(key, _)| key.span().start);
        self.wrong_at(key, at, failure)
    }

    /// Adds that the table as a whole is wrong.
    pub(super) fn wrong(&self, failure: Box<Failure>) -> Box<Failure> {
        failure.with("step", place(self.text, self.start, &key_path(&self.path)))
    }

    fn wrong_at(&self, key: &str, at: usize, failure: Box<Failure>) -> Box<Failure> {
        let [outer, inner] = self.path;
        failure.with(
            "step",
            place(self.text, at, &key_path(&[outer, inner, key])),
        )
    }
}

/// `connections.acme.role_arn`, quoted where TOML needs it, which also shows control characters as escapes.
fn key_path(keys: &[&str]) -> String {
    let bare = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    let quoted = |key: &&str| {
        if key.chars().all(bare) {
            (*key).to_owned()
        } else {
            format!("{key:?}")
        }
    };
    let keys = keys.iter().filter(|key| !key.is_empty()).map(quoted);
    keys.collect::<Vec<_>>().join(".")
}

/// Both numbers are from 1, and the column is in characters.
fn place(text: &str, at: usize, key: &str) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before[line_start..].chars().count() + 1;
    format!("line {line}, column {column}: {key}")
}
