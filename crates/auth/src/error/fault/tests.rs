//! The table as a whole. That each row is true is shown by the end-to-end tests.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::*;

const HEAD: &str = "\
# Troubleshooting

`codeartifact test` walks every step and names the first that fails; `--format json` calls it by the name in the first
column. The helpers say the same, and `codeartifact status` shows what a client has swallowed. `…` stands for what
differs from case to case.

Generated from `crates/auth/src/error/fault/rows.rs`; a test produces every row.
";

#[test]
fn no_two_faults_look_alike() {
    let of = |column: fn(&Row) -> String| FAULTS.iter().map(column).collect::<BTreeSet<_>>().len();
    assert_eq!(of(|row| row.key.to_owned()), FAULTS.len());
    assert_eq!(of(|row| row.says.to_owned()), FAULTS.len());
    assert!(FAULTS.iter().all(|row| !row.hint.is_empty()));
}

/// One that is not is written anew, so that what changed can be looked at.
#[test]
fn the_page_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/TROUBLESHOOTING.md");
    let written = page();
    if fs::read_to_string(&path).unwrap_or_default() != written {
        fs::write(&path, written).unwrap();
        panic!("{} was not up to date, and is now", path.display());
    }
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut area = None;
    for row in FAULTS {
        if area.replace(row.area) != Some(row.area) {
            let _ = write!(
                page,
                "\n## {}\n\n| | what is said | what to do | exit |\n| --- | --- | --- | --: |\n",
                row.area
            );
        }
        let Row {
            key,
            says,
            hint,
            exit,
            ..
        } = row;
        let (says, hint) = (cell(says), cell(hint));
        let _ = writeln!(page, "| `{key}` | {says} | {hint} | {} |", *exit as u8);
    }
    page
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
