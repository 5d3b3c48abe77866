//! The bytes that `codeartifact-goauth` answers, as go gets them, and what each of its calls costs AWS.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_end_to_end::fixture::GO;
use codeartifact_end_to_end::kept;

use super::*;

/// One set of credentials, as `go help goauth` has it: for the repository, and for its host (go 1.24 knows no paths).
pub(crate) fn credentials(repository: &str, token: &str) -> String {
    let pair = STANDARD.encode(format!("aws:{token}"));
    let (host, _) = repository.split_once("/go/").unwrap();
    format!("{repository}\n{host}\n\nAuthorization: Basic {pair}\n\n")
}

#[test]
fn first_call_answers_for_every_repository_in_goproxy() {
    let rows: [(String, &[&str]); 6] = [
        (GO.to_owned(), &[GO]),
        (GO.trim_end_matches('/').to_owned(), &[GO]),
        (format!("{GO},direct"), &[GO]),
        (format!("{GO}|off"), &[GO]),
        (
            format!("https://proxy.example.com,{ELSEWHERE},{GO},direct"),
            &[ELSEWHERE, GO],
        ),
        (format!("direct,{GO}"), &[]),
    ];
    let (mut sandbox, _emulator) = developer();
    for (proxies, expected) in rows {
        sandbox.set("GOPROXY", &proxies);
        let answer = sandbox.run("codeartifact-goauth", &[]).succeeded();
        let sets: String = expected
            .iter()
            .map(|url| credentials(url, &token(&sandbox, url)))
            .collect();
        assert_eq!(
            (answer.stdout, answer.stderr.as_str()),
            (sets, ""),
            "{proxies}"
        );
    }
}

/// Writes what go says about a request on stdin: its answer's status, and headers that do not matter.
fn refused(status: &str) -> String {
    format!(
        "HTTP/1.1 {status}\nContent-Type: text/plain\nWww-Authenticate: Basic realm=\"my-domain/my-repo\"\n\n"
    )
}

#[test]
fn second_call_mints_only_for_a_token_that_was_refused() {
    // Is it in GOPROXY; what go was answered; is there an answer; how many tokens that took.
    let rows = [
        (true, "401 Unauthorized", true, 1),
        (true, "403 Forbidden", false, 0),
        (true, "404 Not Found", true, 0),
        (true, "410 Gone", true, 0),
        (true, "429 Too Many Requests", true, 0),
        (false, "401 Unauthorized", true, 0),
        (false, "403 Forbidden", true, 0),
        (false, "404 Not Found", true, 0),
    ];
    for (listed, status, answers, mints) in rows {
        let (mut sandbox, emulator) = developer();
        let older = token(&sandbox, GO);
        kept::age(&sandbox, tokens::AN_HOUR);
        if !listed {
            sandbox.set("GOPROXY", "https://proxy.example.com");
        }
        let url = format!("{GO}example.com/private/words/@v/v1.0.0.mod");
        let answer = sandbox.feed("codeartifact-goauth", &[&url], &refused(status));
        assert_eq!(emulator.journal().mints() - 1, mints, "{listed} {status}");
        let kept = token(&sandbox, GO);
        assert_eq!(kept != older, mints == 1, "{listed} {status}");
        if answers {
            assert_eq!(
                answer.succeeded().stdout,
                credentials(GO, &kept),
                "{listed} {status}"
            );
        } else {
            assert_eq!(answer.failed().stdout, "", "{listed} {status}");
        }
    }
}

#[test]
fn second_call_about_what_is_missing_asks_nobody() {
    let (sandbox, emulator) = developer();
    for path in ["sumdb/sum.example.org/supported", "example.com/@v/list", ""] {
        let answer = sandbox.feed(
            "codeartifact-goauth",
            &[&format!("{GO}{path}")],
            &refused("404 Not Found"),
        );
        let answer = answer.succeeded();
        assert_eq!(
            (answer.stdout.as_str(), answer.stderr.as_str()),
            ("", ""),
            "{path}"
        );
    }
    assert!(emulator.journal().0.is_empty());
}

#[test]
fn calls_about_others_are_left_to_the_next_command() {
    let (sandbox, emulator) = developer();
    let rows = [
        "https://proxy.example.com/example.com/private/words/@v/list",
        "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com.example.com/go/my-repo/",
        "https://example.com/my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/go/my-repo/",
    ];
    for url in rows {
        let answer = sandbox
            .feed("codeartifact-goauth", &[url], &refused("401 Unauthorized"))
            .succeeded();
        assert_eq!(
            (answer.stdout.as_str(), answer.stderr.as_str()),
            ("", ""),
            "{url}"
        );
    }
    assert!(emulator.journal().0.is_empty());
}
