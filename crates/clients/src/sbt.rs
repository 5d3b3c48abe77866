//! sbt: `setup` writes one file of settings twice, for builds and for the builds that build them, where plugins come from.
//! It asks for a token by a command. sbt reads neither coursier's variable nor its file, though it resolves with coursier.
//! coursier itself takes a login from a variable alone: `exec` sets that.
//!
//! Sources: sbt's reference, "Global Settings", "Publishing" (credentials); coursier's documentation, "Credentials".
//! Tried with sbt 1.11.7 and coursier 2.1.24.

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
use crate::variables::{USER, Variables};
use crate::{Client, Help};

const SETTINGS: &str = include_str!("sbt/codeartifact.sbt");
/// It prints a token for a URL.
const PROGRAM: &str = "codeartifact";
/// A file with one login.
const SBT_CREDENTIALS: &str = "SBT_CREDENTIALS";
/// Logins, or a file with them.
const COURSIER_CREDENTIALS: &str = "COURSIER_CREDENTIALS";

const CHECK: &str = "client_sbt";

const NOTES: &str = "\
Example:
  codeartifact setup sbt
  sbt update

It is once for all builds. Resolvers stay where a build names them, without credentials. coursier on its own runs by
`codeartifact exec`.";

/// sbt's room.
pub(crate) struct Sbt;

impl Sbt {
    const NAME: &str = "sbt";
}

impl Client for Sbt {
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
            about: "sbt: settings that ask for a login of each CodeArtifact resolver",
            notes: NOTES,
            options: &[],
        }
    }

    fn settings(&self, here: &Here<'_>) -> anyhow::Result<Vec<Setting>> {
        let directories = here.directories().into_iter();
        let files = directories.flat_map(|folder| {
            ["build.sbt", "project/plugins.sbt", "project/build.sbt"].map(|name| folder.join(name))
        });
        Ok(named::in_files(files, here))
    }

    fn write(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        let environment = setup.here.environment;
        let program = link::program(PROGRAM, environment)?;
        let hosts = setup.here.hosts().keys();
        let text = settings(&program, hosts.map(String::as_str))?;
        for file in files(environment)? {
            plan.put(&file, Some(&text))?;
        }
        if setup.options.name.is_some() || setup.options.url.is_some() {
            let repository = setup.repository(Format::Maven)?;
            let (name, url) = (&repository.name, repository.endpoint.client_url());
            plan.remark(&format!(
                "name the repository in build.sbt: resolvers += \"{name}\" at \"{url}\""
            ));
        }
        Ok(())
    }

    fn undo(&self, plan: &mut Plan, setup: &Setup<'_>) -> anyhow::Result<()> {
        for file in files(setup.here.environment)? {
            plan.put(&file, None)?;
        }
        Ok(())
    }

    fn needs_repository(&self) -> bool {
        false
    }

    /// Files in memory, whose logins are bound to the host.
    fn variables(&self, variables: &mut Variables<'_>) {
        if let Some(endpoint) = variables.endpoint(Format::Maven) {
            let host = endpoint.host();
            variables.log_in_by_file(SBT_CREDENTIALS, "sbt", endpoint, |token| {
                format!("realm=\nhost={host}\nuser={USER}\npassword={token}\n")
            });
            variables.log_in_by_file(COURSIER_CREDENTIALS, "coursier", endpoint, |token| {
                format!(
                    "codeartifact.host={host}\ncodeartifact.username={USER}\ncodeartifact.password={token}\n\
                     codeartifact.auto=true\ncodeartifact.https-only=true\n"
                )
            });
        }
    }

    fn leftovers(&self) -> &Leftovers {
        &Leftovers {
            sends: "sbt sends it as well",
            project: &["build.sbt", "project/plugins.sbt"],
            user: |here| {
                let home = here.environment.home();
                let names = [
                    ".sbt/.credentials",
                    ".ivy2/.credentials",
                    ".sbt/1.0/credentials.sbt",
                ];
                home.map(|home| names.map(|name| home.join(name)).to_vec())
                    .unwrap_or_default()
            },
            ..Leftovers::NONE
        }
    }

    /// sbt takes a minute to start where it has never been: no trial is made.
    fn findings(&self, here: &Here<'_>) -> Vec<Finding> {
        let is_used = self
            .settings(here)
            .is_ok_and(|settings| !settings.is_empty());
        if !is_used {
            return Vec::new();
        }
        let are_there =
            files(here.environment).is_ok_and(|files| files.iter().all(|it| it.is_file()));
        let finding = if are_there {
            Finding::ok(
                CHECK,
                Self::NAME,
                format!("asks {PROGRAM}, by its settings"),
            )
        } else {
            let text = "sends no token of ours: there are no settings of ours".to_owned();
            Finding::failed(CHECK, Self::NAME, text, Exit::Configuration)
                .hint("codeartifact setup sbt")
        };
        vec![finding]
    }
}

/// For builds, and for the builds of builds.
fn files(environment: &Environment) -> anyhow::Result<[PathBuf; 2]> {
    let home = environment.home();
    let home = home.ok_or_else(|| UserError::new("sbt: there is no home directory"))?;
    Ok(["", "plugins/"].map(|folder| home.join(format!(".sbt/1.0/{folder}codeartifact.sbt"))))
}

/// Neither a path nor a host may end the text that it is put in.
fn settings<'a>(program: &Path, hosts: impl Iterator<Item = &'a str>) -> anyhow::Result<String> {
    let program = program.display().to_string().replace('\\', "\\\\");
    if program.contains(['"', '\n']) {
        return Err(UserError::new(format!("sbt: its settings cannot name {program}")).into());
    }
    let hosts: String = hosts
        .map(|host| format!("|{}", host.replace('.', "\\.")))
        .collect();
    Ok(SETTINGS
        .replace("@PROGRAM@", &program)
        .replace("@HOSTS@", &hosts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_name_the_program_and_the_mapped_hosts() {
        let hosts = ["packages.example.com"];
        let text = settings(Path::new("/opt/codeartifact"), hosts.into_iter()).unwrap();
        assert!(text.contains("Seq(\"/opt/codeartifact\", \"token\", url)"));
        assert!(text.contains("|packages\\.example\\.com)/.*"));
        assert!(settings(Path::new("/o\"pt"), [].into_iter()).is_err());
    }
}
