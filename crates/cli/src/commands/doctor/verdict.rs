//! Turns a trial into a line for people: what was seen decides, and what the client's settings say explains it.

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::Exit;
use codeartifact_auth::report;
use codeartifact_auth::token::Timestamp;
use codeartifact_clients::finding::{Finding, State};
use codeartifact_clients::leftover::expiry;
use codeartifact_clients::setting::Origin;
use codeartifact_clients::words::{ago, span};
use codeartifact_proxy::{SentCredentials, Verdict};

use super::seen::{self, Seen};
use super::trial::{DEADLINE, Known, Tried};

/// The user name that CodeArtifact wants.
const USER: &str = "aws";

/// A client's own words are cut here.
const LONGEST_LINE: usize = 200;

/// The line about a client, and what else should be fixed.
pub(crate) fn findings(
    tried: &Tried,
    unexpected: &[Endpoint],
    known: &[Known],
    environment: &Environment,
) -> Vec<Finding> {
    if let Some(error) = &tried.error {
        let text = format!("cannot be run: {error}");
        return vec![
            finding(tried, State::Failed(Exit::Configuration), text).hint(format!(
                "see what `{} --version` says",
                tried.candidate.client.name()
            )),
        ];
    }
    if !tried.has_token {
        let text = "not tried, because its repository gives no token";
        return vec![finding(tried, State::Skipped, text.to_owned())];
    }
    let seen = seen::of_each(tried, unexpected, known, environment.now());
    if seen.is_empty() || tried.observed.is_empty() {
        return unseen(tried);
    }
    let row = row(tried, &seen, environment);
    let risks = tried.risks.iter().cloned();
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
    let text = match (
        tried.candidate.settings.is_empty(),
        tried.observed.is_empty(),
    ) {
        (true, false) => "asks no CodeArtifact repository here",
        (true, true) => "not in this project",
        (false, _) => "not tried",
    };
    vec![finding(tried, State::Skipped, text.to_owned())]
}

fn row(tried: &Tried, seen: &[Seen<'_>], environment: &Environment) -> Finding {
    let wrong = seen.iter().map(|it| told(it, environment.now()));
    let mut wrong: Vec<_> = wrong.flatten().collect();
    // A failure comes before a warning.
    wrong.sort_by_key(|(state, ..)| *state == State::Warning);
    match wrong.into_iter().next() {
        None => works(tried, seen),
        Some((state, text, explains)) => explained(tried, state, text, explains, environment),
    }
}

fn works(tried: &Tried, seen: &[Seen<'_>]) -> Finding {
    let names: Vec<_> = seen.iter().map(|it| it.repository.as_str()).collect();
    let mut text = format!("asks {} with our token", names.join(" and "));
    if let Some(setting) = tried.candidate.settings.first() {
        text.push_str(&format!(" ({})", setting.origin));
    }
    match &tried.caveat {
        None => finding(tried, State::Ok, text),
        Some(caveat) => Finding {
            hint: caveat.hint.clone(),
            ..finding(tried, caveat.state, format!("{text}, but {}", caveat.text))
        },
    }
}

/// Where the reason for something is to be looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Explains {
    /// A token that was left somewhere.
    Leftover,
    /// The reason why it asks no helper.
    Silence,
    /// The setting that leads it to another host.
    Place,
    Nothing,
}

/// Returns the failure; `None` where all is well.
fn told(seen: &Seen<'_>, now: Timestamp) -> Option<(State, String, Explains)> {
    let repository = &seen.repository;
    let failed = State::Failed(Exit::Configuration);
    let told = match &seen.verdict {
        Verdict::OurToken => {
            let user = wrong_user(seen.sent?)?;
            let text = format!(
                "sends our token to {repository} for the user {user}; CodeArtifact wants {USER}"
            );
            (failed, text, Explains::Nothing)
        }
        Verdict::OtherCredentials { .. } => return other(seen, now),
        Verdict::NoCredentials => (
            failed,
            format!("asks {repository} with no credentials"),
            Explains::Silence,
        ),
        Verdict::Elsewhere(places) => {
            let text = format!("asks {}, not {repository}", places.join(" and "));
            (failed, text, Explains::Place)
        }
        Verdict::Distrusted => {
            let text = "does not trust the stand-in's certificate, so nothing was seen";
            (State::Warning, text.to_owned(), Explains::Silence)
        }
        Verdict::Nothing => (failed, silence(seen), Explains::Silence),
        Verdict::Hung => {
            let took = seen.observed.map_or(DEADLINE, |observed| observed.took);
            let text = format!("had sent no good token after {} s", took.as_secs());
            (failed, text, Explains::Silence)
        }
    };
    Some(told)
}

fn other(seen: &Seen<'_>, now: Timestamp) -> Option<(State, String, Explains)> {
    let repository = &seen.repository;
    let failed = State::Failed(Exit::Configuration);
    let secret = seen.sent?.secret()?.expose();
    let told = match expiry(secret) {
        None if secret.is_empty() => {
            let text = format!("asks {repository} with a user name and no password");
            (failed, text, Explains::Silence)
        }
        None => {
            let text = format!("sends {repository} a password that is no token of CodeArtifact");
            (failed, text, Explains::Leftover)
        }
        Some(expires) if expires.since(now) == 0 => {
            let when = ago(now.since(expires));
            (
                failed,
                format!("sends {repository} a token that ran out {when}"),
                Explains::Leftover,
            )
        }
        // Each time that it asks, its helper gets another one.
        Some(_) if !seen.is_kept => return None,
        Some(expires) => {
            let left = span(expires.since(now));
            let text = format!("sends {repository} another token than ours, good for {left}");
            (State::Warning, text, Explains::Leftover)
        }
    };
    Some(told)
}

fn wrong_user(sent: &SentCredentials) -> Option<&str> {
    match sent {
        SentCredentials::Basic { user, .. } => Some(user.expose()).filter(|user| *user != USER),
        _ => None,
    }
}

/// The client asked nothing at all: its own words are all there is.
fn silence(seen: &Seen<'_>) -> String {
    let output = seen
        .observed
        .map_or("", |observed| observed.output.as_str());
    match last_words(output) {
        Some(line) => format!("asks nobody: {line}"),
        None => "asks nobody".to_owned(),
    }
}

/// The last line that speaks of an error, or the last one. A line that may hold a secret is not shown.
fn last_words(output: &str) -> Option<String> {
    let lines = output
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let lines: Vec<_> = lines.filter(|line| !may_hold_secret(line)).collect();
    let speaks = |line: &&&str| line.to_ascii_lowercase().contains("error");
    let line = lines.iter().rev().find(speaks).or(lines.last())?;
    Some(line.chars().take(LONGEST_LINE).collect())
}

fn may_hold_secret(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let has_userinfo = line.contains("://") && line.contains('@');
    let assigns = ["token", "password", "_auth"].iter().any(|word| {
        let behind = lower.split(word).skip(1);
        behind
            .into_iter()
            .any(|rest| rest.trim_start_matches(['"', ' ']).starts_with(['=', ':']))
    });
    has_userinfo || assigns || line.contains("eyJ")
}

fn explained(
    tried: &Tried,
    state: State,
    text: String,
    explains: Explains,
    environment: &Environment,
) -> Finding {
    let read = || {
        tried
            .findings
            .iter()
            .find(|it| it.state != State::Ok)
            .cloned()
    };
    let left = || {
        tried
            .leftovers
            .iter()
            .find(|it| matches!(it.state, State::Failed(_)))
            .cloned()
    };
    let why = match explains {
        Explains::Leftover => left().or_else(read),
        Explains::Silence => tried
            .reason
            .clone()
            .filter(|it| it.state != State::Ok)
            .or_else(read)
            .or_else(|| helper(tried, environment)),
        Explains::Place => overruled(tried).or_else(read),
        Explains::Nothing => None,
    };
    let hint = why.as_ref().and_then(|why| why.hint.clone());
    let text = match &why {
        Some(why) => format!("{text}: {}", why.text),
        None => text,
    };
    let name = tried.candidate.client.name();
    let hint = hint.unwrap_or_else(|| format!("`codeartifact setup {name}` writes what it needs"));
    finding(tried, state, text).hint(hint)
}

/// The variables that win over what the client's own file says.
fn overruled(tried: &Tried) -> Option<Finding> {
    let winning = tried.winning.iter();
    // How it asks a keyring is no matter of where it asks.
    let mut winning = winning.filter(|name| !name.contains("KEYRING"));
    let origin = &tried.candidate.settings.first()?.origin;
    let is_origin = |name: &str| matches!(origin, Origin::Variable(it) if it == name);
    let name = winning.find(|name| !is_origin(name))?;
    let text = format!("{name} wins over {origin}");
    Some(finding(tried, State::Failed(Exit::Configuration), text).hint(format!("unset {name}")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_own_words_are_those_about_an_error_and_hold_no_secret() {
        let rows = [
            ("", None),
            ("one\ntwo\n\n", Some("two")),
            ("error: one\n  at two\n", Some("error: one")),
            (
                "ERROR: one\nerror: https://aws:s3cret@host/\n",
                Some("ERROR: one"),
            ),
            (
                "_authToken=s3cret\n\"password\": s3cret\nUV_TOKEN = s3cret\n",
                None,
            ),
            ("error: eyJhbGciOiJ9\n", None),
            (
                "no token for https://host/\n",
                Some("no token for https://host/"),
            ),
        ];
        for (output, expected) in rows {
            assert_eq!(last_words(output).as_deref(), expected, "{output}");
        }
        let long = "x".repeat(1000);
        assert_eq!(last_words(&long).unwrap().len(), LONGEST_LINE);
    }
}
