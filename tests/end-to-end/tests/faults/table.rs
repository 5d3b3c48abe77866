//! The troubleshooting table as its readers see it: the page that is generated from the source.

use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../crates/cli/TROUBLESHOOTING.md");

pub(crate) struct Row {
    pub(crate) says: String,
    pub(crate) hint: String,
    pub(crate) exit: i32,
}

pub(crate) fn row(key: &str) -> Row {
    let start = format!("| `{key}` | ");
    let line = PAGE.lines().find(|line| line.starts_with(&start));
    let line = line.unwrap_or_else(|| panic!("no row {key}"));
    let cells: Vec<_> = line.trim_matches(['|', ' ']).split(" | ").collect();
    let [_, says, hint, exit] = cells[..] else {
        panic!("{line}");
    };
    Row {
        says: says.replace("\\|", "|"),
        hint: hint.replace("\\|", "|"),
        exit: exit.parse().unwrap(),
    }
}

pub(crate) fn keys() -> BTreeSet<String> {
    let (_, table) = PAGE.split_once("\n## Every failure by its name\n").unwrap();
    let keys = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    keys.map(str::to_owned).collect()
}

/// The rows below one heading.
pub(crate) fn keys_of(area: &str) -> Vec<String> {
    let (_, below) = PAGE.split_once(&format!("\n### {area}\n")).unwrap();
    let below = below.split("\n### ").next().unwrap();
    let keys = below
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    keys.map(str::to_owned).collect()
}

/// Tells whether the text is the row's, with anything where that has `…`.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let (first, rest) = pattern.split_once('…').unwrap_or((pattern, ""));
    let Some(mut left) = text.strip_prefix(first) else {
        return false;
    };
    if !pattern.contains('…') {
        return left.is_empty();
    }
    let pieces: Vec<_> = rest.split('…').collect();
    let Some((last, middle)) = pieces.split_last() else {
        return true;
    };
    for piece in middle {
        let Some((_, after)) = left.split_once(piece) else {
            return false;
        };
        left = after;
    }
    left.ends_with(last)
}

#[test]
fn a_pattern_fits_what_it_should() {
    let rows = [
        ("there is …", "there is a, b", true),
        ("…: … has no address: …", "x: y has no address: z", true),
        ("try again", "try again later", false),
        ("write …/simple/", "write https://x/simple/", true),
        ("write …/simple/", "write https://x/", false),
        ("did you mean `…`?", "did you mean `a`?", true),
        ("a … b … c", "a c b", false),
    ];
    for (pattern, text, expected) in rows {
        assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
    }
}
