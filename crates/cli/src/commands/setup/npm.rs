//! `codeartifact setup npm` and `setup bun`: shims that refresh the tokens before the client reads its `.npmrc`, and,
//! for the packages that are named, the registry to read them from.

use codeartifact_auth::environment::Environment;
use codeartifact_npm::registries::CLIENTS;
use codeartifact_npm::user::UserNpmrc;

use super::carry_out;
use super::node;
use super::plan::Plan;
use super::shims;
use crate::arguments::SetupNodeArguments;
use crate::commands::authenticator;
use crate::output::{Output, Usage};

/// Every client: a project's scripts may start any of them.
pub(super) fn run(
    arguments: &SetupNodeArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    set_up("npm", CLIENTS, arguments, environment)
}

/// Bun has no hook to ask us by; it reads the token from `.npmrc` as npm does.
pub(super) fn run_bun(
    arguments: &SetupNodeArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    set_up("bun", &["bun", "bunx"], arguments, environment)
}

fn set_up(
    client: &str,
    commands: &[&str],
    arguments: &SetupNodeArguments,
    environment: &Environment,
) -> anyhow::Result<Output> {
    let authenticator = authenticator(environment)?;
    let repository = node::named(arguments, &authenticator)?;
    let npmrc = UserNpmrc::of(&std::env::current_dir()?, environment)?.path;
    let mark = node::mark(client, repository.as_ref());
    let common = &arguments.common;
    let mut plan = Plan::default();
    if common.undo {
        if repository.is_none() {
            shims::plan_removal(&mut plan, commands, environment)?;
        }
        node::plan_removal(&mut plan, &npmrc, &mark)?;
        return carry_out(plan, common, client, String::new());
    }
    shims::plan(&mut plan, commands, environment)?;
    if let Some(repository) = &repository {
        let settings = node::registry_settings(arguments, repository);
        if settings.is_empty() {
            return Err(which_packages().into());
        }
        node::plan_settings(&mut plan, &npmrc, &mark, &settings)?;
    }
    carry_out(plan, common, client, shims::remark(commands, environment)?)
}

/// A default registry decides where every package of every project comes from: nobody gets it unasked.
fn which_packages() -> Usage {
    Usage::new(
        "say which packages come from there: --scope @my-scope, or --default for all that have no scope of their own",
    )
}
