//! Where comments stay when tables come and go. Those right above a header are about its table; what a blank line
//! parts from it is about the file or a group of tables, and stays when the table goes.

use toml_edit::{DocumentMut, Item, Table};

/// Puts a new table behind everything that the file has, its last comments included.
pub(super) fn put_last(document: &mut DocumentMut, path: &[&str; 2]) {
    let last = last_position(document.as_table_mut());
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    let [outer, inner] = path;
    let item = document
        .get_mut(outer)
        .and_then(|outer| outer.get_mut(inner));
    let Some(Item::Table(table)) = item else {
        return;
    };
    table.set_position(Some(last.map_or(0, |last| last + 1)));
    if !trailing.is_empty() {
        let newline = if trailing.ends_with('\n') { "" } else { "\n" };
        table
            .decor_mut()
            .set_prefix(format!("{trailing}{newline}\n"));
        document.set_trailing("");
    }
}

fn last_position(root: &mut Table) -> Option<isize> {
    tables(root)
        .iter()
        .filter_map(|table| table.position())
        .max()
}

/// Gives the comments above `removed` that are not its own to the next table, or to the end of the file.
pub(super) fn keep_those_of_others(document: &mut DocumentMut, removed: &Table) {
    let prefix = removed.decor().prefix().and_then(|prefix| prefix.as_str());
    let Some(kept) = prefix.and_then(parted) else {
        return;
    };
    match next_table(document.as_table_mut(), removed.position()) {
        Some(next) => {
            let own = next.decor().prefix().and_then(|own| own.as_str());
            let own = own.unwrap_or_default().trim_start_matches('\n').to_owned();
            next.decor_mut().set_prefix(format!("{kept}{own}"));
        }
        None => {
            let own = document.trailing().as_str().unwrap_or_default().to_owned();
            document.set_trailing(format!("{kept}{own}"));
        }
    }
}

/// What stands before the last blank line, with that line, if there is a comment in it.
fn parted(prefix: &str) -> Option<&str> {
    let end = prefix.rfind("\n\n").map(|at| at + 2)?;
    let (others, _) = prefix.split_at(end);
    others.contains('#').then_some(others)
}

/// The table whose header comes next in the file.
fn next_table(root: &mut Table, position: Option<isize>) -> Option<&mut Table> {
    let mut found = tables(root);
    found.retain(|table| table.position() > position);
    found.into_iter().min_by_key(|table| table.position())
}

/// All that have a header.
fn tables(root: &mut Table) -> Vec<&mut Table> {
    let mut found = Vec::new();
    root.iter_mut()
        .for_each(|(_, item)| collect(item, &mut found));
    found
}

/// A table that has a header, or else those in it. In this file none has both.
fn collect<'a>(item: &'a mut Item, found: &mut Vec<&'a mut Table>) {
    let Item::Table(table) = item else {
        return;
    };
    match table.is_implicit() {
        true => table
            .iter_mut()
            .for_each(|(_, inner)| collect(inner, found)),
        false => found.push(table),
    }
}
