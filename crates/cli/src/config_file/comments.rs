//! Keeps comments in their place when tables come and go. Those right above a header are about its table; what a blank line
//! separates from it is about the file or a group of tables, and stays when the table goes.

use toml_edit::{DocumentMut, Item, Table};

/// Puts a new table behind everything that the file has, its last comments included.
pub(super) fn put_last(document: &mut DocumentMut, outer: &str, inner: &str) {
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    // A table in an inline one has no place of its own.
    let outer = document.get_mut(outer).and_then(Item::as_table_mut);
    let Some(table) = outer.and_then(|outer| outer.get_mut(inner)?.as_table_mut()) else {
        return;
    };
    table.set_position(Some(isize::MAX));
    if !trailing.is_empty() {
        let newline = if trailing.ends_with('\n') { "" } else { "\n" };
        let prefix = format!("{trailing}{newline}\n");
        table.decor_mut().set_prefix(prefix);
        document.set_trailing("");
    }
}

/// Gives the comments above `removed` that are not its own to the next table, or to the end of the file.
pub(super) fn keep_those_of_others(document: &mut DocumentMut, removed: &Table) {
    let Some(kept) = prefix(removed).and_then(before_blank_line) else {
        return;
    };
    match next_table(document.as_table_mut(), removed.position()) {
        Some(next) => {
            let own = prefix(next).unwrap_or_default().trim_start_matches('\n');
            let both = format!("{kept}{own}");
            next.decor_mut().set_prefix(both);
        }
        None => {
            let own = document.trailing().as_str().unwrap_or_default();
            document.set_trailing(format!("{kept}{own}"));
        }
    }
}

fn prefix(table: &Table) -> Option<&str> {
    table.decor().prefix()?.as_str()
}

/// Returns the text up to the last blank line, with that line, if there is a comment in it.
fn before_blank_line(prefix: &str) -> Option<&str> {
    let (others, _) = prefix.split_at(prefix.rfind("\n\n")? + 2);
    others.contains('#').then_some(others)
}

/// Finds the table whose header comes next in the file. In this file, a table has a header or tables, never both.
fn next_table(table: &mut Table, position: Option<isize>) -> Option<&mut Table> {
    let inner = table.iter_mut().filter_map(|(_, item)| item.as_table_mut());
    let later = inner.filter_map(|table| {
        if table.is_implicit() {
            next_table(table, position)
        } else {
            (table.position() > position).then_some(table)
        }
    });
    later.min_by_key(|table| table.position())
}
