//! `codeartifact doctor`: the connections that the clients here need, a line each, and then each client. It changes
//! nothing. `codeartifact test`, about connections alone, is in [`connection`]; each other file below is one kind of
//! check.

mod chain;
mod connection;
mod package;
mod report;
mod repository;
mod setting;
mod subject;

use codeartifact_auth::Authenticator;
use codeartifact_auth::environment::Environment;
use codeartifact_clients::finding::Finding;
use codeartifact_clients::here::Here;
use codeartifact_clients::{ALL, Client, leftover};

pub(crate) use self::connection::{run as test, run_of as test_one};
pub(crate) use self::package::Package;
pub(crate) use self::report::{Report, Style};
pub(crate) use self::subject::Subject;
use crate::arguments::{DoctorArguments, Format};
use crate::commands::authenticator;
use crate::console::Console;
use crate::output::Output;

pub(crate) fn run(
    arguments: &DoctorArguments,
    environment: &Environment,
    console: &mut Console,
) -> anyhow::Result<Output> {
    let style = match arguments.format {
        Format::Json => Style::Json,
        Format::Text => Style::Whole,
    };
    let mut report = Report::new(style, console);
    let authenticator = match authenticator(environment) {
        Ok(authenticator) => authenticator,
        Err(error) => return connection::unprepared(error.into(), report),
    };
    let here = Here::new(environment)?.asking();
    let clients = match &arguments.clients[..] {
        [] => ALL,
        named => named,
    };
    look_at(clients, &here, &authenticator, &mut report);
    Ok(Output::ended(report.finish()))
}

fn look_at(
    clients: &[&'static dyn Client],
    here: &Here<'_>,
    authenticator: &Authenticator,
    report: &mut Report<'_>,
) {
    let settings = clients.iter().flat_map(|client| client.settings(here));
    let endpoints: Vec<_> = settings.flatten().map(|setting| setting.endpoint).collect();
    connection::check_each(&endpoints, authenticator, report);
    let found: Vec<Finding> = clients
        .iter()
        .flat_map(|client| client.findings(here))
        .collect();
    let leftovers = leftover::findings(here);
    found
        .into_iter()
        .chain(leftovers)
        .for_each(|finding| report.add_client(finding));
}
