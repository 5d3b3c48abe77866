//! Every client at once: each is asked for its settings and tried in a thread of its own, for most of the time goes
//! into starting interpreters. Lines appear in the order of the clients, as soon as they are known.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;

use codeartifact_auth::Authenticator;
use codeartifact_auth::endpoint::{Endpoint, MappedHosts};
use codeartifact_auth::environment::Environment;
use codeartifact_clients::finding::{Finding, State};
use codeartifact_clients::here::Here;
use codeartifact_clients::{ALL, Client};

use super::Report;
use super::connection;
use super::seen;
use super::trial::{self, Candidate, Known, Tried};
use super::verdict;

/// Looks at these clients; at all on PATH if none is named.
pub(super) fn check(
    named: &[&'static dyn Client],
    authenticator: &Authenticator,
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    let environment = authenticator.environment();
    let clients = if named.is_empty() { ALL } else { named };
    let candidates = report.during("the clients' settings", || candidates(clients, environment));
    let endpoints = candidates.iter().flat_map(|it| &it.settings);
    let endpoints: Vec<_> = endpoints.map(|setting| setting.endpoint.clone()).collect();
    let known = connection::check_each(&endpoints, authenticator, report);
    if candidates.is_empty() && named.is_empty() {
        report.add_client(nobody());
    }
    let is_found = |client: &&&dyn Client| {
        candidates
            .iter()
            .any(|it| it.client.name() == client.name())
    };
    for client in named.iter().filter(|client| !is_found(client)) {
        report.add_client(absent(*client));
    }
    let mapped = authenticator
        .connections()
        .hosts()
        .map_err(codeartifact_auth::Error::from)?
        .clone();
    try_all(candidates, known, &mapped, authenticator, report)
}

fn absent(client: &dyn Client) -> Finding {
    Finding {
        text: "is not on PATH".to_owned(),
        ..Finding::skipped(client.check(), client.name())
    }
}

fn nobody() -> Finding {
    let names: Vec<_> = ALL.iter().map(|client| client.name()).collect();
    Finding {
        text: format!("none is on PATH: {}", names.join(", ")),
        ..Finding::skipped("clients", "clients")
    }
}

fn candidates(clients: &[&'static dyn Client], environment: &Environment) -> Vec<Candidate> {
    thread::scope(|scope| {
        let spawn = |client: &&'static dyn Client| {
            let client = *client;
            scope.spawn(move || candidates_of(client, environment))
        };
        let threads: Vec<_> = clients.iter().map(spawn).collect();
        let found = threads.into_iter().filter_map(|thread| thread.join().ok());
        found.flatten().collect()
    })
}

/// One for each of its programs, which share their settings.
pub(super) fn candidates_of(
    client: &'static dyn Client,
    environment: &Environment,
) -> Vec<Candidate> {
    let Ok(here) = Here::new(environment).map(Here::asking) else {
        return Vec::new();
    };
    let programs = client.programs(&here);
    if programs.is_empty() {
        return Vec::new();
    }
    let mut settings = client.settings(&here).unwrap_or_default();
    if settings.is_empty() {
        settings = client.intended(&here);
    }
    let candidate = |program| Candidate {
        client,
        program,
        settings: settings.clone(),
        others: Vec::new(),
    };
    programs.into_iter().map(candidate).collect()
}

/// Tries all of them, and reports each in its turn.
fn try_all(
    candidates: Vec<Candidate>,
    known: Vec<Known>,
    mapped: &MappedHosts,
    authenticator: &Authenticator,
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    let environment = authenticator.environment();
    let trials = trial::stand_in(environment, mapped.clone())?;
    let (trials, tokens) = (&trials, &known);
    thread::scope(|scope| {
        let (done, results) = mpsc::channel();
        for (number, candidate) in candidates.into_iter().enumerate() {
            let done = done.clone();
            scope.spawn(move || {
                let here = Here::new(environment).map(Here::asking);
                let tried = here.map(|here| trial::run(candidate, tokens, &here, trials));
                let _ = done.send((number, tried));
            });
        }
        drop(done);
        let mut waiting = BTreeMap::new();
        let mut rows: Vec<Finding> = Vec::new();
        for next in 0.. {
            let arrived = report.during("the clients", || wait_for(next, &results, &mut waiting));
            let Some(tried) = arrived else { break };
            let findings = judged(&tried?, tokens, mapped, authenticator);
            // A second program of a client may fail in the same way.
            let findings = findings
                .into_iter()
                .filter(|it| !is_told(it, &rows))
                .collect::<Vec<_>>();
            findings
                .iter()
                .cloned()
                .for_each(|finding| report.add_client(finding));
            rows.extend(findings);
        }
        Ok(())
    })
}

type Results<T> = mpsc::Receiver<(usize, T)>;

fn wait_for<T>(number: usize, results: &Results<T>, waiting: &mut BTreeMap<usize, T>) -> Option<T> {
    while !waiting.contains_key(&number) {
        let (other, tried) = results.recv().ok()?;
        waiting.insert(other, tried);
    }
    waiting.remove(&number)
}

/// A client's trial as findings; a token for a repository that nothing has named is asked for only now.
pub(super) fn judged(
    tried: &Tried,
    known: &[Known],
    mapped: &MappedHosts,
    authenticator: &Authenticator,
) -> Vec<Finding> {
    let unexpected: Vec<Endpoint> = seen::unexpected(tried, mapped);
    let more = unexpected
        .iter()
        .filter_map(|it| connection::known(it, None, authenticator).ok());
    let known: Vec<_> = known.iter().cloned().chain(more).collect();
    verdict::findings(tried, &unexpected, &known, authenticator.environment())
}

fn is_told(finding: &Finding, rows: &[Finding]) -> bool {
    let alike = |row: &Finding| {
        let client = |it: &Finding| it.label.split(' ').next().map(str::to_owned);
        client(row) == client(finding) && row.text == finding.text && row.hint == finding.hint
    };
    finding.state != State::Ok && rows.iter().any(alike)
}
