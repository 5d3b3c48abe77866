//! go says "401 Unauthorized" and nothing of what its helper said, so a failure is kept for `codeartifact status`.

use codeartifact_end_to_end::Sandbox;
use codeartifact_end_to_end::fixture::GO;
use serde_json::Value;

use super::*;

const FAILURES: &str = "home/.local/state/codeartifact/failures.jsonl";

/// The record of failures, and the cause of the last one.
pub(crate) fn latest(sandbox: &Sandbox) -> (String, String) {
    let record = sandbox.read(FAILURES);
    let last: Value = serde_json::from_str(record.lines().last().unwrap()).unwrap();
    assert_eq!(last["program"], "codeartifact-goauth");
    (record.clone(), last["cause"].as_str().unwrap().to_owned())
}

/// The token is good and its role may not read there: another token would not help.
#[test]
fn forbidden_repository_mints_nothing_and_is_recorded() {
    with_each_go(|mut sandbox, emulator| {
        sandbox.set("GOPROXY", GO.replace("my-repo", "closed-repo"));
        let _ = download(&sandbox, &[WORDS])
            .failed()
            .says(&["403 Forbidden"]);
        assert_eq!(emulator.journal().mints(), 1);
        assert_tokens_presented(&emulator.journal(), 1);
        let (_, cause) = latest(&sandbox);
        assert!(
            cause.contains("closed-repo") && cause.contains("403 Forbidden"),
            "{cause}"
        );
        let status = sandbox.run("codeartifact", &["status"]).succeeded().stdout;
        assert!(
            status.contains("codeartifact-goauth") && status.contains(&cause),
            "{status}"
        );
    });
}

#[test]
fn role_that_cannot_be_assumed_is_recorded_and_shown_by_go_on_request() {
    with_each_go(|sandbox, emulator| {
        let wrong = Connection {
            external_id: "acme-00000000",
            ..acme()
        };
        wrong.configure(&sandbox);
        let _ = download(&sandbox, &[WORDS])
            .failed()
            .says(&["401 Unauthorized"]);
        let (_, cause) = latest(&sandbox);
        assert!(cause.contains("(hop 2 of 2, connection acme)"), "{cause}");
        let shown = sandbox
            .run("go", &["mod", "download", "-x", WORDS])
            .failed();
        let _ = shown.says(&[
            "GOAUTH encountered errors for",
            "(hop 2 of 2, connection acme)",
            "hint: ",
        ]);
        assert_eq!(emulator.journal().mints(), 0);
    });
}

#[test]
fn no_credentials_at_all_ends_soon() {
    with_each_go(|mut sandbox, emulator| {
        sandbox.unset("AWS_ACCESS_KEY_ID");
        sandbox.unset("AWS_SECRET_ACCESS_KEY");
        let begin = std::time::Instant::now();
        let _ = download(&sandbox, &[WORDS])
            .failed()
            .says(&["401 Unauthorized"]);
        assert!(begin.elapsed().as_secs() < 10, "{:?}", begin.elapsed());
        assert!(!latest(&sandbox).1.is_empty());
        assert_eq!(emulator.journal().mints(), 0);
    });
}
