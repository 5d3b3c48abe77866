//! `codeartifact setup pnpm`: a `tokenHelper` for each registry, so that no token lies in any file.
//!
//! pnpm reads that key in the user's own `.npmrc` only, lets it have no arguments, and does not say which registry it
//! asks for: each registry has a link of its own, whose name tells.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use codeartifact_auth::endpoint::Format;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::{Authenticator, Error};
use codeartifact_npm::helper::Helper;
use codeartifact_npm::npmrc::{self, Meaning};
use codeartifact_npm::registries::{self, CommandLine, Places};

use super::node::{self, Setting};
use super::plan::Plan;
use super::repository::{self, Repository};
use super::text::Text;
use super::{carry_out, link};
use crate::arguments::SetupNodeArguments;
use crate::commands::authenticator;
use crate::output::{Hindrance, Output};

const CLIENT: &str = "pnpm";
const HELPER: &str = ":tokenHelper";
const TOKEN: &str = ":_authToken";

pub(super) fn run(
    arguments: &SetupNodeArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let authenticator = authenticator(environment)?;
    let repository = node::named(arguments, &authenticator)?;
    let mark = node::mark(CLIENT, repository.as_ref());
    let directory = directory(environment)?;
    let places = Places::of(
        &std::env::current_dir()?,
        &CommandLine::default(),
        environment,
    )?;
    let npmrc = &places.user_npmrc;
    if arguments.common.undo {
        let plan = plan(npmrc, &directory, environment, |text| {
            node::take_away(text, &mark)
        })?;
        return carry_out(plan, &arguments.common, CLIENT, String::new());
    }
    let hosts = authenticator.connections().hosts().map_err(Error::from)?;
    let search = registries::find(&places, &CommandLine::default(), hosts, environment);
    let found = search.found.iter().map(|found| &found.endpoint);
    let helpers = match &repository {
        Some(repository) => vec![Helper::new(
            &repository.endpoint,
            arguments.common.name.as_deref(),
        )],
        None => found.map(|endpoint| Helper::new(endpoint, None)).collect(),
    };
    let helpers = match helpers.is_empty() {
        true => vec![the_only_one(arguments, &authenticator)?],
        false => helpers,
    };
    let settings = settings(arguments, repository.as_ref(), &helpers, &directory)?;
    let plan = plan(npmrc, &directory, environment, |text| {
        node::put(text, &mark, &settings)?;
        remove_tokens(text, &helpers, &mark);
        Ok(())
    })?;
    let remarks = search.remarks.into_iter().chain(shell_remark(&directory));
    let remarks = remarks.map(|remark| format!("codeartifact: {remark}\n"));
    carry_out(plan, &arguments.common, CLIENT, remarks.collect())
}

/// Neither the arguments nor the project name a registry: that of the only connection there is.
fn the_only_one(
    arguments: &SetupNodeArguments,
    authenticator: &Authenticator,
) -> anyhow::Result<Helper> {
    let repository = repository::meant(&arguments.common, Format::Npm, authenticator)?;
    Ok(Helper::new(&repository.endpoint, None))
}

fn settings(
    arguments: &SetupNodeArguments,
    repository: Option<&Repository>,
    helpers: &[Helper],
    directory: &Path,
) -> anyhow::Result<Vec<Setting>> {
    let mut settings: Vec<Setting> = Vec::new();
    for helper in helpers {
        let link = directory.join(helper.link_name()?).display().to_string();
        let setting = (format!("{}{HELPER}", helper.registry), link);
        if !settings.contains(&setting) {
            settings.push(setting);
        }
    }
    let registries = repository.map(|repository| node::registry_settings(arguments, repository));
    settings.extend(registries.unwrap_or_default());
    Ok(settings)
}

/// Links come before the lines that name them, and go after those: pnpm 10 refuses every command while one is missing.
fn plan(
    npmrc: &Path,
    directory: &Path,
    environment: &Environment,
    edit: impl FnOnce(&mut Text) -> Result<(), Hindrance>,
) -> anyhow::Result<Plan> {
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    let mut lines = Plan::default();
    lines.edit(npmrc, |text| {
        before = links_in(text, directory);
        edit(text)?;
        after = links_in(text, directory);
        Ok(())
    })?;
    let mut plan = Plan::default();
    for link in &after {
        plan.lead(link.clone(), link::program(link::NPM, environment)?);
    }
    plan.append(lines);
    let gone = before.difference(&after);
    for link in gone.filter(|link| link.symlink_metadata().is_ok()) {
        plan.unlink(link.clone());
    }
    Ok(plan)
}

fn links_in(text: &Text, directory: &Path) -> BTreeSet<PathBuf> {
    let lines = node::lines_with(text, |key| key.ends_with(HELPER));
    let all = text.lines();
    let values = lines
        .into_iter()
        .filter_map(|at| match npmrc::read(all[at].as_bytes()) {
            Meaning::Entry(entry) => Some(PathBuf::from(entry.value?.text)),
            Meaning::Nothing | Meaning::Section => None,
        });
    values
        .filter(|path| path.parent() == Some(directory))
        .collect()
}

/// A token for the registry is not needed any more; one for a longer path would win over the helper. A line that
/// takes it from a variable is the user's, and only set aside.
fn remove_tokens(text: &mut Text, helpers: &[Helper], mark: &str) {
    let is_meant = |key: &str| {
        let registry = key.strip_suffix(TOKEN);
        registry.is_some_and(|registry| {
            let below = format!("{}/", registry.trim_end_matches('/'));
            helpers
                .iter()
                .any(|helper| below.starts_with(&helper.registry))
        })
    };
    for at in node::lines_with(text, is_meant).into_iter().rev() {
        match text.lines()[at].contains("${") {
            true => text.set_aside(at, mark),
            false => text.drop_line(at),
        }
    }
}

fn directory(environment: &Environment) -> anyhow::Result<PathBuf> {
    let data = environment.data_directory();
    let data = data.context("there is no home directory to put the links into")?;
    Ok(data.join("token-helpers"))
}

/// pnpm 9 and 10 hand the path to a shell as it stands (`getAuthHeadersFromConfig.js`: `spawnSync(…, { shell: true })`).
fn shell_remark(directory: &Path) -> Option<String> {
    let path = directory.to_str().unwrap_or(" ");
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./+@:\\~".contains(it);
    (!path.chars().all(is_plain)).then(|| {
        format!("pnpm 9 and 10 cannot start a program below {path}: they do not quote it for the shell; pnpm 12 can")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTRY: &str = "//H/npm/my-repo/";

    #[test]
    fn tokens_that_would_be_left_or_win_are_removed() {
        let helper = Helper {
            connection: None,
            registry: REGISTRY.to_owned(),
        };
        let rows = [
            ("R/:_authToken=t", ""),
            ("R:_authToken=t", ""),
            ("R/@a/:_authToken = t ; x", ""),
            (
                "R/:_authToken=${T}",
                "# set aside by codeartifact setup pnpm: R/:_authToken=${T}",
            ),
            (
                "//H/npm/my-repo-2/:_authToken=t",
                "//H/npm/my-repo-2/:_authToken=t",
            ),
            ("//H/:_authToken=t", "//H/:_authToken=t"),
            ("R/:tokenHelper=/x", "R/:tokenHelper=/x"),
            ("[s]\nR/:_authToken=t", "[s]\nR/:_authToken=t"),
        ];
        for (before, after) in rows.map(|(before, after)| {
            let spell = |text: &str| text.replace('R', REGISTRY.trim_end_matches('/'));
            (spell(before), spell(after))
        }) {
            let mut text = Text::parse(&before);
            remove_tokens(&mut text, std::slice::from_ref(&helper), "pnpm");
            assert_eq!(text.to_string(), after, "{before}");
        }
    }
}
