//! `codeartifact doctor`: the connections that the clients here need, a line each; then what each client really sends,
//! seen by a [`trial`]; then the tokens that were left in files. It changes nothing. `codeartifact test`, about
//! connections alone, is in [`connection`]; the files of its checks are here as well.

mod after_setup;
mod chain;
mod clients;
mod connection;
mod package;
mod proxied;
mod report;
mod repository;
mod seen;
mod setting;
mod source;
mod spelling;
mod subject;
mod trial;
mod verdict;
mod walk;

use codeartifact_auth::environment::Environment;
use codeartifact_clients::here::Here;
use codeartifact_clients::leftover;

pub(crate) use self::after_setup::{remark as remark_after_setup, run as try_after_setup};
pub(crate) use self::connection::{run as test, run_of as test_one};
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
    if arguments.proxy {
        proxied::run(environment, &mut report)?;
        return Ok(Output::ended(report.finish()));
    }
    let authenticator = match authenticator(environment) {
        Ok(authenticator) => authenticator,
        Err(error) => return connection::unprepared(error.into(), report),
    };
    clients::check(&arguments.clients, &authenticator, &mut report)?;
    for finding in leftover::findings(&Here::new(environment)?) {
        report.add_client(finding);
    }
    Ok(Output::ended(report.finish()))
}
