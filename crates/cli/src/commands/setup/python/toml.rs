//! Places in the lines of a TOML file, and the proof that what was written there is what the file now says. Headers
//! are found by their looks, which strings and arrays of several lines can imitate: hence the proof.

use toml_edit::{DocumentMut, Item};

use crate::commands::setup::repository::Repository;
use crate::commands::setup::text::{self, Text};
use crate::output::Hindrance;

/// The name of what all repositories of a file share.
pub(super) const SHARED: &str = "(keyring)";

/// # Errors
/// It is not TOML.
pub(super) fn document(text: &Text) -> Result<DocumentMut, Hindrance> {
    let parsed = text.to_string().parse::<DocumentMut>();
    parsed.map_err(|error| Hindrance::new(&format!("it is not TOML: {}", error.message())))
}

/// What stands at a path of tables: `["tool", "uv"]`.
pub(super) fn at<'a>(document: &'a DocumentMut, path: &[&str]) -> Option<&'a Item> {
    path.iter()
        .try_fold(document.as_item(), |item, key| item.get(key))
}

/// The tables in an array of them.
pub(super) fn tables<'a>(document: &'a DocumentMut, path: &[&str]) -> Vec<&'a Item> {
    let item = at(document, path);
    let array = item.and_then(Item::as_array_of_tables);
    match array {
        Some(array) => (0..array.len())
            .filter_map(|place| item?.get(place))
            .collect(),
        None => Vec::new(),
    }
}

/// A string in a table.
pub(super) fn string<'a>(table: &'a Item, key: &str) -> Option<&'a str> {
    table.get(key)?.as_str()
}

/// The line of exactly this header.
pub(super) fn header(text: &Text, header: &str) -> Option<usize> {
    text.lines()
        .iter()
        .position(|line| header_of(line) == Some(header))
}

/// The line before which a key of the root, or a table in front of all others, can stand.
pub(super) fn first_header(text: &Text) -> usize {
    let lines = text.lines();
    let first = lines.iter().position(|line| header_of(line).is_some());
    above_comments(&lines, first.unwrap_or(text.end()))
}

/// Before the first table of an array of them, else behind everything.
pub(super) fn first_of(text: &Text, array: &str) -> usize {
    match header(text, array) {
        Some(at) => above_comments(&text.lines(), at),
        None => text.end(),
    }
}

/// A comment directly above a header is about it.
fn above_comments(lines: &[&str], at: usize) -> usize {
    let above = lines[..at].iter().rev();
    let comments =
        above.take_while(|line| line.trim_start().starts_with('#') && !text::is_closing(line));
    at - comments.count()
}

fn header_of(line: &str) -> Option<&str> {
    let line = line.trim();
    let header = line
        .split_once(" #")
        .map_or(line, |(header, _)| header)
        .trim_end();
    (header.starts_with('[') && header.ends_with(']')).then_some(header)
}

/// # Errors
/// The file says something else than we wrote.
pub(super) fn prove(text: &Text, holds: impl Fn(&DocumentMut) -> bool) -> Result<(), Hindrance> {
    let proven = document(text).is_ok_and(|document| holds(&document));
    match proven {
        true => Ok(()),
        false => Err(Hindrance::new(
            "its layout leaves no place for what has to be written; add it by hand as the README shows it",
        )),
    }
}

pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// `key = "value"`.
pub(super) fn pair(key: &str, value: &str) -> String {
    format!("{key} = {}", quoted(value))
}

/// Clients take letters, digits, `-`, `_` and `.` in a name, and so does a bare key, but for the last.
pub(super) fn name_of(repository: &Repository) -> String {
    let plain = |it: char| match it.is_ascii_alphanumeric() || it == '-' || it == '_' {
        true => it,
        false => '-',
    };
    repository.name.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_front_of_headers_and_their_comments() {
        let text = Text::parse("a = 1\n\n# about b\n[b] # here\nc = [\n  2,\n]\n[[d]]\n[[d]]\n");
        assert_eq!(first_header(&text), 2);
        assert_eq!(header(&text, "[b]"), Some(3));
        assert_eq!(first_of(&text, "[[d]]"), 7);
        assert_eq!(first_of(&text, "[[e]]"), 9);
        assert_eq!(first_header(&Text::parse("a = 1\n")), 1);
    }

    #[test]
    fn what_the_file_does_not_say_is_no_proof() {
        let text = Text::parse("[a]\nb = \"c\"\n");
        let says = |value: &'static str| {
            move |document: &DocumentMut| {
                at(document, &["a", "b"]).and_then(Item::as_str) == Some(value)
            }
        };
        assert!(prove(&text, says("c")).is_ok());
        assert!(prove(&text, says("d")).is_err());
        assert!(prove(&Text::parse("a ="), |_| true).is_err());
    }
}
