//! Gradle: `setup` writes one script to the folder of those that every build runs first. It gives each repository of ours
//! its login by the URL, when it is used. No variable can do the same, so `exec` relies on it.
//!
//! Sources: Gradle's user manual, "Initialization Scripts", "Configuration cache"; tried with Gradle 4.4.1, the one that
//! Debian has. What is for newer versions is written from the manual, and the script says so.

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;

use crate::error::UserError;
use crate::finding::Finding;
use crate::here::Here;
use crate::leftover::Leftovers;
use crate::link;
use crate::named;
use crate::plan::Plan;
use crate::setting::Setting;
use crate::setup::Setup;
use crate::{Client, Help};

const SCRIPT: &str = include_str!("gradle/codeartifact.gradle");
/// The folder of the user's files, instead of `~/.gradle`.
const GRADLE_USER_HOME: &str = "GRADLE_USER_HOME";
/// It prints a token for a URL.
const PROGRAM: &str = "codeartifact";
/// Files of a project that name repositories.
const FILES: [&str; 4] = [
    "build.gradle",
    "settings.gradle",
    "build.gradle.kts",
    "settings.gradle.kts",
];

const CHECK: &str = "client_gradle";

const NOTES: &str = "\
Example:
  codeartifact setup gradle
  gradle build

It is once for all builds, the wrapper's too. Repositories stay where the build names them, without credentials. A mapped
host that is added to the configuration later needs a second setup.";

/// Gradle's room.
pub(crate) struct Gradle;

impl Gradle {
    const NAME: &str = "gradle";
}

impl Client for Gradle {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn check(&self) -> &'static str {
        CHECK
    }

    fn format(&self) -> Format {
        Format::Maven
    }

    fn help(&self) -> Help {
        Help {
            about: "Gradle: an init script that gives each CodeArtifact repository its login",
            notes: NOTES,
            options: &[],
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        let directories = here.directories().into_iter();
        let files = directories.flat_map(|folder| FILES.map(|name| folder.join(name)));
        Ok(named::in_files(files, here))
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let environment = setup.here.environment;
        let program = link::program(PROGRAM, environment)?;
        let hosts = setup.here.hosts().keys();
        let text = script(&program, hosts.map(String::as_str))?;
        plan.put(&file(environment)?, Some(&text))?;
        if setup.options.name.is_some() || setup.options.url.is_some() {
            let url = setup.repository(Format::Maven)?.endpoint.client_url();
            plan.remark(&format!(
                "name the repository in the build: repositories {{ maven {{ url '{url}' }} }}"
            ));
        }
        Ok(())
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        plan.put(&file(setup.here.environment)?, None)
    }

    fn needs_repository(&self) -> bool {
        false
    }

    fn leftovers(&self) -> &Leftovers {
        &Leftovers {
            sends: "Gradle sends it, and no other",
            project: &[
                "build.gradle",
                "settings.gradle",
                "build.gradle.kts",
                "settings.gradle.kts",
                "gradle.properties",
            ],
            user: |here| {
                let home = home(here.environment);
                home.map(|home| home.join("gradle.properties"))
                    .into_iter()
                    .collect()
            },
            ..Leftovers::NONE
        }
    }

    /// No trial is made: Gradle starts for longer than one lasts.
    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        let is_used = self
            .settings(here)
            .is_ok_and(|settings| !settings.is_empty());
        if !is_used {
            return Vec::new();
        }
        let is_there = file(here.environment).is_ok_and(|file| file.is_file());
        let finding = if is_there {
            Finding::ok(
                CHECK,
                Self::NAME,
                format!("asks {PROGRAM}, by an init script"),
            )
        } else {
            let text = "sends no token of ours: there is no init script of ours".to_owned();
            Finding::failed(CHECK, Self::NAME, text, Exit::Configuration)
                .hint("codeartifact setup gradle")
        };
        vec![finding]
    }
}

fn home(environment: &Environment) -> Option<PathBuf> {
    let named = environment.variable(GRADLE_USER_HOME).map(PathBuf::from);
    named.or_else(|| Some(environment.home()?.join(".gradle")))
}

fn file(environment: &Environment) -> anyhow::Result<PathBuf> {
    let home = home(environment);
    let home = home.ok_or_else(|| UserError::new("gradle: there is no home directory"))?;
    Ok(home.join("init.d/codeartifact.gradle"))
}

/// Neither a path nor a host may end the text that it is put in.
fn script<'a>(program: &Path, hosts: impl Iterator<Item = &'a str>) -> anyhow::Result<String> {
    let program = program.display().to_string().replace('\\', "\\\\");
    if program.contains(['\'', '\n']) {
        return Err(UserError::new(format!("gradle: a script cannot name {program}")).into());
    }
    let hosts: Vec<_> = hosts.map(|host| format!("'{host}'")).collect();
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
        let text = script(Path::new("/opt/codeartifact"), hosts.into_iter()).unwrap();
        assert!(text.contains("def program = '/opt/codeartifact'\n"));
        assert!(text.contains("def mapped = ['packages.example.com', 'localhost:8443']\n"));
        assert!(!text.contains('@'), "all places are filled");
        assert!(script(Path::new("/o'pt/x"), [].into_iter()).is_err());
    }
}
