//! Turns a trial into a line for people: what was seen decides, and what the client's settings say explains it.

mod explained;
mod told;
mod words;

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_clients::finding::{Finding, State};

use super::seen::{self, Seen};
use super::source;
use super::trial::{Known, Tried};

/// The line about a client, and what else should be fixed.
pub(crate) fn findings(
    tried: &Tried,
    unexpected: &[Endpoint],
    known: &[Known],
    environment: &Environment,
) -> Vec<Finding> {
    if let Some(error) = &tried.error {
        let text = format!("cannot be run: {error}");
        let name = tried.candidate.client.name();
        let failed = finding(tried, State::Failed(Exit::Configuration), text);
        return vec![failed.hint(format!("see what `{name} --version` says"))];
    }
    if !tried.has_token {
        let text = "not tried, because its repository gives no token";
        return vec![finding(tried, State::Skipped, text.to_owned())];
    }
    let seen = seen::of_each(tried, unexpected, known, environment.now());
    if seen.is_empty() || tried.runs.is_empty() {
        return unseen(tried);
    }
    let row = row(tried, &seen, environment);
    let risks = tried.risks.iter().filter(|it| !row.text.contains(&it.text));
    let risks: Vec<_> = risks.cloned().collect();
    std::iter::once(row).chain(risks).collect()
}

/// No repository was asked, and none is named: what there is to say comes from settings alone.
fn unseen(tried: &Tried) -> Vec<Finding> {
    let reason = tried
        .reason
        .iter()
        .filter(|_| !tried.candidate.settings.is_empty());
    let read = reason
        .chain(&tried.findings)
        .filter(|it| it.state != State::Ok);
    let read: Vec<_> = read.cloned().collect();
    if !read.is_empty() {
        return read;
    }
    let text = match (tried.candidate.settings.is_empty(), tried.runs.is_empty()) {
        (true, false) => "asks no CodeArtifact repository here",
        (true, true) => "not in this project",
        (false, _) => "not tried",
    };
    vec![finding(tried, State::Skipped, text.to_owned())]
}

fn row(tried: &Tried, seen: &[Seen<'_>], environment: &Environment) -> Finding {
    let wrong = seen.iter().filter_map(|it| told::of(it, environment.now()));
    // A failure comes before a warning.
    let first = wrong.min_by_key(|told| told.state == State::Warning);
    match first {
        None => works(tried, seen, environment),
        Some(told) => explained::explained(tried, told, environment),
    }
}

fn works(tried: &Tried, seen: &[Seen<'_>], environment: &Environment) -> Finding {
    let names: Vec<_> = seen.iter().map(|it| it.repository.as_str()).collect();
    let mut text = format!("asks {} with our token", names.join(" and "));
    // A package without a scope comes from elsewhere then.
    let scopes: Vec<_> = seen.iter().flat_map(|it| &it.scopes).cloned().collect();
    if seen.iter().all(|it| !it.scopes.is_empty()) {
        text.push_str(&format!(", for {}", scopes.join(" and ")));
    }
    let first = tried.candidate.settings.first();
    let source = first.map(|setting| source::of(setting, environment));
    let finding = match &tried.caveat {
        None => finding(tried, State::Ok, text),
        Some(caveat) => Finding {
            hint: caveat.hint.clone(),
            ..finding(tried, caveat.state, format!("{text}, but {}", caveat.text))
        },
    };
    Finding { source, ..finding }
}

fn finding(tried: &Tried, state: State, text: String) -> Finding {
    let candidate = &tried.candidate;
    let words = [Some(candidate.client.name()), tried.version.as_deref()];
    let mut label = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if let Some(place) = candidate.program.place {
        label.push_str(&format!(" ({place})"));
    }
    Finding {
        state,
        ..Finding::ok(candidate.client.check(), label, text)
    }
}
