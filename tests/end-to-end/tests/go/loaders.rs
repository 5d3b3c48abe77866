//! Programs that load modules by running go: gopls, govulncheck, golangci-lint. They take minutes to build, so these tests
//! run only when asked for, and every week in `.github/workflows/tools.yml`:
//!
//!     tests/clients/fetch.sh gopls golangci-lint govulncheck
//!     cargo test -p codeartifact-end-to-end --test go loaders:: -- --ignored

use super::*;

/// A program that needs a private module, which is in no cache.
fn project(tool: &str) -> (Sandbox, Emulator) {
    let (mut sandbox, emulator) = developer();
    sandbox.client(tool, tool);
    write_program(&sandbox, "work");
    let _ = sandbox
        .run("go", &["get", "example.com/private/greeting"])
        .succeeded();
    let _ = sandbox.run("codeartifact", &["logout"]).succeeded();
    empty_module_cache(&mut sandbox);
    (sandbox, emulator)
}

/// The tool loads the module through our helper.
fn loads(tool: &str, arguments: &[&str]) {
    let (sandbox, emulator) = project(tool);
    let before = emulator.journal().0.len();
    let ran = sandbox.run(tool, arguments).succeeded();
    assert!(!ran.stderr.contains("could not import"), "{ran:?}");
    let journal = emulator.journal().after(before);
    assert!(!journal.of("go:zip").is_empty(), "{ran:?}{journal:#?}");
    assert_tokens_presented(&journal, 1);
}

#[test]
#[ignore = "needs tests/clients/fetch.sh gopls"]
fn gopls() {
    loads("gopls", &["check", "main.go"]);
}

#[test]
#[ignore = "needs tests/clients/fetch.sh golangci-lint"]
fn golangci_lint() {
    let only = ["run", "--no-config", "--default=none", "--enable=govet"];
    loads("golangci-lint", &only);
}

#[test]
#[ignore = "needs tests/clients/fetch.sh govulncheck"]
/// Its database is a folder that knows of nothing.
fn govulncheck() {
    let database = tempfile::tempdir().unwrap();
    let index = database.path().join("index");
    std::fs::create_dir(&index).unwrap();
    for (file, text) in [
        ("db.json", "{\"modified\":\"2026-01-01T00:00:00Z\"}"),
        ("modules.json", "[]"),
        ("vulns.json", "[]"),
    ] {
        std::fs::write(index.join(file), text).unwrap();
    }
    let url = format!("file://{}", database.path().display());
    loads("govulncheck", &["-db", &url, "./..."]);
}
