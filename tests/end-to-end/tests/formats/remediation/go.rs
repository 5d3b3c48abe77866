//! govulncheck: reads the private module, and names the version without the fault that a database knows of; go applies it.

use codeartifact_end_to_end::install;

use super::*;

const MODULE: &str = "example.com/private/greeting";

/// Laid out as the public database is.
fn write_database(sandbox: &Sandbox) {
    let index = format!(
        r#"[{{"path": "{MODULE}", "vulns": [{{"id": "GO-2026-0001", "modified": "2026-01-01T00:00:00Z", "fixed": "1.1.0"}}]}}]"#
    );
    let entry = format!(
        r#"{{"schema_version": "1.3.1", "id": "GO-2026-0001", "modified": "2026-01-01T00:00:00Z",
        "published": "2026-01-01T00:00:00Z", "summary": "greets too loudly", "details": "greets too loudly",
        "database_specific": {{"url": "https://example.com/GO-2026-0001"}}, "affected": [{{
        "package": {{"name": "{MODULE}", "ecosystem": "Go"}},
        "ranges": [{{"type": "SEMVER", "events": [{{"introduced": "0"}}, {{"fixed": "1.1.0"}}]}}],
        "ecosystem_specific": {{"imports": [{{"path": "{MODULE}", "symbols": ["For"]}}]}}}}]}}"#
    );
    let vulns = r#"[{"id": "GO-2026-0001", "modified": "2026-01-01T00:00:00Z", "aliases": []}]"#;
    for (file, text) in [
        ("index/db.json", r#"{"modified": "2026-01-01T00:00:00Z"}"#),
        ("index/modules.json", &index),
        ("index/vulns.json", vulns),
        ("ID/GO-2026-0001.json", &entry),
    ] {
        sandbox.write(&format!("work/database/{file}"), text);
    }
}

#[test]
#[ignore = "needs tests/clients/fetch.sh govulncheck"]
fn govulncheck_names_the_version_that_go_updates_to() {
    let (mut sandbox, emulator) = platform();
    for tool in ["go", "govulncheck"] {
        sandbox.client(tool, tool);
    }
    let _ = install::go(&mut sandbox, &url("go")).succeeded();
    let go = |line: &str| sandbox.run("codeartifact", &["exec", "--", "sh", "-c", line]);
    let _ = go(&format!("go get {MODULE}@v1.0.0 && go clean -modcache")).succeeded();
    write_database(&sandbox);
    let database = sandbox.path("work/database").display().to_string();
    let check = format!("govulncheck -db file://{database} ./...");
    let found = go(&check).failed();
    assert!(
        found.stdout.contains(&format!("Fixed in: {MODULE}@v1.1.0")),
        "{found:?}"
    );
    let _ = go(&format!("go get {MODULE}@v1.1.0 && go mod tidy")).succeeded();
    let checked = go(&check).succeeded();
    assert!(
        checked.stdout.contains("No vulnerabilities found"),
        "{checked:?}"
    );
    assert_mints(&emulator, 1);
}
