//! The variables by which a Yarn sends tokens although its project says nothing of them. Yarn from 2 on gets our plugin:
//! it asks us for the header of each registry, and the token is in no variable. The plugin's text names no secret and is
//! kept with our other files. Yarn 1 reads tokens from `.npmrc`, and has to be told to send them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::user_file::{Privacy, UserFile};

pub(crate) use super::registries::PLUGIN_IN_PROJECT as IN_PROJECT;
use super::registries::{CommandLine, Search};
use crate::setting::Origin;

/// The plugin by which Yarn 2 and later ask for headers.
pub(crate) const TEXT: &str = include_str!("../yarn/plugin.cjs");
/// The file that Yarn 1 does not read.
const YARNRC: &str = ".yarnrc.yml";

/// The program that it starts, as the text has it.
const PROGRAM: &str = "\"codeartifact-npm\"";
const PLUGINS: &str = "YARN_PLUGINS";
const ALWAYS_AUTH: &str = "YARN_NPM_ALWAYS_AUTH";
/// Without it Yarn 1 asks for packages that have no scope anonymously (tried with 1.22.22). Yarn 4 refuses every command
/// while there is a `YARN_ALWAYS_AUTH`, and passes over this one.
const ALWAYS_AUTH_OF_ONE: &str = "npm_config_always_auth";

/// The variables for any Yarn in the command.
///
/// # Errors
/// There is no place for the plugin.
pub fn variables(
    command: &CommandLine,
    search: &Search,
    program: &Path,
    environment: &Environment,
) -> Result<Vec<(&'static str, String)>> {
    let is_free = environment.in_any_case(ALWAYS_AUTH_OF_ONE).is_none();
    // npm 11 warns of it, so another program gets it only where it is for Yarn 1.
    let may_be_one = command.kind.is_some() || search.has_lock_of_yarn_one();
    let is_needed = is_free && may_be_one && names_default(search);
    let of_one = is_needed.then(|| (ALWAYS_AUTH_OF_ONE, "true".to_owned()));
    let of_others = plugin(search, program, environment)?;
    Ok(of_one.into_iter().chain(of_others).collect())
}

/// Tells if a default registry in a file or variable that Yarn 1 reads is ours.
fn names_default(search: &Search) -> bool {
    let is_read = |origin: &Origin| match origin {
        Origin::File(file, line) => line.is_some() && !file.ends_with(YARNRC),
        Origin::Variable(_) | Origin::Option(_) => true,
    };
    let mut found = search.found.iter();
    found.any(|it| it.name.is_none() && is_read(&it.origin))
}

/// Those that make Yarn ask `program`; none where it would not ask one of our registries, or does so already.
fn plugin(
    search: &Search,
    program: &Path,
    environment: &Environment,
) -> Result<Vec<(&'static str, String)>> {
    let Some(yarn) = search.yarn().filter(|yarn| !yarn.has_plugin) else {
        return Ok(Vec::new());
    };
    let plugin = write(program, environment)?.display().to_string();
    let others = environment.text(PLUGINS);
    let plugins = others.map_or(plugin.clone(), |others| format!("{others};{plugin}"));
    let always = yarn.needs_always_auth && environment.variable(ALWAYS_AUTH).is_none();
    let always = always.then(|| (ALWAYS_AUTH, "true".to_owned()));
    Ok([(PLUGINS, plugins)].into_iter().chain(always).collect())
}

/// Beside our other files, or, where the home directory is read-only, in the session's own.
fn write(program: &Path, environment: &Environment) -> Result<PathBuf> {
    let session = environment.runtime_directory();
    let folders = [
        environment.data_directory(),
        session.map(|it| it.join("codeartifact")),
    ];
    let mut written = folders
        .into_iter()
        .flatten()
        .map(|it| write_into(&it, program));
    let first = written
        .next()
        .context("there is no home directory to put Yarn's plugin into")?;
    first.or_else(|error| written.next().unwrap_or(Err(error)))
}

fn write_into(folder: &Path, program: &Path) -> Result<PathBuf> {
    let path = folder.join("yarn-plugin.cjs");
    let program = serde_json::Value::from(program.display().to_string());
    let text = TEXT.replacen(PROGRAM, &program.to_string(), 1);
    let cannot = || {
        format!(
            "cannot write {}, by which Yarn asks for tokens",
            path.display()
        )
    };
    let file = UserFile::at(&path).with_context(cannot)?;
    if file.read().with_context(cannot)?.as_deref() != Some(text.as_bytes()) {
        file.replace(text.as_bytes(), Privacy::OwnerOnly)
            .with_context(cannot)?;
    }
    Ok(path)
}
