//! Gradle 4.4.1, Debian's, with the init script that `setup gradle` writes.

use std::path::Path;

use codeartifact_end_to_end::{Outcome, kept};

use super::*;

const GRADLE: &str = "/usr/bin/gradle";
const SCRIPT: &str = "home/.gradle/init.d/codeartifact.gradle";

/// A developer with Gradle and a build; none where there is no Gradle.
fn with_gradle() -> Option<(Sandbox, Emulator)> {
    if !Path::new(GRADLE).exists() {
        eprintln!("skipped: Gradle is not installed (apt-get install gradle)");
        return None;
    }
    let (mut sandbox, emulator) = developer("maven");
    sandbox.write_program("bin/gradle", &format!("#!/bin/sh\nexec {GRADLE} \"$@\"\n"));
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    sandbox.set("PATH", path);
    // Java's home is the one of the user database, whatever HOME says.
    let home = sandbox.path("home").display().to_string();
    let options = sandbox.variables()["JAVA_TOOL_OPTIONS"].clone();
    sandbox.set(
        "JAVA_TOOL_OPTIONS",
        format!("{options} -Duser.home={home} -XX:TieredStopAtLevel=1"),
    );
    sandbox.write("work/settings.gradle", "");
    write_build(&sandbox, "");
    Some((sandbox, emulator))
}

fn write_build(sandbox: &Sandbox, credentials: &str) {
    let text = format!(
        "configurations {{ fetched }}\nrepositories {{ maven {{ url '{}'\n{credentials} }} }}\n\
         dependencies {{ fetched 'com.example:my-artifact:1.+' }}\n\
         task fetch {{ doLast {{ println configurations.fetched.files*.name }} }}\n",
        url("maven")
    );
    sandbox.write("work/build.gradle", &text);
}

fn gradle(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    sandbox.run("gradle", &[&["--no-daemon"], arguments].concat())
}

#[test]
fn dependencies_after_setup() {
    let Some((sandbox, emulator)) = with_gradle() else {
        return;
    };
    let setup = ["setup", "gradle", "acme"];
    let _ = sandbox.run("codeartifact", &setup).succeeded();
    let fetched = gradle(&sandbox, &["-q", "fetch"]).succeeded();
    assert!(
        fetched.stdout.contains("my-artifact-1.1.0.jar"),
        "{fetched:?}"
    );
    assert_mints(&emulator, 1);
    assert!(!sandbox.read(SCRIPT).contains(&token(&sandbox, "maven")));
    let _ = sandbox
        .run("codeartifact", &["setup", "gradle", "--undo"])
        .succeeded();
    assert!(!sandbox.path(SCRIPT).exists());
}

/// Nothing is asked where nothing is fetched; and of one daemon's builds each has a token of its time.
#[test]
fn a_token_is_asked_for_when_it_is_needed() {
    let Some((sandbox, emulator)) = with_gradle() else {
        return;
    };
    let setup = ["setup", "gradle", "--no-test"];
    let _ = sandbox.run("codeartifact", &setup).succeeded();
    let run = |task: &str| sandbox.run("gradle", &["-q", "--daemon", task]);
    let helped = run("help");
    let asked = emulator.journal().mints();
    let first = run("fetch");
    if first.code == Some(0) {
        kept::age(&sandbox, 12 * 3600);
    }
    // Another version: what the daemon has fetched it does not fetch again.
    let build = sandbox.read("work/build.gradle").replace("1.+", "1.0.0");
    sandbox.write("work/build.gradle", &build);
    let second = run("fetch");
    let _ = sandbox.run("gradle", &["--stop"]);
    let _ = (helped.succeeded(), first.succeeded(), second.succeeded());
    assert_eq!(asked, 0);
    assert_mints(&emulator, 2);
}

#[test]
fn the_build_scripts_own_dependencies() {
    let Some((sandbox, emulator)) = with_gradle() else {
        return;
    };
    let setup = ["setup", "gradle", "--no-test"];
    let _ = sandbox.run("codeartifact", &setup).succeeded();
    let text = format!(
        "buildscript {{ repositories {{ maven {{ url '{}' }} }}\n\
         dependencies {{ classpath 'com.example:my-artifact:1.0.0' }} }}\n",
        url("maven")
    );
    sandbox.write("work/build.gradle", &text);
    let _ = gradle(&sandbox, &["-q", "help"]).succeeded();
    assert_mints(&emulator, 1);
}

/// Where a plugin is looked for, before any build script: the repository is asked with the token, and has no such plugin.
#[test]
fn the_repositories_of_plugins() {
    let Some((sandbox, emulator)) = with_gradle() else {
        return;
    };
    let setup = ["setup", "gradle", "--no-test"];
    let _ = sandbox.run("codeartifact", &setup).succeeded();
    let settings = format!(
        "pluginManagement {{ repositories {{ maven {{ url '{}' }} }} }}\n",
        url("maven")
    );
    sandbox.write("work/settings.gradle", &settings);
    let plugin = "plugins { id 'com.example.my-plugin' version '1.0.0' }\n";
    sandbox.write("work/build.gradle", plugin);
    let failed = gradle(&sandbox, &["-q", "help"]).failed();
    let _ = failed.says(&["com.example.my-plugin"]);
    let journal = emulator.journal();
    let mut asked = journal.of("maven").into_iter();
    assert!(
        asked.any(|it| it.status == Some(404) && it.authorization.is_some()),
        "{journal:#?}"
    );
    assert_eq!(journal.mints(), 1);
}

/// Set up, with a build whose repository has this login.
fn with_login(login: &str) -> Option<(Sandbox, Emulator)> {
    let (sandbox, emulator) = with_gradle()?;
    let setup = ["setup", "gradle", "--no-test"];
    let _ = sandbox.run("codeartifact", &setup).succeeded();
    write_build(&sandbox, login);
    Some((sandbox, emulator))
}

/// As AWS's guide has it, in a shell that has no token: the password is null.
#[test]
fn a_build_that_follows_the_guide_of_aws_gets_a_token() {
    let login = "credentials { username 'aws'; password System.env.CODEARTIFACT_AUTH_TOKEN }";
    let Some((sandbox, emulator)) = with_login(login) else {
        return;
    };
    let _ = gradle(&sandbox, &["-q", "fetch"]).succeeded();
    assert_eq!(emulator.journal().mints(), 1);
}

/// A login of the build's own stays.
#[test]
fn a_repository_with_a_login_is_left_alone() {
    let login = "credentials { username = 'aws'; password = 'old' }";
    let Some((sandbox, emulator)) = with_login(login) else {
        return;
    };
    let failed = gradle(&sandbox, &["-q", "fetch"]).failed();
    let _ = failed.says(&["401"]);
    assert_eq!(emulator.journal().mints(), 0);
}
