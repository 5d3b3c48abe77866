//! How times and tables are put to people. Pure functions; nothing is printed here.

/// A span of time in its two largest units: `11 h 58 min`, `3 min`, `40 s`.
pub(crate) fn span(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// A moment some seconds back: `2 min ago`.
pub(crate) fn ago(seconds: u64) -> String {
    match seconds {
        0 => "just now".to_owned(),
        seconds => format!("{} ago", span(seconds)),
    }
}

/// `1 domain`, `2 domains`.
pub(crate) fn counted(number: usize, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        number => format!("{number} {thing}s"),
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_at_most_two_units() {
        let rows = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3599, "59 min"),
            (3600, "1 h"),
            (43_199, "11 h 59 min"),
        ];
        for (seconds, expected) in rows {
            assert_eq!(span(seconds), expected);
        }
        assert_eq!(counted(1, "URL"), "1 URL");
        assert_eq!(counted(0, "URL"), "0 URLs");
        assert_eq!(ago(0), "just now");
        assert_eq!(ago(120), "2 min ago");
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [["A", "LONG HEAD"], ["wide cell", "b"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "A          LONG HEAD\nwide cell  b\n");
    }
}
