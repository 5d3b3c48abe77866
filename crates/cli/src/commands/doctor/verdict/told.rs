//! Puts a verdict into words: a sentence about one repository, where not all is well. `explained` finds the reason.

use codeartifact_auth::endpoint::Format;
use codeartifact_auth::error::Exit;
use codeartifact_auth::token::{Secret, Timestamp};
use codeartifact_clients::finding::State;
use codeartifact_clients::leftover::expiry;
use codeartifact_clients::words::{ago, span};
use codeartifact_proxy::{SentCredentials, Verdict};

use super::words::last_words;
use crate::commands::doctor::seen::Seen;
use crate::commands::doctor::trial::DEADLINE;

/// The user name that CodeArtifact wants.
const USER: &str = "aws";

const FAILED: State = State::Failed(Exit::Configuration);

/// Servers that clients ask unless they are led elsewhere.
const PUBLIC: [(&str, &str); 4] = [
    ("https://registry.npmjs.org", "the public npm registry"),
    ("https://registry.yarnpkg.com", "the public npm registry"),
    ("https://pypi.org", "the public Python index"),
    ("https://proxy.golang.org", "the public Go proxy"),
];

/// The trouble in words, and where to look for its reason.
pub(super) struct Told {
    pub(super) state: State,
    pub(super) text: String,
    pub(super) explains: Explains,
    /// The one thing to do, where it does not depend on the reason.
    pub(super) hint: Option<String>,
}

/// The place to look for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Explains {
    /// A token that was left somewhere.
    Leftover,
    /// A variable for a password that holds none, or the reason why it asks no helper.
    Emptiness,
    /// The reason why it asks no helper.
    Silence,
    /// The setting that leads it to another host.
    Place,
    Nothing,
}

impl Told {
    fn failed(text: String, explains: Explains) -> Self {
        Self {
            state: FAILED,
            text,
            explains,
            hint: None,
        }
    }

    fn hint(self, hint: String) -> Self {
        Self {
            hint: Some(hint),
            ..self
        }
    }
}

/// `None` where all is well.
pub(super) fn of(seen: &Seen<'_>, now: Timestamp) -> Option<Told> {
    of_verdict(&seen.verdict, &seen.repository, seen, now)
}

fn of_verdict(verdict: &Verdict, whom: &str, seen: &Seen<'_>, now: Timestamp) -> Option<Told> {
    let told = match verdict {
        Verdict::OurToken => match wrong_user(seen.sent?) {
            None => return stopped(whom, seen),
            Some(user) => {
                let text = format!(
                    "sends our token to {whom} for the user {user}; CodeArtifact wants {USER}"
                );
                Told::failed(text, Explains::Nothing)
            }
        },
        Verdict::Absent(url) => return Some(absent(url, seen)),
        Verdict::File(inner) => {
            return of_verdict(inner, &format!("the files of {whom}"), seen, now);
        }
        Verdict::OtherCredentials { .. } => return other(whom, seen, now),
        Verdict::NoCredentials => {
            let text = format!("asks {whom} with no credentials");
            Told::failed(text, Explains::Silence)
        }
        Verdict::Elsewhere(places) => elsewhere(places, whom, seen),
        Verdict::Distrusted => Told {
            state: State::Warning,
            text: "does not trust the stand-in's certificate, so nothing was seen".to_owned(),
            explains: Explains::Silence,
            hint: None,
        },
        Verdict::Nothing => Told::failed(silence(seen), Explains::Silence),
        Verdict::Hung => {
            let took = seen.run.map_or(DEADLINE, |run| run.observed.took);
            let seconds = took.as_secs();
            let text = format!("had sent no good token after {seconds} s");
            Told::failed(text, Explains::Silence)
        }
    };
    Some(told)
}

/// Its URL is of the repository, and leads to nothing there.
fn absent(url: &str, seen: &Seen<'_>) -> Told {
    let whom = &seen.repository;
    let told = Told::failed(
        format!("asks {whom} with our token, but there is nothing at {url}"),
        Explains::Nothing,
    );
    let Some(place) = &seen.endpoint.place else {
        let form = "https://HOST/pypi/REPOSITORY/simple/";
        return told.hint(format!("name the repository in the URL: {form}"));
    };
    let requests = seen.run.map(|run| run.observed.requests.as_slice());
    let mut requests = requests.unwrap_or_default().iter();
    if requests.any(|it| it.method == "POST") {
        let root = seen.endpoint.root();
        return told.hint(format!("the URL to publish to is {root}"));
    }
    let url = seen.endpoint.client_url();
    told.hint(match place.format {
        Format::Pypi => format!("the index's URL is {url}, with `simple/` at its end"),
        _ => format!("the repository's URL is {url}"),
    })
}

fn elsewhere(places: &[String], whom: &str, seen: &Seen<'_>) -> Told {
    let mut places: Vec<&str> = places.iter().map(|place| named(place)).collect();
    places.dedup();
    let mut text = format!("asks {}, not {whom}", places.join(" and "));
    if !seen.scopes.is_empty() {
        text.push_str(&format!(", for {}", seen.scopes.join(" and ")));
    }
    Told::failed(text, Explains::Place)
}

fn named(place: &str) -> &str {
    let known = PUBLIC.iter().find(|(host, _)| *host == place);
    known.map_or(place, |(_, name)| name)
}

fn other(whom: &str, seen: &Seen<'_>, now: Timestamp) -> Option<Told> {
    let secret = seen.sent?.secret().map(Secret::expose)?;
    let told = match expiry(secret) {
        None if secret.is_empty() => Told::failed(
            format!("asks {whom} with a user name and no password"),
            Explains::Emptiness,
        ),
        None => Told::failed(
            format!("sends {whom} a password that is no token of CodeArtifact"),
            Explains::Leftover,
        ),
        Some(expires) if expires.since(now) == 0 => {
            let when = ago(now.since(expires));
            let text = format!("sends {whom} a token that ran out {when}");
            Told::failed(text, Explains::Leftover)
        }
        // Each time that it asks, its helper gets another one.
        Some(_) if !seen.is_kept => return None,
        Some(expires) => {
            let left = span(expires.since(now));
            Told {
                state: State::Warning,
                text: format!("sends {whom} another token than ours, good for {left}"),
                explains: Explains::Leftover,
                hint: None,
            }
        }
    };
    Some(told)
}

/// It had all that it needs, and failed: that may be the trial's fault.
fn stopped(whom: &str, seen: &Seen<'_>) -> Option<Told> {
    seen.run.filter(|run| run.fails())?;
    let words = own_words(seen).unwrap_or_default();
    Some(Told {
        state: State::Warning,
        text: format!("asks {whom} with our token, and fails all the same: {words}"),
        explains: Explains::Nothing,
        hint: Some("try it, and look at what it says".to_owned()),
    })
}

fn own_words(seen: &Seen<'_>) -> Option<String> {
    last_words(&seen.run?.observed.output)
}

fn wrong_user(sent: &SentCredentials) -> Option<&str> {
    match sent {
        SentCredentials::Basic { user, .. } => Some(user.expose()).filter(|user| *user != USER),
        _ => None,
    }
}

/// The client asked nothing at all: its own words are all there is.
fn silence(seen: &Seen<'_>) -> String {
    match own_words(seen) {
        Some(line) => format!("asks nobody: {line}"),
        None => "asks nobody".to_owned(),
    }
}
