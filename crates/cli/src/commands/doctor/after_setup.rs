//! The end of a setup: the client is tried as the doctor does, and is held to the repository that it was set up for.

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::{Authenticator, Error, report};
use codeartifact_clients::Client;
use codeartifact_clients::finding::{Finding, State};
use codeartifact_clients::here::Here;
use codeartifact_clients::setting::{Origin, Setting};
use codeartifact_clients::setup::{Level, Setup, SetupOptions};

use super::clients::{candidates_of, judged};
use super::connection;
use super::trial::{self, Candidate, Known, Run, Tried};
use crate::commands::authenticator;
use crate::output::Output;

/// Adds to the output what was seen. Returns true if the client asks nobody at all: it does not take its settings
///
/// # Errors
/// There is no token, or no stand-in.
pub(crate) fn run(
    client: &'static dyn Client,
    setup: &Setup<'_>,
    output: &mut Output,
) -> anyhow::Result<bool> {
    let environment = setup.here.environment;
    let authenticator = authenticator(environment)?;
    let here = Here::new(environment)?.asking();
    if let Some(finding) = client.unreached(&here) {
        tell(output, &finding);
        return Ok(false);
    }
    let candidates = candidates(client, setup, environment)?;
    let known = match known(&candidates, setup, &authenticator) {
        Ok(known) => known,
        Err(error) => {
            tell(output, &without_token(client, &error));
            return Ok(false);
        }
    };
    let mapped = authenticator.connections().hosts().map_err(Error::from)?;
    let trials = trial::stand_in(environment, mapped.clone())?;
    let mut is_refused = false;
    for candidate in candidates {
        let tried = trial::run(candidate, &known, &here, &trials);
        let tried = without_remarks(tried, setup.options);
        let is_refusal = refuses(&tried, environment);
        is_refused |= is_refusal;
        for finding in judged(&tried, &known, mapped, &authenticator) {
            let finding = seen_or_failed(finding, &tried);
            tell(output, &if is_refusal { repair(finding) } else { finding });
        }
    }
    Ok(is_refused)
}

/// Another setup is no help for a file that the client does not read.
fn repair(finding: Finding) -> Finding {
    finding.hint("repair what it says, and set it up again")
}

/// Tells whether it has failed without asking any host in the way that decides, and nothing else explains that: neither what is
/// missing beside it, nor a helper's failure. In another way it may pass over a file that is broken, as `uv pip` does.
fn refuses(tried: &Tried, environment: &Environment) -> bool {
    let failed = |run: &Run| {
        let it = &run.observed;
        let is_silent = it.requests.is_empty() && it.distrusted.is_empty();
        is_silent && it.status.is_some_and(|status| !status.success())
    };
    let mut reasons = tried.reason.iter().chain(&tried.findings);
    let mut helpers = report::latest(environment).into_iter();
    tried.runs.first().is_some_and(failed)
        && !reasons.any(|it| it.state != State::Ok)
        && !helpers.any(|it| it.time >= tried.began)
}

/// Says what is left to do for the client to be set up, where it is not tried.
pub(crate) fn remark(client: &dyn Client, setup: &Setup<'_>, output: &mut Output) {
    let here = Here::at(setup.here.directory.clone(), setup.here.environment).asking();
    if let Some(finding) = client.unreached(&here) {
        let hint = finding.hint.unwrap_or_default();
        let (name, text) = (finding.label, finding.text);
        output.stderr += &format!("codeartifact: {name} {text}\n  hint: {hint}\n");
    }
}

/// A setup has said itself what follows from how it was asked for.
fn without_remarks(mut tried: Tried, options: &SetupOptions) -> Tried {
    if options.private.is_empty() {
        tried.caveat = None;
    }
    if options.fallback {
        tried.risks.clear();
    }
    tried
}

/// Each program of the client, with the one repository that it was set up for. The npm family may have been set up for
/// those of its own files.
fn candidates(
    client: &'static dyn Client,
    setup: &Setup<'_>,
    environment: &Environment,
) -> anyhow::Result<Vec<Candidate>> {
    let mut candidates = candidates_of(client, environment);
    let options = setup.options;
    // A setup for an environment is in effect there alone.
    let has_place = candidates.iter().any(|it| it.program.place.is_some());
    if options.level == Level::Project && has_place {
        candidates.retain(|it| it.program.place.is_some());
    }
    if client.needs_repository() || options.name.is_some() || options.url.is_some() {
        let repository = setup.repository(client.format())?;
        let endpoint = repository.endpoint;
        for candidate in &mut candidates {
            let settings = &mut candidate.settings;
            let others = settings.extract_if(.., |it| it.endpoint.root() != endpoint.root());
            candidate.others = others.map(|it| it.endpoint).collect();
            if settings.is_empty() {
                settings.push(Setting {
                    name: Some(repository.name.clone()),
                    endpoint: endpoint.clone(),
                    origin: Origin::Option("setup".to_owned()),
                });
            }
        }
    }
    Ok(candidates)
}

/// A client that was tried and asks no repository of ours is not set up.
fn seen_or_failed(finding: Finding, tried: &Tried) -> Finding {
    let is_meant = !tried.candidate.settings.is_empty();
    if finding.state != State::Skipped || tried.runs.is_empty() || !is_meant {
        return finding;
    }
    let name = tried.candidate.client.name();
    let failed = Finding {
        state: State::Failed(Exit::Configuration),
        ..finding
    };
    failed.hint(format!("see what `codeartifact doctor {name}` says"))
}

fn known(
    candidates: &[Candidate],
    setup: &Setup<'_>,
    authenticator: &Authenticator,
) -> Result<Vec<Known>, Error> {
    let mut known: Vec<Known> = Vec::new();
    for setting in candidates.iter().flat_map(|it| &it.settings) {
        let root = setting.endpoint.root();
        if known.iter().all(|it| it.endpoint.root() != root) {
            let name = setup.options.name.as_deref();
            known.push(connection::known(&setting.endpoint, name, authenticator)?);
        }
    }
    Ok(known)
}

fn without_token(client: &dyn Client, error: &Error) -> Finding {
    let finding = Finding::of_error(client.check(), client.name(), error);
    let text = format!("was not tried, because there is no token: {}", finding.text);
    Finding { text, ..finding }
}

/// Success goes to stdout. Anything else is a failure of the setup, and its hint comes last.
fn tell(output: &mut Output, finding: &Finding) {
    let source = finding.source.iter().map(|it| format!(" ({it})"));
    let source = source.collect::<String>();
    let line = format!("{} {}{source}", finding.label, finding.text);
    match finding.state {
        State::Ok => output.add(&format!("seen: {line}\n")),
        State::Skipped => output.add(&format!("{line}\n")),
        State::Failed(_) | State::Warning => {
            let hint = finding.hint.iter().map(|hint| format!("  hint: {hint}\n"));
            output.stderr += &format!("codeartifact: seen: {line}\n{}", hint.collect::<String>());
            output.exit = Exit::Nothing;
        }
    }
}
