//! The extension itself: what it is made of, where Maven finds it, and that it goes again.

use super::*;

#[test]
fn the_class_is_compiled_from_the_source_beside_it() {
    let jars = clients("maven-3.9/lib");
    let version = Command::new("javac").arg("-version").output();
    let version = version.map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
    if !jars.exists() || !version.is_ok_and(|it| it.starts_with("javac 17.")) {
        eprintln!("skipped: needs javac 17 and Maven 3.9; another compiler may write other bytes");
        return;
    }
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/clients/src/maven/jar");
    let folder = tempfile::tempdir().unwrap();
    let compiled = Command::new("javac")
        .args([
            "--release",
            "8",
            "-g:none",
            "-Xlint:all,-options,-processing",
            "-Werror",
            "-proc:none",
        ])
        .arg("-cp")
        .arg(jars.join("*"))
        .arg("-d")
        .arg(folder.path())
        .arg(sources.join("codeartifact/CodeArtifact.java"))
        .status();
    assert!(compiled.unwrap().success());
    let class = "codeartifact/CodeArtifact.class";
    let made = fs::read(folder.path().join(class)).unwrap();
    assert!(
        made == fs::read(sources.join(class)).unwrap(),
        "compile {class} anew, as this test does"
    );
}

/// Twice the same extension, and what the user has.
#[test]
fn exec_beside_an_installed_extension() {
    let Some(mut machine) = machines().into_iter().next_back() else {
        return;
    };
    machine.setup();
    machine.write_project(&(repository() + &dependency("my-artifact", "1.0.0")));
    machine.sandbox.set("MAVEN_OPTS", "-Dmy.option=1 -Xmx512m");
    let _ = machine.exec().succeeded();
    assert_mints(&machine.emulator, 1);
}

/// Maven 4 finds the extension without its script.
#[test]
fn the_properties_of_the_user_are_enough_for_maven_4() {
    for mut machine in machines() {
        if !machine.version.contains("maven-4") {
            continue;
        }
        machine.setup();
        machine.sandbox.set("MAVEN_SKIP_RC", "1");
        machine.write_project(&(repository() + &dependency("my-artifact", "1.0.0")));
        let _ = machine.package().succeeded();
        assert_mints(&machine.emulator, 1);
    }
}

#[test]
fn undo_gives_the_files_back() {
    let Some(machine) = machines().into_iter().next() else {
        return;
    };
    let (rc, properties) = ("home/.mavenrc", "home/.m2/maven-user.properties");
    machine.sandbox.write(rc, "MAVEN_OPTS=-Xmx1g");
    let settings = "a=b\nmaven.ext.class.path=/other.jar\n";
    machine.sandbox.write(properties, settings);
    let setup = ["setup", "maven", "--no-test"];
    let told = machine.sandbox.run("codeartifact", &setup).succeeded();
    assert!(told.stdout.contains("codeartifact.jar"), "{told:?}");
    assert!(machine.sandbox.read(properties).contains(":/other.jar"));
    let again = machine.sandbox.run("codeartifact", &setup).succeeded();
    assert!(again.stdout.contains("nothing to change"), "{again:?}");
    let undo = ["setup", "maven", "--undo"];
    let _ = machine.sandbox.run("codeartifact", &undo).succeeded();
    assert_eq!(machine.sandbox.read(rc), "MAVEN_OPTS=-Xmx1g");
    assert_eq!(machine.sandbox.read(properties), settings);
    assert!(!machine.sandbox.path("home/.m2/codeartifact.jar").exists());
}
