//! The one TOML editor. `toml_edit` says where something is in a file, by its spans, and our lines go there as a block
//! of [`Text`]. Not by `DocumentMut`: that drops the carriage returns of a file and ends its last line, so that an undo
//! could not give it back to the byte.

use toml_edit::{Document, Item, Table, Value};

use crate::error::UserError;
use crate::setup::Repository;
use crate::text::{self, Text};

/// A TOML file of the user's, and the name under which our lines are put there.
pub(crate) struct Toml<'a> {
    text: &'a mut Text,
    name: &'a str,
}

impl<'a> Toml<'a> {
    /// Makes room for what `edit` puts there under the repository's name: what was there under it before goes.
    ///
    /// # Errors
    /// The file is not TOML, or would not be afterwards; or `edit`'s own.
    pub(crate) fn edit(
        text: &mut Text,
        name: &str,
        edit: impl FnOnce(&mut Toml<'_>) -> Result<(), UserError>,
    ) -> Result<(), UserError> {
        text.remove(Some(name))?;
        edit(&mut Toml { text, name })?;
        match parse(text) {
            Ok(_) => Ok(()),
            Err(_) => Err(UserError::new(
                "its layout leaves no place for what has to be written; add it by hand as the README shows it",
            )),
        }
    }

    /// The same for lines that belong to another name.
    pub(crate) fn named<'b>(&'b mut self, name: &'b str) -> Toml<'b> {
        Toml {
            text: self.text,
            name,
        }
    }

    /// Parses the file as it is now.
    ///
    /// # Errors
    /// It is not TOML.
    pub(crate) fn document(&self) -> Result<Document<String>, UserError> {
        parse(self.text)
    }

    /// Puts lines behind everything.
    pub(crate) fn append(&mut self, body: &[String]) {
        self.text.insert(self.text.end(), self.name, body);
    }

    /// Puts lines in front of the first table at this path, behind everything where there is none. An empty path is any
    /// table's.
    ///
    /// # Errors
    /// The file is not TOML.
    pub(crate) fn insert_before(
        &mut self,
        path: &[&str],
        body: &[String],
    ) -> Result<(), UserError> {
        let place = self.first_table(path)?;
        self.text.insert(place, self.name, body);
        Ok(())
    }

    /// Gives `key` in the table at `path` this value, in a table of ours where there is none. Another value is set
    /// aside and returned.
    ///
    /// # Errors
    /// The file is not TOML.
    pub(crate) fn set(
        &mut self,
        path: &[&str],
        key: &str,
        value: impl Into<Value>,
    ) -> Result<Option<String>, UserError> {
        let value = value.into();
        let document = self.document()?;
        let table = at(&document, path);
        let there = table.and_then(|table| table.get(key));
        if there.is_some_and(|there| is_same(there, &value)) {
            return Ok(None);
        }
        let line = pair(key, value);
        let header = table.and_then(Item::as_table).and_then(header);
        let header = header.map(|at| self.line_of(at));
        if let Some(span) = there.and_then(Item::span) {
            self.text.set_aside(self.line_of(span.start), self.name);
        }
        match header {
            _ if path.is_empty() => self.insert_before(&[], &[line])?,
            Some(header) => self.text.insert(header + 1, self.name, &[line]),
            None => self.append(&[format!("[{}]", path.join(".")), line]),
        }
        Ok(there.and_then(Item::as_str).map(str::to_owned))
    }

    fn first_table(&self, path: &[&str]) -> Result<usize, UserError> {
        let document = self.document()?;
        let mut starts = Vec::new();
        headers(at(&document, path), &mut starts);
        let first = starts.into_iter().min().map(|at| self.line_of(at));
        Ok(first.map_or(self.text.end(), |line| {
            above_comments(&self.text.lines(), line)
        }))
    }

    fn line_of(&self, offset: usize) -> usize {
        let body = self.text.body();
        body.as_bytes()[..offset]
            .iter()
            .filter(|it| **it == b'\n')
            .count()
    }
}

fn parse(text: &Text) -> Result<Document<String>, UserError> {
    Document::parse(text.body())
        .map_err(|error| UserError::new(format!("it is not TOML: {}", error.message())))
}

/// Returns what is at a path of tables: `["tool", "uv"]`.
pub(crate) fn at<'a>(document: &'a Document<String>, path: &[&str]) -> Option<&'a Item> {
    path.iter()
        .try_fold(document.as_item(), |item, key| item.get(key))
}

/// The tables in an array of them.
pub(crate) fn tables<'a>(document: &'a Document<String>, path: &[&str]) -> Vec<&'a Item> {
    at(document, path).map(elements).unwrap_or_default()
}

/// The tables of an array.
pub(crate) fn elements(array: &Item) -> Vec<&Item> {
    let length = array.as_array_of_tables().map_or(0, |it| it.len());
    (0..length).filter_map(|place| array.get(place)).collect()
}

/// A string in a table.
pub(crate) fn string<'a>(table: &'a Item, key: &str) -> Option<&'a str> {
    table.get(key)?.as_str()
}

/// Where the headers of this table and of those in it start.
fn headers(item: Option<&Item>, starts: &mut Vec<usize>) {
    if let Some(array) = item.and_then(Item::as_array_of_tables) {
        starts.extend(array.iter().filter_map(|it| it.span()).map(|it| it.start));
    } else if let Some(table) = item.and_then(Item::as_table) {
        starts.extend(header(table));
        let within = table.iter();
        within.for_each(|(_, item)| headers(Some(item), starts));
    }
}

/// Where its header starts. The root, whose span is empty, has none, nor has a table that others or dotted keys imply.
fn header(table: &Table) -> Option<usize> {
    let span = table
        .span()
        .filter(|_| !table.is_implicit() && !table.is_dotted());
    span.filter(|span| !span.is_empty()).map(|it| it.start)
}

/// A comment directly above a header is about it.
fn above_comments(lines: &[&str], at: usize) -> usize {
    let above = lines[..at].iter().rev();
    let comments =
        above.take_while(|line| line.trim_start().starts_with('#') && !text::is_closing(line));
    at - comments.count()
}

/// However a string is quoted.
fn is_same(there: &Item, value: &Value) -> bool {
    match (there.as_str(), value.as_str()) {
        (Some(there), Some(value)) => there == value,
        _ => there.to_string().trim() == value.to_string().trim(),
    }
}

/// `key = "value"`.
pub(crate) fn pair(key: &str, value: impl Into<Value>) -> String {
    format!("{key} = {}", value.into())
}

/// Clients take letters, digits, `-`, `_` and `.` in a name, and so does a bare key, but for the last.
pub(crate) fn name_of(repository: &Repository) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    repository.name.replace(|it| !is_plain(it), "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_front_of_headers_and_their_comments() {
        let mut text =
            Text::parse("a = 1\n\n# about b\n[b] # here\nc = [\n  2,\n]\n[[d]]\n[[d]]\n");
        let toml = Toml {
            text: &mut text,
            name: "acme",
        };
        let rows: [(&[&str], usize); 4] = [(&[], 2), (&["b"], 2), (&["d"], 7), (&["e"], 9)];
        for (path, line) in rows {
            assert_eq!(toml.first_table(path).unwrap(), line, "{path:?}");
        }
        let mut text = Text::parse("s = '''\n[b]\n'''\n");
        let toml = Toml {
            text: &mut text,
            name: "acme",
        };
        assert_eq!(
            toml.first_table(&[]).unwrap(),
            3,
            "what only looks like one"
        );
    }

    #[test]
    fn a_value_is_set_and_the_other_set_aside_whatever_the_layout() {
        let aside = "# set aside by codeartifact setup acme: ";
        let ours = "# >>> codeartifact setup acme\nb = \"c\"\n# <<< codeartifact setup acme\n";
        let rows = [
            ("", ours.replacen('\n', "\n[a]\n", 1)),
            ("[a]\nb = \"c\"\n", "[a]\nb = \"c\"\n".to_owned()),
            ("[a] # x\nb='d'\n", format!("[a] # x\n{ours}{aside}b='d'\n")),
        ];
        for (before, after) in rows {
            let mut text = Text::parse(before);
            let set = |toml: &mut Toml<'_>| toml.set(&["a"], "b", "c").map(drop);
            Toml::edit(&mut text, "acme", set).unwrap();
            assert_eq!(text.to_string(), after);
        }
    }

    #[test]
    fn what_cannot_be_added_to_is_refused() {
        for before in ["a = {}\n", "a.x = 1\n", "a ="] {
            let mut text = Text::parse(before);
            let set = |toml: &mut Toml<'_>| toml.set(&["a"], "b", "c").map(drop);
            assert!(Toml::edit(&mut text, "acme", set).is_err(), "{before}");
        }
    }
}
