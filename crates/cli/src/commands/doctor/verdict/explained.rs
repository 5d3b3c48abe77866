//! The reason for what a trial has shown, from the client's settings and version, or from what a helper has said.

use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::report;
use codeartifact_clients::finding::{Finding, State};
use codeartifact_clients::setting::Origin;

use super::finding;
use super::told::{Explains, Told};
use crate::commands::doctor::source;
use crate::commands::doctor::trial::Tried;

/// The line about a client of which not all is well.
pub(super) fn explained(tried: &Tried, told: Told, environment: &Environment) -> Finding {
    let why = reason(tried, told.explains, environment);
    let hint = why.as_ref().and_then(|why| why.hint.clone());
    let text = match &why {
        Some(why) => format!("{}: {}", told.text, why.text),
        None => told.text,
    };
    let hint = told.hint.or(hint).unwrap_or_else(|| usual(tried));
    // A reason names its own place.
    let setting = tried.candidate.settings.first().filter(|_| why.is_none());
    Finding {
        source: setting.map(|setting| source::of(setting, environment)),
        ..finding(tried, told.state, text).hint(hint)
    }
}

/// A project's own entry is completed in the project.
fn usual(tried: &Tried) -> String {
    let origins = tried.candidate.settings.iter().map(|it| &it.origin);
    let is_project =
        |it: &Origin| matches!(it, Origin::File(file, _) if file.ends_with("pyproject.toml"));
    let option = if origins.into_iter().any(is_project) {
        " --project"
    } else {
        ""
    };
    let name = tried.candidate.client.name();
    format!("`codeartifact setup {name}{option}` writes what it needs")
}

fn reason(tried: &Tried, explains: Explains, environment: &Environment) -> Option<Finding> {
    let read = || tried.findings.iter().find(|it| it.state != State::Ok);
    let failed = |it: &&Finding| matches!(it.state, State::Failed(_));
    let left = || tried.leftovers.iter().find(failed);
    match explains {
        Explains::Leftover => left().or_else(read).cloned(),
        Explains::Emptiness if tried.empty.is_some() => tried.empty.clone(),
        Explains::Silence | Explains::Emptiness => {
            let of_version = tried.reason.as_ref().filter(|it| it.state != State::Ok);
            let known = of_version.or_else(read).cloned();
            known.or_else(|| helper(tried, environment))
        }
        Explains::Place => overruled(tried).or_else(|| read().cloned()),
        Explains::Nothing => None,
    }
}

/// The variables that win over what the client's own file says.
fn overruled(tried: &Tried) -> Option<Finding> {
    let winning = tried.winning.iter();
    // The way to a keyring does not decide which index is asked.
    let mut winning = winning.filter(|name| !name.contains("KEYRING"));
    let origin = &tried.candidate.settings.first()?.origin;
    let is_origin = |name: &str| matches!(origin, Origin::Variable(it) if it == name);
    let name = winning.find(|name| !is_origin(name))?;
    let text = format!("{name} wins over {origin}");
    let finding = finding(tried, State::Failed(Exit::Configuration), text);
    Some(finding.hint(format!("unset {name}")))
}

/// Returns what a helper has said meanwhile: its client hides it.
fn helper(tried: &Tried, environment: &Environment) -> Option<Finding> {
    let mut failures = report::latest(environment).into_iter();
    let failure = failures.find(|failure| failure.time >= tried.began)?;
    let text = format!("{}: {}", failure.program, failure.cause);
    let finding = finding(tried, State::Failed(Exit::Configuration), text);
    Some(Finding {
        hint: failure.hint,
        ..finding
    })
}
