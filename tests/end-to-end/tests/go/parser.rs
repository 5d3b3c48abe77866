//! Tests of what the real go takes of a helper's answer, and what it drops without a word: the reason why ours is as it is.
//! The answer comes from a file here; `answers` has what `codeartifact-goauth` says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_end_to_end::fixture::GO;

use super::*;

const HOST: &str = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

/// An answer, and whether the newest go and the oldest with GOAUTH send its token.
type Row = (&'static str, String, [bool; 2]);

#[test]
fn what_go_takes_and_what_it_drops() {
    for (place, client) in GOS.into_iter().enumerate() {
        let (mut sandbox, emulator) = developer();
        sandbox.client(client, "go");
        let pair = STANDARD.encode(format!("aws:{}", token(&sandbox, GO)));
        let file = sandbox.path("home/answer").display().to_string();
        // With the URL of a second call behind it, this fails: there is no such file.
        sandbox.set("GOAUTH", format!("/bin/cat {file}"));
        for (what, answer, expected) in rows(&pair) {
            sandbox.write("home/answer", &answer);
            empty_module_cache(&mut sandbox);
            let before = emulator.journal().0.len();
            let outcome = download(&sandbox, &[WORDS]);
            let journal = emulator.journal().after(before);
            let sent = journal.of("go")[0].authorization.is_some();
            assert_eq!(sent, expected[place], "{client}: {what}: {outcome:?}");
            assert_eq!(
                outcome.code == Some(0),
                sent,
                "{client}: {what}: {outcome:?}"
            );
        }
    }
}

// The clients that send the header: the newest and the oldest.
const BOTH: [bool; 2] = [true, true];
const NONE: [bool; 2] = [false, false];
/// Up to go 1.24 only a host matches, without a slash behind it (go issue 71889).
const NEWER: [bool; 2] = [true, false];

fn rows(pair: &str) -> Vec<Row> {
    let header = format!("Authorization: Basic {pair}");
    [urls(&header), headers(&header), lines(&header)].concat()
}

/// A set of URLs with their header.
fn set(urls: &str, header: &str) -> String {
    format!("{urls}\n\n{header}\n\n")
}

fn urls(header: &str) -> Vec<Row> {
    let path = GO.trim_end_matches('/');
    vec![
        ("repository", set(GO, header), NEWER),
        ("repository without slash", set(path, header), NEWER),
        ("host", set(HOST, header), BOTH),
        ("host with slash", set(&format!("{HOST}/"), header), NEWER),
        (
            "repository and host",
            set(&format!("{GO}\n{HOST}"), header),
            BOTH,
        ),
        (
            "half a segment",
            set(&format!("{HOST}/go/my"), header),
            NONE,
        ),
        ("other port", set(&format!("{HOST}:444"), header), NONE),
        (
            "host with the port of https",
            set(&format!("{HOST}:443"), header),
            NONE,
        ),
        ("http", set(&HOST.replace("https", "http"), header), NONE),
        (
            "no scheme",
            set(HOST.trim_start_matches("https://"), header),
            NONE,
        ),
    ]
}

fn headers(header: &str) -> Vec<Row> {
    vec![
        (
            "name in lower case",
            set(HOST, &header.replace("Auth", "auth")),
            BOTH,
        ),
        (
            "no space behind the colon",
            set(HOST, &header.replace(": ", ":")),
            NONE,
        ),
        (
            "two spaces behind the colon",
            set(HOST, &header.replace(": ", ":  ")),
            BOTH,
        ),
    ]
}

fn lines(header: &str) -> Vec<Row> {
    vec![
        ("no last blank line", format!("{HOST}\n\n{header}\n"), NONE),
        ("no end of line", format!("{HOST}\n\n{header}"), NONE),
        (
            "no blank line between",
            format!("{HOST}\n{header}\n\n"),
            NONE,
        ),
        (
            "windows line ends",
            set(HOST, header).replace('\n', "\r\n"),
            NONE,
        ),
        (
            "a word in front",
            format!("hello\n{}", set(HOST, header)),
            NONE,
        ),
        (
            "what might be a URL in front",
            format!("hello: there\n{}", set(HOST, header)),
            BOTH,
        ),
        (
            "another set in front",
            set("https://example.com", "X-Other: 1") + &set(HOST, header),
            BOTH,
        ),
        (
            "a broken set behind",
            set(HOST, header) + "https://example.com\n",
            NONE,
        ),
        ("a blank line behind", set(HOST, header) + "\n", NONE),
        ("two blank lines behind", set(HOST, header) + "\n\n", BOTH),
        ("nothing", String::new(), NONE),
    ]
}
