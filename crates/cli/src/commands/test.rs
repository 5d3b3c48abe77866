//! `codeartifact test`: every step from the configuration to the repositories, each with its result, and of what does
//! not work the cause and one thing to do. It changes nothing and hands out no token.
//!
//! Each file below is one kind of check. A check takes the [`Subject`] and gives [`Finding`]s to the [`Report`], which
//! shows them as they come; work that may take a while goes through [`Report::during`]. To add a check: a file with a
//! `pub(super) fn check(…, report: &mut Report<'_>)`, and its line in [`look_at`].

mod chain;
mod package;
mod report;
mod repository;
mod setting;
mod subject;

use std::cell::Cell;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::{Authenticator, Error};
use codeartifact_clients::ALL;
use codeartifact_clients::finding::Finding;
use codeartifact_clients::here::Here;
use codeartifact_clients::leftover;

use self::chain::Walk;
pub(crate) use self::package::Package;
pub(crate) use self::report::{Report, Style};
pub(crate) use self::subject::Subject;
use crate::arguments::{Format, TestArguments};
use crate::commands::authenticator;
use crate::console::Console;
use crate::output::Output;

pub(crate) fn run(
    arguments: &TestArguments,
    environment: &Environment,
    console: &mut Console,
) -> anyhow::Result<Output> {
    let whole = match arguments.format {
        Format::Json => Style::Json,
        Format::Text => Style::Whole,
    };
    let (authenticator, subjects) = match prepare(arguments, environment) {
        Ok(prepared) => prepared,
        Err(error) => return unprepared(error, Report::new(whole, console)),
    };
    let style = match (whole, subjects.len()) {
        (Style::Whole, 2..) => Style::Brief,
        (style, _) => style,
    };
    let mut report = Report::new(style, console);
    for subject in &subjects {
        look_at(
            subject,
            arguments.package.as_ref(),
            &authenticator,
            &mut report,
        );
    }
    Ok(Output::ended(report.finish(clients(environment))))
}

/// What the package managers of this machine would do in this directory. Half of all failures are there, and every
/// client hides them behind "no matching distribution" or a 401.
fn clients(environment: &Environment) -> Vec<Finding> {
    let Ok(here) = Here::new(environment) else {
        return Vec::new();
    };
    let here = here.asking();
    let found = ALL.iter().flat_map(|client| client.findings(&here));
    found.chain(leftover::findings(&here)).collect()
}

fn prepare(
    arguments: &TestArguments,
    environment: &Environment,
) -> anyhow::Result<(Authenticator, Vec<Subject>)> {
    let authenticator = authenticator(environment)?;
    let subjects = subject::find(arguments.subject.as_deref(), authenticator.connections())?;
    Ok((authenticator, subjects))
}

/// A configuration that is wrong is a finding like any other; a wrong argument is not.
fn unprepared(error: anyhow::Error, mut report: Report<'_>) -> anyhow::Result<Output> {
    let error = error.downcast::<Error>()?;
    report.add(Finding::of_error("configuration", "configuration", &error));
    Ok(Output::ended(report.finish(Vec::new())))
}

/// Of one connection, for people.
pub(crate) fn run_of(
    name: &str,
    environment: &Environment,
    console: &mut Console,
) -> anyhow::Result<Output> {
    let arguments = TestArguments {
        subject: Some(name.to_owned()),
        package: None,
        format: Format::Text,
    };
    run(&arguments, environment, console)
}

/// Every check of one connection, in the order in which a token is got and used.
fn look_at(
    subject: &Subject,
    package: Option<&Package>,
    authenticator: &Authenticator,
    report: &mut Report<'_>,
) {
    let environment = authenticator.environment();
    let kept = subject.kept(authenticator);
    report.begin(subject.name());
    setting::check_configuration(subject, report);
    setting::check_network(environment, report);
    let mut ahead = None;
    for (number, domain) in subject.domains().into_iter().enumerate() {
        let token = kept.iter().find(|(of, _)| *of == domain);
        let walk = Walk {
            subject,
            domain,
            package,
            worked_at: token.map(|(_, token)| token.issued_at),
            environment,
            ahead: Cell::new(ahead),
        };
        chain::check(&walk, number == 0, report);
        ahead = walk.ahead.get();
    }
    setting::check_clock(ahead, report);
    setting::check_cache(subject, &kept, environment, report);
    setting::check_latest_failure(subject, environment, report);
}
