//! Gradle: `setup` writes one script to the folder of those that every build runs first. It gives each repository of ours
//! its login by the URL, when it is used. No variable can do the same, so `exec` relies on it.
//!
//! Sources: Gradle's user manual, "Initialization Scripts", "Configuration cache"; tried with Gradle 4.4.1, the one that
//! Debian has. What is for newer versions is written from the manual, and the script says so.

use std::path::{Path, PathBuf};

use codeartifact_auth::environment::Environment;

use crate::error::UserError;
use crate::jvm::Jvm;
use crate::leftover::Leftovers;

const SCRIPT: &str = include_str!("gradle/codeartifact.gradle");
/// The folder of the user's files, instead of `~/.gradle`.
const GRADLE_USER_HOME: &str = "GRADLE_USER_HOME";

const NOTES: &str = "\
Example:
  codeartifact setup gradle
  gradle build

It is once for all builds, the wrapper's too. Repositories stay where the build names them, without credentials. A mapped
host that is added to the configuration later needs a second setup.";

/// Gradle's room.
pub(crate) const GRADLE: Jvm = Jvm {
    name: "gradle",
    check: "client_gradle",
    about: "Gradle: an init script that gives each CodeArtifact repository its login",
    notes: NOTES,
    files: &[
        "build.gradle",
        "settings.gradle",
        "build.gradle.kts",
        "settings.gradle.kts",
    ],
    scripts,
    script,
    advice: |_, url| {
        format!("name the repository in the build: repositories {{ maven {{ url '{url}' }} }}")
    },
    asks: "asks codeartifact, by an init script",
    lacks: "there is no init script of ours",
    variables: |_| {},
    leftovers: Leftovers {
        sends: "Gradle sends it, and no other",
        project: &[
            "build.gradle",
            "settings.gradle",
            "build.gradle.kts",
            "settings.gradle.kts",
            "gradle.properties",
        ],
        user: |here| {
            let home = home(here.environment).into_iter();
            home.map(|home| home.join("gradle.properties")).collect()
        },
        ..Leftovers::NONE
    },
};

fn home(environment: &Environment) -> Option<PathBuf> {
    let named = environment.variable(GRADLE_USER_HOME).map(PathBuf::from);
    named.or_else(|| Some(environment.home()?.join(".gradle")))
}

fn scripts(environment: &Environment) -> anyhow::Result<Vec<PathBuf>> {
    let home = home(environment);
    let home = home.ok_or_else(|| UserError::new("gradle: there is no home directory"))?;
    Ok(vec![home.join("init.d/codeartifact.gradle")])
}

fn script(program: &Path, hosts: &[&str]) -> anyhow::Result<String> {
    let program = program.display().to_string().replace('\\', "\\\\");
    if program.contains(['\'', '\n']) {
        return Err(UserError::new(format!("gradle: a script cannot name {program}")).into());
    }
    let hosts: Vec<_> = hosts.iter().map(|host| format!("'{host}'")).collect();
    Ok(SCRIPT
        .replace("@PROGRAM@", &program)
        .replace("@HOSTS@", &hosts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_names_the_program_and_the_mapped_hosts() {
        let hosts = ["packages.example.com", "localhost:8443"];
        let text = script(Path::new("/opt/codeartifact"), &hosts).unwrap();
        assert!(text.contains("def program = '/opt/codeartifact'\n"));
        assert!(text.contains("def mapped = ['packages.example.com', 'localhost:8443']\n"));
        assert!(!text.contains('@'), "all places are filled");
        assert!(script(Path::new("/o'pt/x"), &[]).is_err());
    }
}
