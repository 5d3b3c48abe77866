//! Tables of the configuration file, with the line and the key of whatever is wrong in them. It knows no key by
//! itself. (Not serde: its errors can neither name the nearest known key nor carry a check's own words.)

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::nearest::nearest;
use crate::error::{ConfigurationError, Problem};

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
    /// Where it begins, in bytes.
    start: usize,
    /// `["connections", "acme"]`; empty strings where it is not so deep.
    path: [&'a str; 2],
}

impl<'a> TomlText<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, ConfigurationError> {
        match DeTable::parse(text) {
            Ok(root) => Ok(Self { text, root }),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                let problem = Problem::Syntax(error.message().replace('\n', ", "));
                Err(error_at(text, at, "the file".to_owned(), problem))
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
    pub(super) fn require_known(
        &self,
        known: &'static [&'static str],
    ) -> Result<(), ConfigurationError> {
        match self
            .entries
            .keys()
            .find(|key| !known.contains(&key.get_ref().as_ref()))
        {
            None => Ok(()),
            Some(key) => Err(self.wrong_at(
                key.get_ref(),
                key.span().start,
                Problem::UnknownKey {
                    nearest: nearest(key.get_ref(), known.iter().copied()),
                    known,
                },
            )),
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.entries.keys().map(|key| key.get_ref().as_ref())
    }

    /// A table in this one.
    pub(super) fn table(&self, key: &'a str) -> Result<Option<Table<'a>>, ConfigurationError> {
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
        check: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Result<Option<T>, ConfigurationError> {
        self.entries
            .get(key)
            .map(|value| self.understand(key, value, check))
            .transpose()
    }

    /// The list of strings under `key`.
    pub(super) fn read_list<T>(
        &self,
        key: &str,
        check: impl Fn(&str) -> Result<T, Problem>,
    ) -> Result<Option<Vec<T>>, ConfigurationError> {
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
        check: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Result<T, ConfigurationError> {
        match value.get_ref() {
            DeValue::String(text) => {
                check(text).map_err(|problem| self.wrong_at(key, value.span().start, problem))
            }
            _ => Err(self.wrong_type(key, value, "a string")),
        }
    }

    fn wrong_type(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        expected: &'static str,
    ) -> ConfigurationError {
        let found = value.get_ref().type_str();
        self.wrong_at(
            key,
            value.span().start,
            Problem::WrongType { expected, found },
        )
    }

    /// Something is wrong with a key itself.
    pub(super) fn wrong_key(&self, key: &str, problem: Problem) -> ConfigurationError {
        let at = self
            .entries
            .get_key_value(key)
            .map(|(key, _)| key.span().start);
        self.wrong_at(key, at.unwrap_or(self.start), problem)
    }

    /// Something is wrong with the table as a whole.
    pub(super) fn wrong(&self, problem: Problem) -> ConfigurationError {
        error_at(self.text, self.start, key_path(&self.path), problem)
    }

    fn wrong_at(&self, key: &str, at: usize, problem: Problem) -> ConfigurationError {
        let [outer, inner] = self.path;
        error_at(self.text, at, key_path(&[outer, inner, key]), problem)
    }
}

/// `connections.acme.role_arn`, quoted where TOML needs it, which also shows control characters as escapes.
fn key_path(keys: &[&str]) -> String {
    let bare = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    let quoted = |key: &&str| match key.chars().all(bare) {
        true => (*key).to_owned(),
        false => format!("{key:?}"),
    };
    let keys = keys.iter().filter(|key| !key.is_empty()).map(quoted);
    keys.collect::<Vec<_>>().join(".")
}

fn error_at(text: &str, at: usize, key: String, problem: Problem) -> ConfigurationError {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    ConfigurationError::File {
        path: None,
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        key,
        problem: Box::new(problem),
    }
}
