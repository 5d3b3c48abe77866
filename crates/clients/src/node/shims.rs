//! A directory of ours that stands first on PATH, with links named after clients: each leads to a helper, which gets the
//! tokens and then becomes the client that it stands in for.

mod profile;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use codeartifact_auth::environment::{Environment, PATH};
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
    self::plan(plan, link::NPM, commands, environment)?;
    remark_on_others(plan, client, commands, environment);
    if let Some(repository) = &repository {
        let lines = settings::registry_settings(setup.options, repository);
        if lines.is_empty() {
            // A default registry decides where every package of every project comes from: it is never set unasked.
            return Err(UsageError::new(
                "say which packages come from there: --scope @my-scope, or --default for all that have no scope of their own",
            )
            .into());
        }
        let marks = settings::marks(client, Some(repository));
        settings::plan_settings(plan, &npmrc, environment, &marks, &lines)?;
    }
    Ok(())
}

/// The client itself is tried afterwards, and says what is found before its link; the others are not. One word is enough for
/// all that are in one folder.
fn remark_on_others(plan: &mut Plan, client: &str, commands: &[&str], environment: &Environment) {
    let said = found_first(client, environment);
    let mut said: Vec<_> = said.into_iter().map(|it| it.hint).collect();
    for command in commands {
        let winner = found_first(command, environment);
        if let Some(winner) = winner.filter(|it| !said.contains(&it.hint)) {
            plan.remark(&format!("{}\n  hint: {}", winner.why, winner.hint));
            said.push(winner.hint);
        }
    }
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
    let marks = settings::marks_of_undo(client, repository.as_ref());
    let is_lost = plan.give_back(&npmrc, environment, &marks)?;
    if is_lost || plan.is_empty() {
        settings::remark_unmarked(plan, client, &npmrc, setup.here)?;
    }
    Ok(())
}

/// A link for each of `commands` that is installed.
///
/// # Errors
/// None is, or we are not.
pub(crate) fn plan(
    plan: &mut Plan,
    program: &str,
    commands: &[&str],
    environment: &Environment,
) -> anyhow::Result<()> {
    let directory = directory(environment)?;
    let program = link::program(program, environment)?;
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

/// Tells why the shell does not find the shims, and what is left for the user to do; `None` if it finds them.
pub(crate) fn unreached(commands: &[&str], environment: &Environment) -> Option<Unreached> {
    if are_found(commands, environment) {
        return None;
    }
    let not_yet = || {
        let directory = directory(environment).ok()?;
        let line = profile::line(&directory, environment);
        let place = if cfg!(windows) {
            "run this in PowerShell, and open a new terminal"
        } else {
            "put this line into your shell's profile, and open a new shell"
        };
        Some(Unreached {
            why: "is not found through our link yet".to_owned(),
            hint: format!("{place}: {line}"),
        })
    };
    winner(commands, environment).or_else(not_yet)
}

/// The reason why a shim is not found, and what to do about it.
pub(crate) struct Unreached {
    pub(crate) why: String,
    pub(crate) hint: String,
}

/// Names the program that is found before a shim although the shims' directory is on PATH, and the line to move.
pub(crate) fn winner(commands: &[&str], environment: &Environment) -> Option<Unreached> {
    let directory = directory(environment).ok()?;
    let is_shim = |command: &&&str| path_of(&directory, command).symlink_metadata().is_ok();
    let mut shims = commands.iter().filter(is_shim);
    shims.find_map(|command| found_first(command, environment))
}

/// The same for one command, whose shim may not be there yet.
fn found_first(command: &str, environment: &Environment) -> Option<Unreached> {
    let directory = directory(environment).ok()?;
    let path = environment.variable(PATH)?;
    let found = next_on_path::find(OsStr::new(command), environment)?;
    let folder = found.parent()?;
    let first = std::env::split_paths(&path).find(|it| *it == directory || it == folder)?;
    let is_on_path = std::env::split_paths(&path).any(|it| it == directory);
    (is_on_path && first == folder && first != directory).then(|| Unreached {
        why: format!(
            "{} is found before our link, which is never called",
            found.display()
        ),
        hint: profile::how_to_be_first(&directory, folder, environment),
    })
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
