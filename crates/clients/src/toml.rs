//! The one TOML editor. `toml_edit` says where something is in a file, by its spans, and our lines go there as a block
//! of [`Text`]. Not by `DocumentMut`: that drops the carriage returns of a file and ends its last line, so that an undo
//! could not give it back to the byte.

mod entry;
mod layout;

use std::ops::Range;

use toml_edit::{Array, Document, Item, Value};

use crate::error::UserError;
use crate::setup::Repository;
use crate::text::Text;

pub(crate) use entry::{Entry, entries, names, of_array};
use layout::{first_table, header, line_of};

/// A TOML file of the user's, and the mark under which our lines are put there.
pub(crate) struct Toml<'a> {
    text: &'a mut Text,
    mark: &'a str,
}

impl<'a> Toml<'a> {
    /// Lets `edit` put its lines there under this mark.
    ///
    /// # Errors
    /// The file is not TOML, or would not be afterwards; or `edit`'s own.
    pub(crate) fn edit(
        text: &mut Text,
        mark: &str,
        edit: impl FnOnce(&mut Toml<'_>) -> Result<(), UserError>,
    ) -> Result<(), UserError> {
        edit(&mut Toml { text, mark })?;
        match parse(text) {
            Ok(_) => Ok(()),
            Err(_) => Err(UserError::new(
                "its layout leaves no place for what has to be written; add it by hand as the README shows it",
            )),
        }
    }

    /// The same for lines that belong to another mark.
    pub(crate) fn marked<'b>(&'b mut self, mark: &'b str) -> Toml<'b> {
        Toml {
            text: self.text,
            mark,
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
        self.text.insert(self.text.end(), self.mark, body);
    }

    /// Puts a table in front of those of the array at `path`, in the spelling that the array has.
    ///
    /// # Errors
    /// The file is not TOML.
    pub(crate) fn add_entry(&mut self, path: &[&str], pairs: &[String]) -> Result<(), UserError> {
        let document = self.document()?;
        let array = at(&document, path).and_then(Item::as_array);
        if let Some(span) = array.and_then(Array::span) {
            let within = span.start + 1;
            let entry = format!("{{ {} }}, ", pairs.join(", "));
            self.replace_at(within..within, &entry);
            return Ok(());
        }
        let body = [&[format!("[[{}]]", path.join("."))], pairs].concat();
        // At the root the keys of the file come first, and then its tables.
        self.insert_before(if path.len() == 1 { &[] } else { path }, &body)
    }

    /// Puts lines in front of the first table at this path, behind everything where there is none. An empty path is any
    /// table's.
    fn insert_before(&mut self, path: &[&str], body: &[String]) -> Result<(), UserError> {
        let place = first_table(&self.document()?, self.text, path);
        self.text.insert(place, self.mark, body);
        Ok(())
    }

    /// Gives `key` in the table at `path` this value, in a table of ours where there is none. Another value makes room
    /// and is returned.
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
        if let Some(span) = there.and_then(Item::span) {
            self.replace_value(span, &value);
            return Ok(there.and_then(Item::as_str).map(str::to_owned));
        }
        let line = pair(key, value);
        let header = table.and_then(Item::as_table).and_then(header);
        match header.map(|at| line_of(self.text, at)) {
            _ if path.is_empty() => self.insert_before(&[], &[line])?,
            Some(header) => self.text.insert(header + 1, self.mark, &[line]),
            None => self.append(&[format!("[{}]", path.join(".")), line]),
        }
        Ok(None)
    }

    /// Gives `key` this value in one of an array's tables, below its `url` if it is new there. Another value makes room.
    ///
    /// # Errors
    /// The file is not TOML.
    pub(crate) fn set_in(
        &mut self,
        path: &[&str],
        number: usize,
        key: &str,
        value: impl Into<Value>,
    ) -> Result<(), UserError> {
        let value = value.into();
        let document = self.document()?;
        let entries = entries(&document, path);
        let Some(entry) = entries.get(number) else {
            return Ok(());
        };
        let there = entry.get(key);
        if there.is_some_and(|there| is_same(there, &value)) {
            return Ok(());
        }
        if let Some(span) = there.and_then(Item::span) {
            self.replace_value(span, &value);
        } else if let Some(span) = entry.inline_span() {
            let end = self.text.body()[..span.end - 1].trim_end().len();
            self.replace_at(end..end, &format!(", {}", pair(key, value)));
        } else if let Some(span) = entry.get("url").and_then(Item::span) {
            let below = line_of(self.text, span.end) + 1;
            self.text.insert(below, self.mark, &[pair(key, value)]);
        }
        Ok(())
    }

    /// Takes the lines of `key` in the table at `path` away, where they hold nothing else.
    ///
    /// # Errors
    /// The file is not TOML.
    pub(crate) fn remove(&mut self, path: &[&str], key: &str) -> Result<(), UserError> {
        let document = self.document()?;
        let table = at(&document, path).and_then(Item::as_table);
        let found = table.and_then(|table| table.get_key_value(key));
        let spans = found.and_then(|(key, item)| Some((key.span()?, item.span()?)));
        if let Some((key, value)) = spans {
            let lines = line_of(self.text, key.start)..line_of(self.text, value.end) + 1;
            self.text.replace(lines, self.mark, &[]);
        }
        Ok(())
    }

    /// Exchanges the strings under `key`, one or a list of them, for what `with` has in their place. Returns true if it had
    /// something for any.
    ///
    /// # Errors
    /// The file is not TOML.
    pub(crate) fn exchange(
        &mut self,
        path: &[&str],
        key: &str,
        with: impl Fn(&str) -> Option<String>,
    ) -> Result<bool, UserError> {
        let document = self.document()?;
        let there = at(&document, path).and_then(|table| table.get(key));
        let Some((item, span)) = there.and_then(|it| Some((it, it.span()?))) else {
            return Ok(false);
        };
        let listed = item.as_array().into_iter().flatten();
        let values = listed.chain(item.as_value());
        let new: Vec<_> = values
            .filter_map(|it| Some((it.span()?, it.as_str()?, with(it.as_str()?)?)))
            .collect();
        let mut text = self.text.body()[span.clone()].to_owned();
        for (at, _, with) in new.iter().rev() {
            let at = at.start - span.start..at.end - span.start;
            text.replace_range(at, Value::from(with).to_string().trim());
        }
        if new.iter().any(|(_, before, with)| before != with) {
            self.replace_at(span, &text);
        }
        Ok(!new.is_empty())
    }

    fn replace_value(&mut self, span: Range<usize>, value: &Value) {
        self.replace_at(span, value.to_string().trim());
    }

    /// Replaces a piece of the text; its lines as a whole become a block of ours.
    fn replace_at(&mut self, span: Range<usize>, with: &str) {
        let body = self.text.body();
        let lines = line_of(self.text, span.start)..line_of(self.text, span.end) + 1;
        let start = body[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let end = body[span.end..].find(['\r', '\n']);
        let end = end.map_or(body.len(), |at| span.end + at);
        let new = [&body[start..span.start], with, &body[span.end..end]].concat();
        let new: Vec<_> = new.lines().map(str::to_owned).collect();
        self.text.replace(lines, self.mark, &new);
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

    /// The text afterwards; what was there comes back.
    fn edited(
        before: &str,
        edit: impl FnOnce(&mut Toml<'_>) -> Result<(), UserError>,
    ) -> Result<String, UserError> {
        let mut text = Text::parse(before);
        Toml::edit(&mut text, "acme", edit)?;
        let after = text.to_string();
        for (mark, part) in text.parts().to_vec().iter().rev() {
            text.put_back(part, mark)?;
        }
        assert_eq!(text.to_string(), before, "put back");
        Ok(after)
    }

    fn ours(line: &str) -> String {
        format!("# >>> codeartifact setup acme\n{line}\n# <<< codeartifact setup acme\n")
    }

    #[test]
    fn a_value_is_set_whatever_the_layout() {
        let rows = [
            ("", ours("[a]\nb = \"c\"")),
            ("[a]\nb = \"c\"\n", "[a]\nb = \"c\"\n".to_owned()),
            ("[a] # x\n", format!("[a] # x\n{}", ours("b = \"c\""))),
            (
                "[a] # x\nb='d' # y\n",
                format!("[a] # x\n{}", ours("b=\"c\" # y")),
            ),
            ("a.b = 'd'\n", ours("a.b = \"c\"")),
            ("a = { b = 'd' }\n", ours("a = { b = \"c\" }")),
            (
                "[a]\nb = \"\"\"\nd\n\"\"\"\nx = 1\n",
                format!("[a]\n{}x = 1\n", ours("b = \"c\"")),
            ),
        ];
        for (before, after) in rows {
            let set = |toml: &mut Toml<'_>| toml.set(&["a"], "b", "c").map(drop);
            assert_eq!(edited(before, set).unwrap(), after);
        }
    }

    #[test]
    fn a_key_goes_with_its_lines() {
        let rows = [
            ("[a]\nx = 1\nb = \"\"\"\nd\n\"\"\"\n", "[a]\nx = 1\n"),
            ("a.x = 1\na.b = 2 # y\n", "a.x = 1\n"),
            ("a = { x = 1, b = 2 }\n", "a = { x = 1, b = 2 }\n"),
            ("[a]\nx = 1\n", "[a]\nx = 1\n"),
        ];
        for (before, after) in rows {
            let text = edited(before, |toml| toml.remove(&["a"], "b")).unwrap();
            let text: String = text
                .lines()
                .filter(|line| !line.starts_with('#'))
                .map(|line| format!("{line}\n"))
                .collect();
            assert_eq!(text, after);
        }
    }

    #[test]
    fn an_entry_of_an_array_is_completed_where_it_is() {
        let rows = [
            (
                "[[i]]\nurl = 'a'\n[[i]]\nurl = 'b'\nx = 1\n",
                format!(
                    "[[i]]\nurl = 'a'\n[[i]]\nurl = 'b'\n{}x = 1\n",
                    ours("k = \"v\"")
                ),
            ),
            (
                "[[i]]\n[[i]]\nk = 'w'",
                "[[i]]\n[[i]]\n".to_owned() + ours("k = \"v\"").trim_end(),
            ),
            (
                "i = [\n { url = 'a' },\n { url = 'b' },\n]\n",
                format!(
                    "i = [\n {{ url = 'a' }},\n{} ]\n",
                    ours(" { url = 'b', k = \"v\" },").replace("# ", " # ")
                )
                .replace("\n ]", "\n]"),
            ),
        ];
        for (before, after) in rows {
            let set = |toml: &mut Toml<'_>| toml.set_in(&["i"], 1, "k", "v");
            assert_eq!(edited(before, set).unwrap(), after);
        }
    }

    #[test]
    fn what_cannot_be_added_to_is_refused() {
        for before in ["a = {}\n", "a.x = 1\n", "a ="] {
            let set = |toml: &mut Toml<'_>| toml.set(&["a"], "b", "c").map(drop);
            assert!(edited(before, set).is_err(), "{before}");
        }
    }
}
