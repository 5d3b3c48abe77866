//! Maven 3.8, 3.9 and 4, with the extension that `setup maven` installs or `exec` gives.

mod extension;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use codeartifact_end_to_end::{Outcome, kept};

use super::*;

/// By their folders in tests/.clients; the machine's own is Debian's 3.8.7.
const MACHINE: &str = "/usr/share/maven/bin/mvn";
const PINNED: [&str; 2] = ["maven-3.9", "maven-4"];
/// What Maven needs of Maven Central for these projects, fetched before; no test reaches it.
const PLUGINS: &str = "maven-plugins";
const BUILD: &str = include_str!("../../../clients/maven.xml");
const JAVA: &str = "JAVA_TOOL_OPTIONS";

fn clients(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../.clients")
        .join(name)
}

/// A Maven, and a developer's machine with it.
struct Machine {
    // Dropped first: its journal is in the sandbox.
    emulator: Emulator,
    sandbox: Sandbox,
    version: String,
}

/// One for each Maven that is here.
fn machines() -> Vec<Machine> {
    let pinned = PINNED.map(|name| clients(name).join("bin/mvn"));
    let programs = [PathBuf::from(MACHINE)].into_iter().chain(pinned);
    let (there, missing): (Vec<_>, Vec<_>) = programs.partition(|it| it.exists());
    for program in missing {
        eprintln!("skipped: there is no {}", program.display());
    }
    there.iter().map(|program| Machine::with(program)).collect()
}

impl Machine {
    fn with(program: &Path) -> Self {
        let (mut sandbox, mut emulator) = developer("maven");
        // Maven Central, which every Maven asks beside the repositories of a project.
        emulator.expect_other_hosts();
        sandbox.write_program(
            "bin/mvn",
            &format!(
                "#!/bin/sh\nexec {} \"$@\"\n",
                program.canonicalize().unwrap().display()
            ),
        );
        // Java's home is the one of the user database, whatever HOME says.
        let home = sandbox.path("home").display().to_string();
        let options = sandbox.variables()[JAVA].clone();
        sandbox.set(
            JAVA,
            format!("{options} -Duser.home={home} -XX:TieredStopAtLevel=1"),
        );
        // Maven's script and its helpers: uname, dirname, cygpath and the like.
        let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
        sandbox.set("PATH", path);
        let local = sandbox.path("repository");
        let copied = Command::new("cp")
            .arg("-al")
            .arg(clients(PLUGINS).join("repository"))
            .arg(&local)
            .status();
        assert!(copied.unwrap().success());
        let version = program.display().to_string();
        Self {
            sandbox,
            emulator,
            version,
        }
    }

    fn mvn(&self, arguments: &[&str]) -> Outcome {
        let local = format!(
            "-Dmaven.repo.local={}",
            self.sandbox.path("repository").display()
        );
        self.sandbox
            .run("mvn", &[&["-B", "-ntp", &*local], arguments].concat())
    }

    fn setup(&self) {
        let setup = ["setup", "maven", "--no-test"];
        let _ = self.sandbox.run("codeartifact", &setup).succeeded();
    }

    /// Forgets what was fetched of ours, and what Maven 4 keeps of a project beside it.
    fn forget_packages(&self) {
        for folder in ["repository/com/example", "work/target"] {
            let _ = fs::remove_dir_all(self.sandbox.path(folder));
        }
    }

    fn write_project(&self, inside: &str) {
        let url = url("maven");
        self.sandbox.write(
            "work/pom.xml",
            &format!(
                "<project><modelVersion>4.0.0</modelVersion>\n<groupId>com.example</groupId>\
                 <artifactId>my-application</artifactId><version>1.0.0</version>\n{inside}\n{BUILD}\n\
                 <distributionManagement><repository><id>any</id><url>{url}</url></repository></distributionManagement>\n\
                 </project>\n"
            ),
        );
        self.sandbox.write("work/src/main/resources/a.txt", "a");
    }

    /// The same, by exec.
    fn exec(&self) -> Outcome {
        let local = format!(
            "-Dmaven.repo.local={}",
            self.sandbox.path("repository").display()
        );
        let command = ["exec", "--", "mvn", "-B", "-ntp", &local, "package"];
        self.sandbox.run("codeartifact", &command)
    }

    /// Loads the dependencies, and builds a jar.
    fn package(&self) -> Outcome {
        self.mvn(&["package"])
    }
}

fn repository() -> String {
    format!(
        "<repositories><repository><id>acme</id><url>{}</url></repository></repositories>",
        url("maven")
    )
}

fn dependency(artifact: &str, version: &str) -> String {
    format!(
        "<dependencies><dependency><groupId>com.example</groupId><artifactId>{artifact}</artifactId>\
         <version>{version}</version></dependency></dependencies>"
    )
}

/// A parent, a range, the local repository, and the remote one.
#[test]
fn install_and_deploy_after_setup() {
    for machine in machines() {
        let setup = ["setup", "maven", "acme"];
        let told = machine.sandbox.run("codeartifact", &setup).succeeded();
        let seen = "asks my-repo with our token";
        assert!(told.stdout.contains(seen), "{}: {told:?}", machine.version);
        let parent = "<parent><groupId>com.example</groupId><artifactId>my-parent</artifactId><version>1.0.0</version>\
            <relativePath/></parent>";
        let range = dependency("my-artifact", "[1.0,2.0)");
        machine.write_project(&(parent.to_owned() + &repository() + &range));
        let _ = machine.mvn(&["deploy"]).succeeded();
        let fetched = "repository/com/example/my-artifact/1.1.0/my-artifact-1.1.0.jar";
        assert!(
            machine.sandbox.path(fetched).exists(),
            "{}",
            machine.version
        );
        let journal = assert_mints(&machine.emulator, 1);
        let sent = journal.of("maven:publish");
        let stored = sent.iter().filter(|it| it.status == Some(200)).count();
        assert!(stored >= 6, "{}: {sent:#?}", machine.version);
        assert!(!machine.sandbox.path("home/.m2/settings.xml").exists());
    }
}

/// The mirror is as a company has it: what a project wants of elsewhere comes from the repository.
#[test]
fn a_snapshot_is_deployed_and_read_through_a_mirror() {
    for machine in machines() {
        machine.setup();
        machine.write_project("");
        let project = machine.sandbox.read("work/pom.xml");
        let snapshot = project.replace(
            "<version>1.0.0</version>",
            "<version>2.0.0-SNAPSHOT</version>",
        );
        machine.sandbox.write("work/pom.xml", &snapshot);
        let _ = machine.mvn(&["deploy"]).succeeded();
        machine.forget_packages();
        machine.sandbox.write(
            "home/.m2/settings.xml",
            &format!(
                "<settings><mirrors><mirror><id>all</id><mirrorOf>elsewhere</mirrorOf><url>{}</url></mirror></mirrors></settings>",
                url("maven")
            ),
        );
        let elsewhere = "<repositories><repository><id>elsewhere</id><url>https://repo.example.com/</url></repository></repositories>";
        let needs = dependency("my-application", "2.0.0-SNAPSHOT");
        machine.write_project(&(elsewhere.to_owned() + &needs));
        let project = machine.sandbox.read("work/pom.xml");
        let other = project.replacen("my-application", "my-other-application", 1);
        machine.sandbox.write("work/pom.xml", &other);
        let _ = machine.package().succeeded();
        assert_mints(&machine.emulator, 1);
    }
}

#[test]
fn exec_gives_the_extension_and_writes_nothing() {
    for machine in machines() {
        machine.write_project(&(repository() + &dependency("my-artifact", "1.0.0")));
        let _ = machine.exec().succeeded();
        assert_mints(&machine.emulator, 1);
        assert!(!machine.sandbox.path("home/.m2").exists());
    }
}
