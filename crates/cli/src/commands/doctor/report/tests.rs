//! Tests of what people and programs are shown.

use super::*;
use crate::console::for_tests::Said;

const REFUSED: &str =
    "cannot assume arn:aws:iam::111122223333:role/R (hop 2 of 2)\n  AWS: AccessDenied";

fn findings() -> [Finding; 4] {
    [
        Finding::ok(
            "configuration",
            "configuration",
            "3 URLs, 1 domain, us-east-1",
        ),
        Finding::warning("clock", "clock", "20 min behind").hint("set it"),
        Finding::failed("hop", "hop 2", REFUSED, Exit::Authentication).hint("compare"),
        Finding::skipped("repository", "npm   /npm/my-repo/"),
    ]
}

fn reported(style: Style, has_colour: bool) -> (String, Exit) {
    let said = Said::default();
    let mut console = said.console(has_colour);
    let mut report = Report::new(style, &mut console);
    report.begin(Some("acme"));
    findings()
        .into_iter()
        .for_each(|finding| report.add(finding));
    report.begin(Some("globex"));
    report.add(findings()[0].clone());
    let exit = report.finish();
    (said.text(), exit)
}

#[test]
fn people_see_aligned_lines_as_they_come() {
    let (text, exit) = reported(Style::Whole, false);
    let acme = format!(
        "✓ configuration            3 URLs, 1 domain, us-east-1\n\
         ! clock                    20 min behind\n  hint: set it\n\
         ✗ hop 2                    {REFUSED}\n  hint: compare\n\
         – npm   /npm/my-repo/      not tried\n"
    );
    assert!(text.starts_with(&acme), "{text}");
    assert_eq!(exit, Exit::Authentication);
}

#[test]
fn the_sign_alone_is_coloured() {
    let (text, _) = reported(Style::Whole, true);
    assert!(
        text.starts_with("\u{1b}[32m✓\u{1b}[0m configuration  "),
        "{text:?}"
    );
    assert!(text.contains("\u{1b}[31m✗\u{1b}[0m hop 2"), "{text:?}");
}

#[test]
fn many_connections_take_a_line_each() {
    let (text, exit) = reported(Style::Brief, false);
    let expected = format!(
        "✗ acme                     hop 2: {REFUSED}\n  hint: compare\n\
         ✓ globex                   all is well\n"
    );
    assert_eq!((text, exit), (expected, Exit::Authentication));
}

#[test]
fn programs_get_one_object_with_stable_keys() {
    let (text, _) = reported(Style::Json, true);
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["ok"], false);
    assert_eq!(value["exit_code"], 4);
    assert_eq!(value["connections"][1]["connection"], "globex");
    assert_eq!(
        value["connections"][0]["findings"][2],
        json!({
            "check": "hop",
            "label": "hop 2",
            "state": "failed",
            "text": REFUSED,
            "source": null,
            "hint": "compare",
            "fault": null,
        })
    );
}
