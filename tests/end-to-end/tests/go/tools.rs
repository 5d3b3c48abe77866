//! Beside go: what reads netrc and knows no GOAUTH, and our own commands, for which a Go repository is its URL and
//! nothing else.

use codeartifact_end_to_end::fixture::GO;

use super::*;

/// As gazelle gets its token.
#[test]
fn netrc_from_the_token_command() {
    with_each_go(|mut sandbox, emulator| {
        let netrc = sandbox
            .run("codeartifact", &["token", GO, "--format", "netrc"])
            .succeeded();
        sandbox.write("home/.netrc", &netrc.stdout);
        sandbox.unset("GOAUTH");
        let _ = download(&sandbox, &[GREETING]).succeeded();
        assert_eq!(emulator.journal().mints(), 1);
        assert_tokens_presented(&emulator.journal(), 1);
    });
}

/// AWS has no format `go` to ask for: the URL is taken as it is written, and made of the domain's host.
#[test]
fn repository_is_never_asked_for_by_its_format() {
    let (sandbox, emulator) = developer();
    let tested = sandbox.run("codeartifact", &["test", "acme"]).stdout;
    assert!(tested.contains("/go/my-repo/"), "{tested}");
    let _ = sandbox.run("codeartifact", &["repositories", "acme"]);
    let journal = emulator.journal();
    assert!(!journal.of("go").is_empty(), "{journal:#?}");
    assert_eq!(journal.of("codeartifact:GetRepositoryEndpoint").len(), 0);
}
