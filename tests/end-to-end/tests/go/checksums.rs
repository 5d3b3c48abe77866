//! The checksum database with GOSUMDB on: public modules are verified, private ones are never named to it. It is at a
//! host of its own, and one of the repositories passes it on.

use codeartifact_end_to_end::Sandbox;
use codeartifact_end_to_end::fixture::GO;

use super::*;

const DATABASE: &str = "sum.example.com";
/// The modules that the database knows.
const PUBLIC: &str = "example.org/punctuation@v1.2.0";

/// Runs a test with each go, for a developer who has go verify all but the private modules.
fn with_each_verifying_go(test: impl Fn(Sandbox, Emulator)) {
    for client in GOS {
        let (mut sandbox, emulator) = verifying_developer();
        sandbox.client(client, "go");
        sandbox.set("GONOSUMDB", "example.com/private");
        test(sandbox, emulator);
    }
}

fn repository(name: &str) -> String {
    GO.replace("my-repo", name)
}

/// Returns what was asked of the database, directly or through a repository.
fn questions(journal: &Journal) -> Vec<String> {
    let both = [journal.of("sumdb"), journal.of("go:sumdb")].concat();
    both.iter().map(|entry| entry.path.clone()).collect()
}

#[test]
fn public_module_is_verified_and_private_ones_are_not_named() {
    with_each_verifying_go(|mut sandbox, emulator| {
        for (name, direct) in [("my-repo", true), ("passing-repo", false)] {
            sandbox.set("GOPROXY", repository(name));
            // go does not verify a module twice.
            sandbox.set(
                "GOPATH",
                sandbox.path(&format!("home/{name}")).display().to_string(),
            );
            let before = emulator.journal().0.len();
            let _ = download(&sandbox, &[PUBLIC, GREETING, WORDS]).succeeded();
            let journal = emulator.journal().after(before);
            let asked = questions(&journal);
            let is_lookup = |path: &&String| path.contains("/lookup/");
            let lookups: Vec<_> = asked.iter().filter(is_lookup).collect();
            assert_eq!(lookups.len(), 1, "{asked:?}");
            assert!(lookups[0].ends_with("/lookup/example.org/punctuation@v1.2.0"));
            assert!(
                asked.iter().any(|path| path.contains("/tile/8/0/")),
                "{asked:?}"
            );
            assert!(
                !asked.iter().any(|path| path.contains("private")),
                "{asked:?}"
            );
            assert_eq!(!journal.of("sumdb:lookup").is_empty(), direct, "{name}");
            assert_tokens_presented(&journal, 1);
            for entry in journal.of("sumdb") {
                assert_eq!(entry.host, DATABASE);
                assert!(
                    entry.authorization.is_none(),
                    "no token for others: {entry:#?}"
                );
            }
        }
        assert_eq!(
            (emulator.journal().mints(), emulator.journal().aws().len()),
            (1, 3)
        );
    });
}

/// Without the setting go tells the database what the private module is called.
#[test]
fn private_module_is_named_to_the_database_without_gonosumdb() {
    with_each_verifying_go(|mut sandbox, emulator| {
        sandbox.unset("GONOSUMDB");
        let refused = download(&sandbox, &[WORDS]).failed();
        let _ = refused.says(&["verifying", "404 Not Found"]);
        let lookups = emulator.journal();
        let lookups = lookups.of("sumdb:lookup");
        assert_eq!(lookups[0].path, "/lookup/example.com/private/words@v1.0.0");
    });
}

#[test]
fn module_that_is_not_what_everybody_has_is_refused() {
    with_each_verifying_go(|mut sandbox, _emulator| {
        sandbox.set("GOPROXY", repository("changed-repo"));
        let refused = download(&sandbox, &[PUBLIC]).failed();
        let _ = refused.says(&["checksum mismatch", "SECURITY ERROR", DATABASE]);
        sandbox.set("GOSUMDB", "off");
        let _ = download(&sandbox, &[PUBLIC]).succeeded();
    });
}

/// go asks each proxy whether it has the database, and goes on to the database itself: here that is a part of the
/// repository which is not there.
#[test]
fn database_that_no_proxy_has() {
    with_each_verifying_go(|mut sandbox, emulator| {
        sandbox.unset("GONOSUMDB");
        let name = format!("{}own-database", GO.trim_start_matches("https://"));
        sandbox.set(
            "GOSUMDB",
            name + "+62593c1a+AcJXjBT3E5iZU0ChGRHHDnnCCmavfF8UOt6sUyAqBjsj",
        );
        let _ = download(&sandbox, &[WORDS])
            .failed()
            .says(&["404 Not Found"]);
        let journal = emulator.journal();
        journal.all_answered("go:sumdb", &[404]);
        assert_eq!((journal.mints(), journal.aws().len()), (1, 3));
        assert_tokens_presented(&journal, 1);
    });
}

/// The go of a go.mod's own choice comes through the same proxy, with the same token, and is always verified.
#[test]
fn toolchain_comes_through_the_repository() {
    with_each_verifying_go(|mut sandbox, emulator| {
        sandbox.set("GOTOOLCHAIN", "auto");
        sandbox.write("work/go.mod", "module example.com/work\n\ngo 1.99.0\n");
        let switched = sandbox.run("go", &["version"]).succeeded();
        assert_eq!(switched.stdout, "go version go1.99.0 linux/amd64\n");
        let journal = emulator.journal();
        let zip = &journal.of("go:zip")[0].path;
        assert!(
            zip.starts_with("/go/my-repo/golang.org/toolchain/@v/v0.0.1-go1.99.0."),
            "{zip}"
        );
        assert_eq!((journal.mints(), journal.aws().len()), (1, 3));
        assert_tokens_presented(&journal, 1);
        sandbox.write("work/go.mod", "module example.com/work\n\ngo 1.98.0\n");
        let _ = sandbox
            .run("go", &["version"])
            .failed()
            .says(&["download go1.98.0"]);
    });
}
