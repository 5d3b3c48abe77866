//! Tokens that were left where they do not belong: in a client's settings, where they are sent for ever instead of a
//! fresh one, or in a file of the project, where they are published. Told with file and line; the token is never shown.
//! A client's room says where that client looks ([`Leftovers`]).

#[cfg(test)]
pub(crate) mod for_tests;

use std::path::PathBuf;

use codeartifact_auth::error::Exit;
use codeartifact_auth::token::Timestamp;

use crate::finding::Finding;
use crate::here::{self, Here, NamedText};
use crate::words::{ago, counted, span};
use crate::written_token;
use crate::{ALL, Client};

pub use crate::written_token::expiry;

const CHECK: &str = "client_leftover";

/// Files that are no client's own.
const COMMON: [&str; 2] = ["Dockerfile", ".env"];

/// The places where a token of a client may have been left.
pub struct Leftovers {
    /// Tells what becomes of a token there.
    pub sends: &'static str,
    /// Files of a project that the client reads.
    pub project: &'static [&'static str],
    /// The same, where something else becomes of it.
    pub others: &'static [(&'static str, &'static str)],
    /// Files of a project that it writes: a token there is published, and never sent.
    pub published: &'static [&'static str],
    /// Variables that it reads.
    pub variables: &'static [&'static str],
    /// Variables that hold nothing but a password, `*` for any name: `exec` sets them with a token that is good, so
    /// only one that has run out was left there.
    pub passwords: &'static [&'static str],
    /// Files of the user's that it reads.
    pub user: fn(&Here<'_>) -> Vec<PathBuf>,
}

impl Leftovers {
    /// None.
    pub const NONE: Leftovers = Leftovers {
        sends: "",
        project: &[],
        others: &[],
        published: &[],
        variables: &[],
        passwords: &[],
        user: |_| Vec::new(),
    };

    fn names(&self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        let read = self.project.iter().map(|name| (*name, Some(self.sends)));
        let others = self
            .others
            .iter()
            .map(|(name, sends)| (*name, Some(*sends)));
        let published = self.published.iter().map(|name| (*name, None));
        read.chain(others).chain(published)
    }
}

/// A text to look through.
struct TokenPlace {
    found: NamedText,
    /// The client that sends a token there instead of asking us.
    used: Option<&'static str>,
    /// A variable has one line.
    is_file: bool,
}

/// Every token that was left, of any client.
pub fn findings(here: &Here<'_>) -> Vec<Finding> {
    findings_of(ALL, here)
}

/// The same of these clients alone.
pub fn findings_of(clients: &[&dyn Client], here: &Here<'_>) -> Vec<Finding> {
    let now = here.environment.now();
    let places = places(clients, here);
    let judged = places.iter().flat_map(|place| judge(place, now, here));
    judged.collect()
}

/// Each once: at home, a file of the project may be the user's as well.
fn places(clients: &[&dyn Client], here: &Here<'_>) -> Vec<TokenPlace> {
    let leftovers: Vec<_> = clients.iter().map(|client| client.leftovers()).collect();
    let names = leftovers.iter().flat_map(|it| it.names());
    let names: Vec<_> = names.chain(COMMON.map(|name| (name, None))).collect();
    let directories = here.directories().into_iter();
    let project = directories.flat_map(|directory| {
        names
            .iter()
            .map(move |(name, used)| (directory.join(name), *used))
    });
    let user = leftovers.iter().flat_map(|it| {
        let files = (it.user)(here).into_iter();
        files.map(|file| (file, Some(it.sends)))
    });
    let files = project.chain(user).filter_map(|(file, used)| {
        let found = here::read(&file)?;
        Some(TokenPlace {
            found,
            used,
            is_file: true,
        })
    });
    let variables = leftovers.iter().flat_map(|it| {
        let set = it.variables.iter().filter_map(|name| here.variable(name));
        set.map(|found| TokenPlace {
            found,
            used: Some(it.sends),
            is_file: false,
        })
    });
    let passwords = leftovers.iter().flat_map(|it| {
        let set = it.passwords.iter().flat_map(|name| expired(name, here));
        set.map(|found| TokenPlace {
            found,
            used: Some(it.sends),
            is_file: false,
        })
    });
    let mut places: Vec<TokenPlace> = Vec::new();
    for place in files.chain(variables).chain(passwords) {
        if places
            .iter()
            .all(|known| known.found.name != place.found.name)
        {
            places.push(place);
        }
    }
    places
}

/// The variable for a password of this client's that is set to nothing: most clients send that.
pub fn empty(client: &dyn Client, here: &Here<'_>) -> Option<Finding> {
    let leftovers = client.leftovers();
    let mut patterns = leftovers.passwords.iter();
    let name = patterns.find_map(|pattern| {
        let emptied = here.environment.emptied_starting_with(start_of(pattern));
        emptied.into_iter().find(|name| is_like(name, pattern))
    })?;
    let text = format!("{name} is empty: {}", leftovers.sends);
    let finding = Finding::failed(CHECK, "empty password", text, Exit::Configuration);
    Some(finding.hint(format!("unset {name}")))
}

/// Variables of this name with a token that has run out.
fn expired(pattern: &str, here: &Here<'_>) -> Vec<NamedText> {
    let set = here.environment.starting_with(start_of(pattern));
    let set = set.into_iter().filter(|(name, _)| is_like(name, pattern));
    let now = here.environment.now();
    let old = set.filter(|(_, text)| expiry(text.trim()).is_some_and(|at| at.since(now) == 0));
    old.map(|(name, text)| NamedText { name, text }).collect()
}

fn start_of(pattern: &str) -> &str {
    pattern.split_once('*').map_or(pattern, |(start, _)| start)
}

fn is_like(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        Some((start, end)) => name.starts_with(start) && name.ends_with(end),
        None => name == pattern,
    }
}

/// A lock file repeats one token on thousands of lines: told once.
fn judge(place: &TokenPlace, now: Timestamp, here: &Here<'_>) -> Vec<Finding> {
    let found = written_token::find(&place.found.text, &|url| here.is_ours(url));
    let mut told_of = Vec::new();
    let mut findings = Vec::new();
    for leftover in &found {
        if told_of.contains(&leftover.expires) {
            continue;
        }
        told_of.push(leftover.expires);
        let alike = found
            .iter()
            .filter(|other| other.expires == leftover.expires);
        let name = match (place.is_file, alike.count() - 1) {
            (false, _) => place.found.name.clone(),
            (true, 0) => format!("{}:{}", place.found.name, leftover.line),
            (true, more) => format!(
                "{}:{} (and on {})",
                place.found.name,
                leftover.line,
                counted(more, "more line")
            ),
        };
        let finding = finding_of(&name, leftover.expires, place.used, now);
        findings.push(if place.is_file {
            finding
        } else {
            finding.hint(format!("unset {name}"))
        });
    }
    findings
}

/// A token that is sent and has run out keeps a client from working; one that still lives will.
fn finding_of(
    name: &str,
    expires: Option<Timestamp>,
    used: Option<&str>,
    now: Timestamp,
) -> Finding {
    let age = match expires {
        Some(expires) if expires.since(now) == 0 => {
            format!("a token that ran out {}", ago(now.since(expires)))
        }
        Some(expires) => format!("a token that is good for {}", span(expires.since(now))),
        None => "a password".to_owned(),
    };
    let lives = expires.is_some_and(|expires| expires.since(now) > 0);
    let why = used.unwrap_or("anyone who has the file has the token");
    let text = format!("{name} holds {age}: {why}");
    let finding = if used.is_some() && !lives {
        Finding::failed(CHECK, "leftover token", text, Exit::Configuration)
    } else {
        Finding::warning(CHECK, "leftover token", text)
    };
    finding.hint("take it out; the URL alone is enough, as `codeartifact repositories` shows it")
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::environment::Environment;

    use super::*;
    use crate::finding::State;

    #[test]
    fn what_is_sent_and_has_run_out_is_a_failure() {
        let now = Timestamp(1_800_000_000);
        let used = Some("pip sends it and asks no keyring");
        let failed = State::Failed(Exit::Configuration);
        let rows = [
            (
                Some(now.0 - 86_400),
                used,
                failed,
                "a:1 holds a token that ran out 24 h ago: pip sends it",
            ),
            (None, used, failed, "a:1 holds a password: pip sends it"),
            (
                Some(now.0 + 3600),
                used,
                State::Warning,
                "a:1 holds a token that is good for 1 h",
            ),
            (
                Some(now.0 - 3600),
                None,
                State::Warning,
                "anyone who has the file has the token",
            ),
        ];
        for (expires, used, state, says) in rows {
            let found = finding_of("a:1", expires.map(Timestamp), used, now);
            assert_eq!(found.state, state);
            assert!(found.text.contains(says), "{}", found.text);
        }
    }

    /// At home, where the project's files are the user's too.
    #[test]
    fn one_token_is_told_once() {
        let home = tempfile::tempdir().unwrap();
        let now = Timestamp(1_800_000_000);
        let (old, other) = (for_tests::token(now.0 - 60), for_tests::token(now.0 - 7200));
        let url = |token: &str| {
            format!(
                "https://aws:{token}@my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/\n"
            )
        };
        let lock = [url(&old), url(&other), url(&old), url(&old)].concat();
        std::fs::write(home.path().join("yarn.lock"), lock).unwrap();
        std::fs::write(
            home.path().join(".yarnrc.yml"),
            format!("npmAuthToken: {old}\n"),
        )
        .unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), now);
        let here = Here::at(home.path().to_owned(), &environment);
        let told: Vec<_> = findings(&here).into_iter().map(|it| it.text).collect();
        assert_eq!(told.len(), 3, "{told:#?}");
        assert!(told[0].contains(".yarnrc.yml:1 holds"), "{told:#?}");
        assert!(
            told[1].contains("yarn.lock:1 (and on 2 more lines) holds"),
            "{told:#?}"
        );
        assert!(told[2].contains("yarn.lock:2 holds"), "{told:#?}");
    }

    #[test]
    fn a_password_that_is_empty_is_named() {
        let variables = [
            ("TWINE_PASSWORD", "s3cret"),
            ("UV_INDEX_ACME_PASSWORD", ""),
            ("UV_INDEX_ACME_USERNAME", ""),
        ];
        let home = std::path::PathBuf::from("/nonexistent");
        let environment = Environment::fixed(&variables, home.clone(), Timestamp(0));
        let here = Here::at(home, &environment);
        let found = ALL.iter().filter_map(|client| empty(*client, &here));
        let hints: Vec<_> = found.filter_map(|it| it.hint).collect();
        assert_eq!(hints, ["unset UV_INDEX_ACME_PASSWORD"]);
    }

    #[test]
    fn a_password_in_a_variable_counts_once_it_has_run_out() {
        let now = Timestamp(1_800_000_000);
        let (old, live) = (for_tests::token(now.0 - 60), for_tests::token(now.0 + 60));
        let variables = [
            ("UV_INDEX_ACME_PASSWORD", old.as_str()),
            ("UV_INDEX_OTHER_PASSWORD", live.as_str()),
            ("UV_INDEX_ACME_USERNAME", old.as_str()),
            ("TWINE_PASSWORD", old.as_str()),
            ("TWINE_PASSWORD_2", old.as_str()),
        ];
        let home = std::path::PathBuf::from("/nonexistent");
        let environment = Environment::fixed(&variables, home.clone(), now);
        let found = findings(&Here::at(home, &environment));
        let texts: Vec<_> = found
            .iter()
            .map(|it| it.text.split(' ').next().unwrap())
            .collect();
        assert_eq!(texts, ["UV_INDEX_ACME_PASSWORD", "TWINE_PASSWORD"]);
        assert_eq!(
            found[0].hint.as_deref(),
            Some("unset UV_INDEX_ACME_PASSWORD")
        );
    }
}
