//! `codeartifact test`: every step from the configuration to the repositories, each with its result, and of what does
//! not work the cause and one thing to do. It changes nothing, hands out no token, and tries no client: of their settings it
//! only tells where public code could pass for private.
//!
//! A check takes the [`Subject`] and gives [`Finding`]s to the [`Report`], which shows them as they come; work that may
//! take a while goes through [`Report::during`]. To add a check: a file with a
//! `pub(super) fn check(…, report: &mut Report<'_>)`, and its line in [`look_at`].

use std::cell::Cell;

use codeartifact_auth::connection::Connection;
use codeartifact_auth::endpoint::{Domain, Endpoint};
use codeartifact_auth::environment::Environment;
use codeartifact_auth::token::Token;
use codeartifact_auth::{Authenticator, Error};
use codeartifact_clients::finding::{Finding, State};
use codeartifact_clients::words::{counted, span};

use super::chain;
use super::report::{Report, Style};
use super::setting;
use super::subject::{self, Subject};
use super::trial::Known;
use super::walk::Walk;
use crate::arguments::{Format, Package, TestArguments};
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
    Ok(Output::ended(report.finish()))
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
pub(super) fn unprepared(error: anyhow::Error, mut report: Report<'_>) -> anyhow::Result<Output> {
    let error = error.downcast::<Error>()?;
    report.add(Finding::of_error("configuration", "configuration", &error));
    Ok(Output::ended(report.finish()))
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
pub(super) fn look_at(
    subject: &Subject,
    package: Option<&Package>,
    authenticator: &Authenticator,
    report: &mut Report<'_>,
) {
    let environment = authenticator.environment();
    let kept = subject.kept(authenticator);
    report.begin(subject.name());
    if let Err(failure) = subject.connection.require_repository()
        && subject.targets.is_empty()
    {
        return report.add(Finding::of("configuration", "configuration", &failure));
    }
    setting::check_configuration(subject, report);
    setting::check_network(environment, report);
    let mut ahead = None;
    for (number, domain) in subject.domains().into_iter().enumerate() {
        let token = kept.iter().find(|(of, _)| *of == domain);
        let walk = Walk {
            subject,
            domain,
            package,
            kept: token.map(|(_, token)| token),
            environment,
            needs_person: Cell::new(false),
            ahead: Cell::new(ahead),
        };
        chain::check(&walk, number == 0, report);
        ahead = walk.ahead.get();
    }
    setting::check_clock(ahead, report);
    setting::check_cache(subject, &kept, environment, report);
    setting::check_latest_failure(subject, environment, report);
    setting::check_confusion(subject, environment, report);
}

/// A connection by its name, and one of the domains that it serves.
type Served<'a> = (Option<String>, &'a Domain);

/// A line for each connection and domain that serves one of `endpoints`, or the step that fails. Returns the token of
/// each endpoint.
pub(super) fn check_each(
    endpoints: &[Endpoint],
    authenticator: &Authenticator,
    report: &mut Report<'_>,
) -> Vec<Known> {
    let mut tokens: Vec<Known> = Vec::new();
    let mut told: Vec<(Served<'_>, Option<Known>)> = Vec::new();
    for endpoint in endpoints {
        let connection = match authenticator.connections().find(endpoint, None) {
            Ok(connection) => connection,
            Err(error) => {
                report.begin(None);
                report.add(Finding::of_error(CHECK, CHECK, &error.into()));
                continue;
            }
        };
        let subject = (connection.name.clone(), &endpoint.domain);
        let before = told.iter().find(|(it, _)| *it == subject);
        let token = match before {
            Some((_, token)) => token.clone(),
            None => {
                let token = check_one(endpoint, connection, authenticator, report);
                told.push((subject, token.clone()));
                token
            }
        };
        tokens.extend(token.map(|token| token.of(endpoint)));
    }
    tokens
}

const CHECK: &str = "connection";

fn check_one(
    endpoint: &Endpoint,
    connection: Connection,
    authenticator: &Authenticator,
    report: &mut Report<'_>,
) -> Option<Known> {
    let label = match &connection.name {
        Some(name) => format!("connection {name}"),
        None => "own credentials".to_owned(),
    };
    report.begin(connection.name.as_deref());
    match report.during(&label, || authenticator.token(endpoint, None)) {
        Ok(answer) => {
            let left = answer.token.remaining(authenticator.environment().now());
            let text = format!("{}token good for {}", through(&connection), span(left));
            report.add(Finding::ok(CHECK, label, text));
            Some(known_of(endpoint, answer.token, None, authenticator))
        }
        Err(error) => {
            let subject = Subject::of_endpoint(connection, endpoint);
            let walked = report.summary_of(|inner| look_at(&subject, None, authenticator, inner));
            let walked = walked.filter(|finding| matches!(finding.state, State::Failed(_)));
            let finding = walked.unwrap_or_else(|| Finding::of_error(CHECK, "", &error));
            report.add(Finding { label, ..finding });
            None
        }
    }
}

/// A token for a repository, as a client that asks one of our helpers gets it.
pub(super) fn known(
    endpoint: &Endpoint,
    connection: Option<&str>,
    authenticator: &Authenticator,
) -> Result<Known, Error> {
    let answer = authenticator.token(endpoint, connection)?;
    Ok(known_of(endpoint, answer.token, connection, authenticator))
}

fn known_of(
    endpoint: &Endpoint,
    token: Token,
    connection: Option<&str>,
    authenticator: &Authenticator,
) -> Known {
    let kept = authenticator.cached(endpoint, connection);
    Known {
        endpoint: endpoint.clone(),
        is_kept: kept.is_ok_and(|kept| kept.is_some()),
        token: token.secret,
    }
}

fn through(connection: &Connection) -> String {
    match connection.hops.len() {
        0 => String::new(),
        number => format!("reached through {}, ", counted(number, "role")),
    }
}
