//! sbt 1.11.7 with the settings that `setup sbt` writes, and by `exec`; coursier 2.1.24 by `exec`. The rest of sbt was fetched
//! before: no test reaches Maven Central.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use codeartifact_end_to_end::Outcome;

use super::*;

const BUILD: &str = include_str!("../../../clients/build.sbt");

fn client(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../.clients")
        .join(name);
    if folder.join(".stamp").exists() {
        return Some(folder.canonicalize().unwrap());
    }
    eprintln!("skipped: {name} was not fetched, for there is no mvn");
    None
}

/// A developer with Java.
fn with_java() -> (Sandbox, Emulator) {
    let (mut sandbox, mut emulator) = developer("maven");
    // coursier asks Maven Central first.
    emulator.expect_other_hosts();
    let home = sandbox.path("home").display().to_string();
    let options = sandbox.variables()["JAVA_TOOL_OPTIONS"].clone();
    let options = format!("{options} -Duser.home={home} -XX:TieredStopAtLevel=1");
    sandbox.set("JAVA_TOOL_OPTIONS", options);
    sandbox.link("java", Path::new("/usr/bin/java"));
    (sandbox, emulator)
}

/// sbt, its own files, and a build that needs the private artifact.
fn with_sbt() -> Option<(Sandbox, Emulator, Vec<String>)> {
    let folder = client("sbt")?;
    let (mut sandbox, emulator) = with_java();
    for part in ["boot", "coursier"] {
        let mut copy = Command::new("cp");
        copy.arg("-al")
            .args([folder.join(part), sandbox.path(part)]);
        assert!(copy.status().unwrap().success());
    }
    sandbox.set(
        "COURSIER_CACHE",
        sandbox.path("coursier").display().to_string(),
    );
    sandbox.write("work/project/build.properties", "sbt.version=1.11.7\n");
    let url = url("maven");
    sandbox.write(
        "work/build.sbt",
        &format!(
            "{BUILD}resolvers += \"acme\" at \"{url}\"\nlibraryDependencies += \"com.example\" % \"my-artifact\" % \"1.0.0\"\n"
        ),
    );
    let boot = format!("-Dsbt.boot.directory={}", sandbox.path("boot").display());
    let launcher = folder.join("sbt-launch.jar").display().to_string();
    let words = [
        "java",
        &boot,
        "-Dsbt.server.autostart=false",
        "-Dsbt.supershell=false",
        "-jar",
        &launcher,
        "update",
    ];
    let words = words.map(str::to_owned).to_vec();
    Some((sandbox, emulator, words))
}

fn run(sandbox: &Sandbox, words: &[String]) -> Outcome {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    sandbox.run(words[0], &words[1..])
}

#[test]
fn update_after_setup() {
    let Some((sandbox, emulator, words)) = with_sbt() else {
        return;
    };
    let _ = sandbox
        .run("codeartifact", &["setup", "sbt", "acme"])
        .succeeded();
    let _ = run(&sandbox, &words).succeeded();
    assert_mints(&emulator, 1);
    for file in [
        "home/.sbt/1.0/codeartifact.sbt",
        "home/.sbt/1.0/plugins/codeartifact.sbt",
    ] {
        assert!(
            !sandbox.read(file).contains(&token(&sandbox, "maven")),
            "{file}"
        );
    }
    let _ = sandbox
        .run("codeartifact", &["setup", "sbt", "--undo"])
        .succeeded();
    assert!(!sandbox.path("home/.sbt/1.0/codeartifact.sbt").exists());
}

/// What the build itself needs is resolved before any of its settings are read.
#[test]
fn what_the_build_needs_itself() {
    let Some((sandbox, emulator, words)) = with_sbt() else {
        return;
    };
    let setup = ["setup", "sbt", "--no-test"];
    let _ = sandbox.run("codeartifact", &setup).succeeded();
    let needs = sandbox.read("work/build.sbt").replace(BUILD, "");
    sandbox.write("work/project/plugins.sbt", &needs);
    sandbox.write("work/build.sbt", BUILD);
    let _ = run(&sandbox, &words).succeeded();
    let journal = assert_mints(&emulator, 1);
    assert!(!journal.of("maven:file").is_empty(), "{journal:#?}");
}

#[test]
fn publish_after_setup() {
    let Some((sandbox, emulator, mut words)) = with_sbt() else {
        return;
    };
    let setup = ["setup", "sbt", "--no-test"];
    let _ = sandbox.run("codeartifact", &setup).succeeded();
    let build = sandbox.read("work/build.sbt").replace(
        "libraryDependencies",
        "organization := \"com.example\"\npublishMavenStyle := true\nCompile / packageDoc / publishArtifact := false\n\
         publishTo := Some(\"acme\" at \"URL\")\nlibraryDependencies",
    );
    let build = build.replace("URL", &url("maven"));
    sandbox.write("work/build.sbt", &build);
    *words.last_mut().unwrap() = "publish".to_owned();
    let _ = run(&sandbox, &words).succeeded();
    let journal = assert_mints(&emulator, 1);
    let sent = journal.of("maven:publish");
    assert!(sent.iter().any(|it| it.status == Some(200)), "{journal:#?}");
}

#[test]
fn update_by_exec() {
    let Some((sandbox, emulator, words)) = with_sbt() else {
        return;
    };
    let command = [vec!["exec".to_owned(), "--".to_owned()], words].concat();
    let command: Vec<_> = command.iter().map(String::as_str).collect();
    let _ = sandbox.run("codeartifact", &command).succeeded();
    assert_mints(&emulator, 1);
}

#[test]
fn coursier_by_exec() {
    let Some(folder) = client("coursier") else {
        return;
    };
    let (mut sandbox, emulator) = with_java();
    sandbox.set(
        "COURSIER_CACHE",
        sandbox.path("coursier").display().to_string(),
    );
    let classes = fs::read_to_string(folder.join("class-path")).unwrap();
    let url = url("maven");
    let command = [
        "exec",
        "--",
        "java",
        "-cp",
        classes.trim_end(),
        "coursier.cli.Coursier",
        "fetch",
        "--no-default",
        "-r",
        &url,
        "com.example:my-artifact:1.0.0",
    ];
    let fetched = sandbox.run("codeartifact", &command).succeeded();
    assert!(
        fetched.stdout.contains("my-artifact-1.0.0.jar"),
        "{fetched:?}"
    );
    assert_mints(&emulator, 1);
}
