//! NuGet 5.8 on Mono and `nuget-plugin-codeartifact`. The protocol is that of a current .NET SDK, which no registry has.

use std::path::Path;

use codeartifact_end_to_end::{Outcome, kept};

use super::*;

const MONO: &str = "/usr/bin/mono";

/// A developer with NuGet, set up for acme; none where there is no Mono.
fn with_nuget() -> Option<(Sandbox, Emulator)> {
    if !Path::new(MONO).exists() {
        eprintln!("skipped: mono is not installed (apt-get install mono-complete)");
        return None;
    }
    let (mut sandbox, emulator) = developer("nuget");
    sandbox.link("mono", Path::new(MONO));
    let authority = sandbox.path("emulator/ca.pem").display().to_string();
    let _ = sandbox
        .run("/usr/bin/cert-sync", &["--user", &authority])
        .succeeded();
    // nuget.exe starts a program that is named as Windows would.
    let plugin = sandbox.path("bin/nuget-plugin-codeartifact");
    sandbox.link("plugin.exe", &std::fs::canonicalize(plugin).unwrap());
    sandbox.set(
        "NUGET_PLUGIN_PATHS",
        sandbox.path("bin/plugin.exe").display().to_string(),
    );
    let set_up = sandbox.run("codeartifact", &["setup", "nuget", "acme", "--no-test"]);
    let _ = set_up.succeeded();
    Some((sandbox, emulator))
}

fn nuget(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let program = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../.clients/nuget/node_modules/nuget-exe/nuget-5.8.0.exe"
    );
    let arguments = [&[program], arguments, &["-NonInteractive"]].concat();
    sandbox.run("mono", &arguments)
}

fn install(sandbox: &Sandbox) -> Outcome {
    let arguments = [
        "install",
        "My.Package",
        "-Source",
        "acme",
        "-OutputDirectory",
        "packages",
        "-NoCache",
        "-DirectDownload",
    ];
    nuget(sandbox, &arguments)
}

#[test]
fn install_and_push() {
    let Some((sandbox, emulator)) = with_nuget() else {
        return;
    };
    let _ = install(&sandbox).succeeded();
    assert!(sandbox.path("work/packages/My.Package.1.1.0").is_dir());
    assert_mints(&emulator, 1);
    sandbox.write(
        "work/other.nuspec",
        "<package><metadata><id>Other</id><version>1.0.0</version><authors>x</authors><description>x</description>\
         </metadata><files><file src=\"other.txt\" target=\"content\" /></files></package>",
    );
    sandbox.write("work/other.txt", "x");
    let _ = nuget(&sandbox, &["pack", "other.nuspec"]).succeeded();
    let push = [
        "push",
        "Other.1.0.0.nupkg",
        "-Source",
        "acme",
        "-ApiKey",
        "any",
    ];
    let _ = nuget(&sandbox, &push).succeeded();
    let journal = assert_mints(&emulator, 1);
    let pushed = journal.of("nuget:publish");
    assert!(
        pushed.iter().any(|entry| entry.status == Some(200)),
        "{pushed:#?}"
    );
}

#[test]
fn token_that_is_refused_is_replaced_within_the_run() {
    let Some((sandbox, emulator)) = with_nuget() else {
        return;
    };
    let _ = token(&sandbox, "nuget");
    kept::age(&sandbox, 60);
    kept::spoil(&sandbox);
    let _ = install(&sandbox).succeeded();
    assert_mints(&emulator, 2);
}

#[test]
fn undo_removes_what_setup_wrote() {
    let Some((sandbox, _emulator)) = with_nuget() else {
        return;
    };
    for file in [
        "home/.nuget/config/codeartifact.acme.config",
        "home/.config/NuGet/config/codeartifact.acme.config",
    ] {
        assert!(
            sandbox
                .read(file)
                .contains("/nuget/my-repo/v3/index.json\""),
            "{file}"
        );
    }
    let _ = sandbox
        .run("codeartifact", &["setup", "nuget", "acme", "--undo"])
        .succeeded();
    assert!(
        !sandbox
            .path("home/.nuget/config/codeartifact.acme.config")
            .exists()
    );
}
