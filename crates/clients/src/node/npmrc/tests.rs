//! Tests of what an update does to an `.npmrc`: tables, and what holds for any file at all.

use proptest::prelude::*;

use super::*;

pub(super) const REGISTRY: &str =
    "//my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/";

pub(super) fn updated(before: &[u8], token: &str) -> Vec<u8> {
    let mut document = Document::parse(before).unwrap();
    document.set_token(REGISTRY, token).unwrap();
    document.to_bytes()
}

/// `R` stands for our registry without its last slash, to keep the rows short.
fn spelled(text: &str) -> String {
    text.replace('R', REGISTRY.trim_end_matches('/'))
}

#[test]
fn only_our_line_changes() {
    for (what, before, after) in BEFORE_AND_AFTER {
        let found = updated(spelled(before).as_bytes(), "new");
        assert_eq!(String::from_utf8(found).unwrap(), spelled(after), "{what}");
    }
}

const BEFORE_AND_AFTER: [(&str, &str, &str); 24] = [
    ("no file", "", "R/:_authToken=new\n"),
    ("another line", "a=b\n", "a=b\nR/:_authToken=new\n"),
    ("no last newline", "a=b", "a=b\nR/:_authToken=new"),
    ("windows", "a=b\r\n", "a=b\r\nR/:_authToken=new\r\n"),
    ("old mac", "a=b\rc=d\r", "a=b\rc=d\rR/:_authToken=new\r"),
    (
        "byte order mark",
        "\u{feff}a=b\n",
        "\u{feff}a=b\nR/:_authToken=new\n",
    ),
    (
        "in its place",
        "R/:_authToken=old\na=b\n",
        "R/:_authToken=new\na=b\n",
    ),
    (
        "unfinished",
        "a=b\nR/:_authToken=old",
        "a=b\nR/:_authToken=new",
    ),
    (
        "blanks",
        "R/:_authToken = old \r\n",
        "R/:_authToken = new \r\n",
    ),
    (
        "comment",
        "R/:_authToken=old ; mine\n",
        "R/:_authToken=new ; mine\n",
    ),
    (
        "quotes",
        "\"R/:_authToken\"=\"old\"\n",
        "\"R/:_authToken\"=new\n",
    ),
    ("empty", "R/:_authToken=\n", "R/:_authToken=new\n"),
    (
        "doubled",
        "R/:_authToken=a\nR/:_authToken=b\n",
        "R/:_authToken=new\nR/:_authToken=new\n",
    ),
    (
        "without the slash",
        "R:_authToken=old\n",
        "R:_authToken=new\nR/:_authToken=new\n",
    ),
    (
        "a longer path wins",
        "R/x/:_authToken=old\n",
        "R/x/:_authToken=new\nR/:_authToken=new\n",
    ),
    (
        "a shorter path loses",
        "//h/:_authToken=old\n",
        "//h/:_authToken=old\nR/:_authToken=new\n",
    ),
    (
        "a name that begins alike",
        "R-2/:_authToken=old\n",
        "R-2/:_authToken=old\nR/:_authToken=new\n",
    ),
    (
        "other case",
        "R/:_authtoken=old\n",
        "R/:_authtoken=old\nR/:_authToken=new\n",
    ),
    (
        "commented out",
        "#R/:_authToken=old\n",
        "#R/:_authToken=old\nR/:_authToken=new\n",
    ),
    (
        "no value",
        "R/:_authToken\na=b\n",
        "R/:_authToken\nR/:_authToken=new\na=b\n",
    ),
    (
        "from a variable",
        "R/:_authToken=${TOKEN}\na=b\n",
        "R/:_authToken=${TOKEN}\nR/:_authToken=new\na=b\n",
    ),
    (
        "sections",
        "a=b\n\n# about x\n[x]\nc=d\n",
        "a=b\nR/:_authToken=new\n\n# about x\n[x]\nc=d\n",
    ),
    (
        "only a section",
        "# top\n[x]\n",
        "# top\nR/:_authToken=new\n[x]\n",
    ),
    (
        "ours inside a section",
        "[x]\nR/:_authToken=old\n",
        "R/:_authToken=new\n[x]\nR/:_authToken=old\n",
    ),
];

#[test]
fn removal_leaves_what_was_there() {
    let rows = [
        ("a=b\nR/:_authToken=t\nc=d\n", "a=b\nc=d\n"),
        ("a=b\nR/:_authToken=t", "a=b"),
        ("R/:_authToken=t\n", ""),
        ("R/:_authToken=${TOKEN}\n", "R/:_authToken=${TOKEN}\n"),
        ("//elsewhere/:_authToken=t\n", "//elsewhere/:_authToken=t\n"),
        ("[x]\nR/:_authToken=t\n", "[x]\nR/:_authToken=t\n"),
    ];
    for (before, after) in rows {
        let mut document = Document::parse(spelled(before).as_bytes()).unwrap();
        document.remove_tokens(|registry| registry == REGISTRY);
        let found = String::from_utf8(document.to_bytes()).unwrap();
        assert_eq!(found, spelled(after), "{before}");
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    for token in ["", "a b", "a;b", "a\nb", "${HOME}", "\"a\"", "a\\"] {
        let mut document = Document::parse(b"a=b\n").unwrap();
        assert!(document.set_token(REGISTRY, token).is_err(), "{token:?}");
        assert_eq!(document.to_bytes(), b"a=b\n", "{token:?}");
    }
    for bytes in [&b"\xff\xfea\0"[..], b"\xfe\xff\0a", b"a\0=\0b\0"] {
        assert!(Document::parse(bytes).is_err(), "{bytes:?}");
    }
}

/// Lines of every kind that matter, and any bytes at all.
fn any_line() -> impl Strategy<Value = Vec<u8>> {
    let known = proptest::sample::select(vec![
        "",
        "registry=https://r/",
        "# c",
        "; c",
        "[s]",
        "a",
        "=",
        "a=${B}",
        "//h/:_authToken=x",
        "\u{feff}a=b",
        "R/:_authToken=old",
        "R:_authToken = old ; c",
        "R/x/:_authToken='old'",
        "R/:_authToken=${T}",
        "R/:_authToken",
        "a=b;c",
        "a = 'b",
        "\"a\"=\"b#c\"",
        "a=\\;b\\",
        " [s]",
        "[s",
        "a=true",
        "\u{a0}a=\u{a0}b",
    ]);
    prop_oneof![
        4 => known.prop_map(|line| spelled(line).into_bytes()),
        1 => proptest::collection::vec(1u8..=255, 0..12),
    ]
}

pub(super) fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let ending = proptest::sample::select(vec!["\n", "\r\n", "\r", ""]);
    proptest::collection::vec((any_line(), ending), 0..12).prop_map(|lines| {
        let lines = lines
            .into_iter()
            .flat_map(|(line, ending)| [line, ending.as_bytes().to_vec()]);
        lines.collect::<Vec<_>>().concat()
    })
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// The lines that an update may not touch, without their ends.
fn foreign(bytes: &[u8]) -> Vec<String> {
    let lines = foreign_lines(bytes);
    let text = |line: &Vec<u8>| shown(&line[..end_of_text(line)]);
    lines.iter().map(text).collect()
}

/// Returns what is left of a file without the lines that are ours.
pub(super) fn foreign_lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    let document = Document::parse(bytes).unwrap();
    let ours = document.tokens_below(REGISTRY).into_iter();
    let ours: Vec<_> = ours.map(|(at, _)| at).collect();
    let lines = document.lines.into_iter().enumerate();
    let lines = lines.filter(|(at, _)| !ours.contains(at));
    lines.map(|(_, line)| line).collect()
}

fn is_utf16(bytes: &[u8]) -> bool {
    Document::parse(bytes).is_err()
}

proptest! {
    #[test]
    fn a_second_update_changes_nothing(file in any_file()) {
        prop_assume!(!is_utf16(&file));
        let once = updated(&file, "new");
        prop_assert_eq!(shown(&updated(&once, "new")), shown(&once));
    }

    #[test]
    fn npm_finds_the_new_token(file in any_file()) {
        prop_assume!(!is_utf16(&file));
        let after = Document::parse(&updated(&file, "new")).unwrap();
        prop_assert_eq!(after.setting(&format!("{REGISTRY}:_authToken")), Some("new".to_owned()));
    }

    #[test]
    fn foreign_lines_survive(file in any_file()) {
        prop_assume!(!is_utf16(&file));
        prop_assert_eq!(foreign(&updated(&file, "new")), foreign(&file));
    }

    #[test]
    fn what_was_added_can_be_taken_away(file in any_file()) {
        prop_assume!(!is_utf16(&file));
        let before = Document::parse(&file).unwrap();
        if !before.tokens_below(REGISTRY).is_empty() {
            return Ok(());
        }
        let mut after = Document::parse(&updated(&file, "new")).unwrap();
        after.remove_tokens(|registry| registry == REGISTRY);
        prop_assert_eq!(shown(&after.to_bytes()), shown(&file));
    }

    #[test]
    fn an_untouched_document_is_the_file(file in any_file()) {
        prop_assume!(!is_utf16(&file));
        prop_assert_eq!(Document::parse(&file).unwrap().to_bytes(), file);
    }
}
