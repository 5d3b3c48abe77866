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

const PROGRAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../.clients/nuget/node_modules/nuget-exe/nuget-5.8.0.exe"
);

const INSTALL: [&str; 8] = [
    "install",
    "My.Package",
    "-Source",
    "acme",
    "-OutputDirectory",
    "packages",
    "-NoCache",
    "-DirectDownload",
];

fn nuget(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let arguments = [&[PROGRAM], arguments, &["-NonInteractive"]].concat();
    sandbox.run("mono", &arguments)
}

fn install(sandbox: &Sandbox) -> Outcome {
    nuget(sandbox, &INSTALL)
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

/// NuGet gives up after five seconds of silence: it hears that a token takes a while.
#[test]
fn token_that_takes_longer_than_nuget_waits() {
    let Some((sandbox, emulator)) = with_nuget() else {
        return;
    };
    let action = "codeartifact:GetAuthorizationToken";
    emulator.fault(&format!(
        r#"{{"fault": "delay", "action": "{action}", "milliseconds": 9000, "times": 1}}"#
    ));
    let _ = install(&sandbox).succeeded();
    assert_mints(&emulator, 1);
}

/// A .NET SDK before 9.0.200 starts no native plugin: the source's name carries the login, for the one source that is published to.
#[test]
fn exec_serves_what_finds_no_plugin() {
    let Some((mut sandbox, emulator)) = with_nuget() else {
        return;
    };
    // This NuGet looks on no PATH.
    sandbox.unset("NUGET_PLUGIN_PATHS");
    let without = install(&sandbox).failed();
    assert!(!without.stdout.contains("Successfully"), "{without:?}");
    let arguments = ["exec", "--publish", "--", "mono", PROGRAM];
    let all = [&arguments, &INSTALL[..], &["-NonInteractive"]].concat();
    let _ = sandbox.run("codeartifact", &all).succeeded();
    assert!(sandbox.path("work/packages/My.Package.1.1.0").is_dir());
    assert_mints(&emulator, 1);
}

/// A person has the root of a repository, NuGet wants the service index: that is saved, read, and said.
#[test]
fn connect_completes_the_url_and_checks_the_service_index() {
    let (sandbox, emulator) = developer("nuget");
    std::fs::remove_file(sandbox.path("home/.config/codeartifact/config.toml")).unwrap();
    let index = url("nuget") + "v3/index.json";
    let connect = ["connect", "acme", "--nuget", &url("nuget")];
    let told = sandbox.run("codeartifact", &connect).succeeded();
    let _ = told.says(&[&format!("saved as its clients need it: {index}")]);
    let tested = sandbox.run("codeartifact", &["test", "acme"]);
    let tested = tested.succeeded().stdout;
    assert!(tested.contains("✓ nuget"), "{tested}");
    let journal = emulator.journal();
    let mut read = journal.of("nuget:index").into_iter();
    assert!(
        read.any(|it| it.path.ends_with("/v3/index.json") && it.status == Some(200)),
        "{journal:#?}"
    );
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
