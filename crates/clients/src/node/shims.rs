//! A directory of ours that stands first on PATH, with links named after clients: each leads to `codeartifact-npm`,
//! which refreshes the tokens and then becomes the client that it stands in for.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use codeartifact_auth::environment::{Environment, SHELL};
use codeartifact_auth::next_on_path;

use super::settings;
use super::user::UserNpmrc;
use crate::error::{UsageError, UserError};
use crate::link;
use crate::plan::Plan;
use crate::setup::Setup;

/// The setup of a client that shims alone serve: its registries go into the user's `.npmrc`.
///
/// # Errors
/// As [`plan`]; or it is not clear which packages are meant.
pub(crate) fn write(
    client: &str,
    commands: &[&str],
    plan: &mut Plan,
    setup: &Setup<'_>,
) -> anyhow::Result<()> {
    let environment = setup.here.environment;
    let repository = settings::named(setup)?;
    let npmrc = UserNpmrc::of(&setup.here.directory, environment)?.path;
    self::plan(plan, commands, environment)?;
    if let Some(repository) = &repository {
        let lines = settings::registry_settings(setup.options, repository);
        if lines.is_empty() {
            // A default registry decides where every package of every project comes from: it is never set unasked.
            return Err(UsageError::new(
                "say which packages come from there: --scope @my-scope, or --default for all that have no scope of their own",
            )
            .into());
        }
        let mark = settings::mark(client, Some(repository));
        settings::plan_settings(plan, &npmrc, &mark, &lines)?;
    }
    remark(plan, commands, environment)
}

/// The counterpart of [`write`].
///
/// # Errors
/// As [`plan_removal`]; or the `.npmrc` cannot be changed.
pub(crate) fn undo(
    client: &str,
    commands: &[&str],
    plan: &mut Plan,
    setup: &Setup<'_>,
) -> anyhow::Result<()> {
    let environment = setup.here.environment;
    let repository = settings::named(setup)?;
    let npmrc = UserNpmrc::of(&setup.here.directory, environment)?.path;
    if repository.is_none() {
        plan_removal(plan, commands, environment)?;
    }
    settings::plan_removal(plan, &npmrc, &settings::mark(client, repository.as_ref()))
}

/// A link for each of `commands` that is installed.
///
/// # Errors
/// None is, or we are not.
pub(crate) fn plan(
    plan: &mut Plan,
    commands: &[&str],
    environment: &Environment,
) -> anyhow::Result<()> {
    let directory = directory(environment)?;
    let program = link::program(link::NPM, environment)?;
    let installed = installed(commands, environment);
    if installed.is_empty() {
        let commands = commands.join(", ");
        return Err(UserError::new(format!("none of {commands} is on PATH")).into());
    }
    for command in installed {
        plan.lead(path_of(&directory, command), program.clone());
    }
    Ok(())
}

/// # Errors
/// There is no place where they could be.
pub(crate) fn plan_removal(
    plan: &mut Plan,
    commands: &[&str],
    environment: &Environment,
) -> anyhow::Result<()> {
    let directory = directory(environment)?;
    let links = commands.iter().map(|command| path_of(&directory, command));
    for link in links.filter(|link| link.symlink_metadata().is_ok()) {
        plan.unlink(link);
    }
    Ok(())
}

/// Remarks what is left for the user to do: nothing, if the shell finds ours first.
///
/// # Errors
/// There is no place where they could be.
pub(crate) fn remark(
    plan: &mut Plan,
    commands: &[&str],
    environment: &Environment,
) -> anyhow::Result<()> {
    let directory = directory(environment)?;
    if !are_found(commands, environment) {
        let commands = installed(commands, environment);
        plan.remark(&format!(
            "{} are not found through these links yet; put this line into your shell's profile:\n  {}",
            commands.join(", "),
            profile_line(&directory, environment)
        ));
    }
    Ok(())
}

/// Tells if the shell finds the shims before the clients.
pub(crate) fn are_found(commands: &[&str], environment: &Environment) -> bool {
    let directory = directory(environment).ok();
    let is_ours = |command: &&str| {
        let found = next_on_path::find(OsStr::new(command), environment);
        found.is_some_and(|found| found.parent() == directory.as_deref())
    };
    installed(commands, environment).iter().all(is_ours)
}

fn profile_line(directory: &Path, environment: &Environment) -> String {
    let directory = directory.display();
    let shell = environment.text(SHELL).unwrap_or_default();
    if shell.ends_with("fish") {
        format!("fish_add_path --prepend --move \"{directory}\"")
    } else {
        format!("export PATH=\"{directory}:$PATH\"")
    }
}

fn directory(environment: &Environment) -> anyhow::Result<PathBuf> {
    let data = environment.data_directory();
    let data = data.context("there is no home directory to put the links into")?;
    Ok(data.join("shims"))
}

fn path_of(directory: &Path, command: &str) -> PathBuf {
    directory.join(format!("{command}{}", std::env::consts::EXE_SUFFIX))
}

fn installed<'a>(commands: &[&'a str], environment: &Environment) -> Vec<&'a str> {
    let is_there = |command: &&str| next_on_path::find(OsStr::new(command), environment).is_some();
    commands.iter().copied().filter(is_there).collect()
}
