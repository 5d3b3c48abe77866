//! Finds the lines where the tables of a TOML file begin.

use toml_edit::{Document, Item, Table};

use super::at;
use crate::text::{self, Text};

/// Returns the line of the first table at this path, with the comment above it; the end where there is none.
pub(super) fn first_table(document: &Document<String>, text: &Text, path: &[&str]) -> usize {
    let mut starts = Vec::new();
    headers(at(document, path), &mut starts);
    let first = starts.into_iter().min().map(|at| line_of(text, at));
    first.map_or(text.end(), |line| above_comments(&text.lines(), line))
}

/// Returns the number of the line that this byte is in.
pub(super) fn line_of(text: &Text, offset: usize) -> usize {
    let body = text.body();
    let before = body.as_bytes()[..offset].iter();
    before.filter(|it| **it == b'\n').count()
}

/// Collects where the headers of this table and of those in it start.
fn headers(item: Option<&Item>, starts: &mut Vec<usize>) {
    if let Some(array) = item.and_then(Item::as_array_of_tables) {
        starts.extend(array.iter().filter_map(|it| it.span()).map(|it| it.start));
    } else if let Some(table) = item.and_then(Item::as_table) {
        starts.extend(header(table));
        let within = table.iter();
        within.for_each(|(_, item)| headers(Some(item), starts));
    }
}

/// Returns where its header starts. The root, whose span is empty, has none, nor has a table that others or dotted keys imply.
pub(super) fn header(table: &Table) -> Option<usize> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_front_of_headers_and_their_comments() {
        let first = |text: &str, path: &[&str]| {
            let text = Text::parse(text);
            let document = Document::parse(text.body()).unwrap();
            first_table(&document, &text, path)
        };
        let text = "a = 1\n\n# about b\n[b] # here\nc = [\n  2,\n]\n[[d]]\n[[d]]\n";
        let rows: [(&[&str], usize); 4] = [(&[], 2), (&["b"], 2), (&["d"], 7), (&["e"], 9)];
        for (path, line) in rows {
            assert_eq!(first(text, path), line, "{path:?}");
        }
        let only_looks_like_one = "s = '''\n[b]\n'''\n";
        assert_eq!(first(only_looks_like_one, &[]), 3);
    }
}
