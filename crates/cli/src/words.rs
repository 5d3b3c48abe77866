//! Tables and messages for people, JSON for programs. Pure functions; nothing is printed here.

use std::fmt::Display;

use serde_json::Value;

/// Aligned columns, two spaces apart, the first row being the head. Lines have no trailing spaces.
pub(crate) fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<_> = (0..COLUMNS)
        .map(|column| width(column).unwrap_or(0))
        .collect();
    let line = |row: &[String; COLUMNS]| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// A message for each of `texts`, after the program's name.
pub(crate) fn messages(texts: impl IntoIterator<Item = impl Display>) -> String {
    let lines = texts.into_iter();
    lines
        .map(|text| format!("codeartifact: {text}\n"))
        .collect()
}

/// An indented value, for programs.
pub(crate) fn json(value: impl Into<Value>) -> String {
    format!("{:#}\n", value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let rows = [["A", "LONG HEAD"], ["wide cell", "b"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "A          LONG HEAD\nwide cell  b\n");
    }
}
