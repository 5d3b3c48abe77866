//! `codeartifact setup`: one file per client, which plans what changes in that client's own configuration. This one
//! chooses the client, and shows or applies the plan.

mod go;
mod go_settings;
mod link;
mod node;
mod npm;
mod plan;
mod pnpm;
mod python;
mod repository;
mod shims;
mod step;
mod text;
mod yarn;
mod yarnrc;

use codeartifact_auth::environment::Environment;

use crate::arguments::{SetupArguments, SetupClient};
use crate::output::Output;
use plan::Plan;

/// Sets up the client that was named.
pub(crate) fn run(client: &SetupClient, environment: &Environment) -> anyhow::Result<Output> {
    match client {
        SetupClient::Pip(arguments) => python::run_in_project(&python::PIP, arguments, environment),
        SetupClient::Uv(arguments) => python::run_in_project(&python::UV, arguments, environment),
        SetupClient::Poetry(arguments) => {
            python::run_in_project(&python::POETRY, arguments, environment)
        }
        SetupClient::Pdm(arguments) => python::run_in_project(&python::PDM, arguments, environment),
        SetupClient::Hatch(arguments) => python::run(&python::HATCH, arguments, environment),
        SetupClient::Twine(arguments) => python::run(&python::TWINE, arguments, environment),
        SetupClient::Npm(arguments) => npm::run(arguments, environment),
        SetupClient::Pnpm(arguments) => pnpm::run(arguments, environment),
        SetupClient::Yarn(arguments) => yarn::run(arguments, environment),
        SetupClient::Bun(arguments) => npm::run_bun(arguments, environment),
        SetupClient::Go(arguments) => go::run(arguments, environment),
    }
}

/// Shows the plan, or makes its changes and tells them; `remarks` is what the person should know besides.
fn carry_out(
    mut plan: Plan,
    arguments: &SetupArguments,
    client: &str,
    remarks: String,
) -> anyhow::Result<Output> {
    let told = match (plan.is_empty(), arguments.dry_run) {
        (true, _) => format!("{client}: nothing to change\n"),
        (false, true) => plan.preview(),
        (false, false) => {
            plan.apply()?;
            plan.report()
        }
    };
    Ok(Output::done(told, remarks))
}
