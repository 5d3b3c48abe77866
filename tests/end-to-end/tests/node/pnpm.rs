//! pnpm's own files of logins, and its program that gives one.

use super::projects::TOKEN_LINE;
use super::*;
use clients::PNPM;

/// pnpm from 11 on keeps logins in a file that wins, and may read another one than `.npmrc`.
#[test]
fn pnpms_own_files_are_kept_fresh() {
    let desk = Desk::with(PNPM);
    desk.npmrc("");
    let view = "pnpm view my-package version";
    let login = format!("pnpm config set {TOKEN_LINE} eyJ-stale");
    let _ = desk.types("codeartifact-npm").succeeded();
    let _ = desk.types(&login).succeeded();
    let _ = desk.types("codeartifact-npm --check").exited(1);
    for exec in ["exec", "exec --no-file"] {
        let _ = desk.types(&login).succeeded();
        let line = format!("codeartifact-npm {exec} -- {view}");
        assert_eq!(desk.types(&line).succeeded().stdout.trim(), "1.1.0");
    }
    let out = desk.types("codeartifact logout").succeeded();
    assert!(out.stdout.contains("auth.ini"), "{out:?}");
    // The file had nothing but the token.
    assert!(!desk.sandbox.path("home/.config/pnpm/auth.ini").exists());

    let other = desk.sandbox.path("home/other");
    desk.sandbox.write(
        "home/.config/pnpm/config.yaml",
        &format!("npmrcAuthFile: {}\n", other.display()),
    );
    for line in [
        format!("codeartifact-npm exec --no-file -- {view}"),
        format!("codeartifact-npm exec -- {view}"),
        format!("codeartifact setup pnpm && {view}"),
    ] {
        assert!(
            desk.types(&line).succeeded().stdout.contains("1.1.0"),
            "{line}"
        );
    }
}

/// pnpm 9 and 10 leave `view` to npm, which knows no tokenHelper; a client that writes the file takes our marks away.
#[test]
fn pnpm_with_a_helper() {
    for folder in ["pnpm-10", "pnpm-9"] {
        let desk = Desk::with(clients::Client { folder, ..PNPM });
        desk.sandbox.client("npm", "npm");
        desk.npmrc("");
        let _ = desk.types("codeartifact setup pnpm acme").succeeded();
        desk.shims();
        let said = desk.types("pnpm view my-package version").succeeded();
        assert_eq!(said.stdout.trim(), "1.1.0");
        let _ = desk.types("pnpm ping").succeeded();
        for command in ["setup pnpm --undo", "logout"] {
            let _ = desk
                .types("codeartifact setup pnpm acme --no-test; npm config set audit false")
                .succeeded();
            let rewritten = desk.sandbox.read("home/.npmrc");
            assert!(!rewritten.contains("# >>>"), "{rewritten}");
            // A second setup takes its own line for its own.
            let again = desk
                .types("codeartifact setup pnpm acme --no-test")
                .succeeded();
            assert!(
                !desk.sandbox.read("home/.npmrc").contains("set aside"),
                "{again:?}"
            );
            let _ = desk.types("npm config set audit true").succeeded();
            let _ = desk.types(&format!("codeartifact {command}")).succeeded();
            assert!(
                !desk.sandbox.read("home/.npmrc").contains("tokenHelper"),
                "{command}"
            );
        }
    }
}
