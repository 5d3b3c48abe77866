//! sbt: `setup` writes one file of settings twice, for builds and for the builds that build them, where plugins come from.
//! It asks for a token by a command. sbt reads neither coursier's variable nor its file, though it resolves with coursier.
//! coursier itself takes a login from a variable alone: `exec` sets that.
//!
//! Sources: sbt's reference, "Global Settings", "Publishing" (credentials); coursier's documentation, "Credentials".
//! Tried with sbt 1.11.7 and coursier 2.1.24.

use std::path::{Path, PathBuf};

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;

use crate::error::UserError;
use crate::jvm::Jvm;
use crate::leftover::Leftovers;
use crate::variables::{USER, Variables};

const SETTINGS: &str = include_str!("sbt/codeartifact.sbt");
/// A file with one login.
const SBT_CREDENTIALS: &str = "SBT_CREDENTIALS";
/// Logins, or a file with them.
const COURSIER_CREDENTIALS: &str = "COURSIER_CREDENTIALS";

const NOTES: &str = "\
Example:
  codeartifact setup sbt
  sbt update

It is once for all builds. Resolvers stay where a build names them, without credentials. coursier on its own runs by
`codeartifact exec`.";

/// sbt's room.
pub(crate) const SBT: Jvm = Jvm {
    name: "sbt",
    check: "client_sbt",
    about: "sbt: settings that ask for a login of each CodeArtifact resolver",
    notes: NOTES,
    files: &["build.sbt", "project/plugins.sbt", "project/build.sbt"],
    scripts,
    script,
    advice: |name, url| {
        format!("name the repository in build.sbt: resolvers += \"{name}\" at \"{url}\"")
    },
    asks: "asks codeartifact, by its settings",
    lacks: "there are no settings of ours",
    variables,
    leftovers: Leftovers {
        sends: "sbt sends it as well",
        project: &["build.sbt", "project/plugins.sbt"],
        user: |here| {
            let names = [
                ".sbt/.credentials",
                ".ivy2/.credentials",
                ".sbt/1.0/credentials.sbt",
            ];
            let home = here.environment.home();
            home.map(|home| names.map(|name| home.join(name)).to_vec())
                .unwrap_or_default()
        },
        ..Leftovers::NONE
    },
};

/// Offers files in memory, whose logins are bound to the host.
fn variables(variables: &mut Variables<'_>) {
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

/// For builds, and for the builds of builds.
fn scripts(environment: &Environment) -> anyhow::Result<Vec<PathBuf>> {
    let home = environment.home();
    let home = home.ok_or_else(|| UserError::new("sbt: there is no home directory"))?;
    let folders = ["", "plugins/"];
    let file = |folder| home.join(format!(".sbt/1.0/{folder}codeartifact.sbt"));
    Ok(folders.map(file).to_vec())
}

fn script(program: &Path, hosts: &[&str]) -> anyhow::Result<String> {
    let program = program.display().to_string().replace('\\', "\\\\");
    if program.contains(['"', '\n']) {
        return Err(UserError::new(format!("sbt: its settings cannot name {program}")).into());
    }
    let hosts: String = hosts
        .iter()
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
        let text = script(Path::new("/opt/codeartifact"), &hosts).unwrap();
        assert!(text.contains("Seq(\"/opt/codeartifact\", \"token\", url)"));
        assert!(text.contains("|packages\\.example\\.com)/.*"));
        assert!(script(Path::new("/o\"pt"), &[]).is_err());
    }
}
