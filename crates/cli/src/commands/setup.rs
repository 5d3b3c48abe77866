//! `codeartifact setup`: plans what changes in a client's own configuration, shows that or does it, and tries the client.
//! What a client needs is its room's to say.

use codeartifact_auth::Error;
use codeartifact_auth::environment::Environment;
use codeartifact_clients::here::Here;
use codeartifact_clients::plan::Plan;
use codeartifact_clients::setup::Setup;

use super::doctor;
use crate::arguments::SetupArguments;
use crate::output::Output;

/// Sets up the client that was named.
pub(crate) fn run(arguments: &SetupArguments, environment: &Environment) -> anyhow::Result<Output> {
    let here = Here::new(environment)?;
    let setup = Setup {
        here: &here,
        options: &arguments.options,
    };
    let mut plan = Plan::default();
    if arguments.undo {
        arguments.client.undo(&mut plan, &setup)?;
    } else {
        // A broken configuration is told before anything is planned by half of it.
        here.connections()?.hosts().map_err(Error::from)?;
        arguments.client.write(&mut plan, &setup)?;
    }
    let mut output = carry_out(plan, arguments)?;
    if arguments.undo {
        return Ok(output);
    }
    if arguments.dry_run || arguments.no_test {
        doctor::remark_after_setup(arguments.client, &setup, &mut output);
    } else {
        doctor::try_after_setup(arguments.client, &setup, &mut output)?;
    }
    Ok(output)
}

/// Shows the plan, or makes its changes and tells them.
fn carry_out(mut plan: Plan, arguments: &SetupArguments) -> anyhow::Result<Output> {
    let told = if plan.is_empty() {
        format!("{}: nothing to change\n", arguments.client.name())
    } else if arguments.dry_run {
        plan.preview()
    } else {
        plan.apply()?;
        plan.report()
    };
    Ok(Output::done(told, plan.remarks().to_owned()))
}
