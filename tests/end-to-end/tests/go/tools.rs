//! Beside go: what reads netrc and knows no GOAUTH, what is started by `codeartifact exec`, and our own commands, for
//! which a Go repository is its URL and nothing else.

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

/// Go reads the netrc of the variables, whether its GOAUTH is left alone, names us too, or names us alone.
#[test]
fn exec_tells_go_all_that_it_needs() {
    with_each_go(|mut sandbox, emulator| {
        sandbox.unset("GOPROXY");
        for goauth in [
            None,
            Some("netrc; codeartifact-goauth"),
            Some("codeartifact-goauth"),
        ] {
            match goauth {
                Some(commands) => sandbox.set("GOAUTH", commands),
                None => sandbox.unset("GOAUTH"),
            }
            empty_module_cache(&mut sandbox);
            let go = [
                "exec",
                "--connection",
                "acme",
                "--",
                "go",
                "mod",
                "download",
                GREETING,
            ];
            let _ = sandbox.run("codeartifact", &go).succeeded();
        }
        assert_eq!(
            (emulator.journal().mints(), emulator.journal().aws().len()),
            (1, 3)
        );
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
