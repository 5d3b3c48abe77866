//! `codeartifact setup`: plans what changes in a client's own configuration, shows that or does it, and tries the client.
//! A client's room says what that client needs.

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
    let here = Here::new(environment)?.asking();
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
    let mut output = carry_out(&mut plan, arguments)?;
    if arguments.undo {
        return Ok(output);
    }
    if arguments.dry_run || arguments.no_test {
        doctor::remark_after_setup(arguments.client, &setup, &mut output);
        return Ok(output);
    }
    let is_refused = doctor::try_after_setup(arguments.client, &setup, &mut output)?;
    if is_refused && !plan.is_empty() {
        plan.take_back()?;
        output.stderr += &put_back(&plan);
    }
    Ok(output)
}

/// The client does not take its settings any more.
fn put_back(plan: &Plan) -> String {
    let files = plan.files().into_iter();
    let files: Vec<_> = files.map(|file| file.display().to_string()).collect();
    format!(
        "codeartifact: {} is as it was before\n",
        files.join(" and ")
    )
}

/// Shows the plan, or makes its changes and tells them.
fn carry_out(plan: &mut Plan, arguments: &SetupArguments) -> anyhow::Result<Output> {
    if !arguments.dry_run {
        plan.apply()?;
    }
    let told = if plan.is_empty() {
        format!("{}: nothing to change\n", arguments.client.name())
    } else if arguments.dry_run {
        plan.preview()
    } else {
        plan.report()
    };
    Ok(Output::done(told, plan.remarks().to_owned()))
}
