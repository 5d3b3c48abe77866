//! The tables of an array, in both of TOML's spellings: `[[index]]` below each other, and `index = [{ … }, { … }]`.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use super::at;

/// One of them.
pub(crate) struct Entry<'a> {
    table: &'a dyn TableLike,
    inline_span: Option<Range<usize>>,
}

/// Those of the array at a path.
pub(crate) fn entries<'a>(document: &'a Document<String>, path: &[&str]) -> Vec<Entry<'a>> {
    at(document, path).map(of_array).unwrap_or_default()
}

/// Those of an array.
pub(crate) fn of_array(array: &Item) -> Vec<Entry<'_>> {
    let tables = array.as_array_of_tables().into_iter().flatten();
    let tables = tables.map(|table| Entry {
        table,
        inline_span: None,
    });
    let inline = array.as_array().into_iter().flatten();
    let inline = inline.filter_map(|value| {
        Some(Entry {
            table: Value::as_inline_table(value)?,
            inline_span: value.span(),
        })
    });
    tables.chain(inline).collect()
}

/// The names that they have.
pub(crate) fn names<'a>(entries: &[Entry<'a>]) -> Vec<&'a str> {
    let names = entries.iter().filter_map(|it| it.string("name"));
    names.collect()
}

impl<'a> Entry<'a> {
    pub(crate) fn get(&self, key: &str) -> Option<&'a Item> {
        self.table.get(key)
    }

    pub(crate) fn string(&self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    pub(crate) fn is(&self, key: &str) -> bool {
        self.get(key).and_then(Item::as_bool) == Some(true)
    }

    /// From brace to brace, where it is written in a line.
    pub(super) fn inline_span(&self) -> Option<Range<usize>> {
        self.inline_span.clone()
    }
}
