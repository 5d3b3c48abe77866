//! One call by go, from its argument and stdin to the answer: the first call of a run, and the calls after a
//! request failed. The bytes are made in `answer`.

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::{Exit, row};
use codeartifact_auth::report::without_userinfo;
use codeartifact_auth::token::Secret;
use codeartifact_auth::{Answer, Authenticator, Error};
use codeartifact_clients::go::proxies;
use codeartifact_helper::Io;

use crate::{answer, prefix, reach, refusal};

/// Answers go.
pub(crate) fn answer(io: &mut Io<'_>) -> Exit {
    match &io.texts()[..] {
        [] => first_call(io),
        [url] if !url.starts_with('-') => call_about(io, url),
        _ => {
            io.say("usage: codeartifact-goauth [URL]");
            Exit::Usage
        }
    }
}

/// The meaning of a refusal for the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// It was sent, and is not accepted any more.
    Refused,
    /// It was sent, is known, and may not read this.
    Forbidden,
    /// Nothing was sent yet.
    Missing,
    /// It was sent, and nothing is there: go looks for many modules that do not exist.
    Absent,
    /// It says nothing about the token.
    Nothing,
}

/// Without a status a person asks, and is answered as at go's first call.
fn meaning(status: Option<u16>, was_sent: bool) -> Meaning {
    match (status, was_sent) {
        (Some(401), true) => Meaning::Refused,
        (Some(403), true) => Meaning::Forbidden,
        (Some(404), true) => Meaning::Absent,
        (None | Some(401 | 403), _) => Meaning::Missing,
        (Some(_), _) => Meaning::Nothing,
    }
}

/// go sends what we say here with its very first request. What failed is asked again when that is refused, so it must
/// not take the rest away: go reads nothing of a helper that fails.
fn first_call(io: &mut Io<'_>) -> Exit {
    let proxies = served(io.environment());
    if proxies.is_empty() {
        return Exit::Done;
    }
    let authenticator = match io.authenticator() {
        Ok(authenticator) => authenticator,
        Err(error) => return io.fail(&proxies[0], None, &error),
    };
    let (mut sets, mut failed) = (Vec::new(), Exit::Done);
    for url in &proxies {
        match set_for(url, &proxies, &authenticator) {
            Ok(Some((set, answer))) => {
                io.warn(&answer.warnings);
                sets.push(set);
            }
            Ok(None) => {}
            Err(error) => failed = io.fail(url, None, &error),
        }
    }
    if sets.is_empty() {
        return failed;
    }
    io.print(joined(&sets).expose());
    Exit::Done
}

fn call_about(io: &mut Io<'_>, url: &str) -> Exit {
    let authenticator = match io.authenticator() {
        Ok(authenticator) => authenticator,
        Err(error) => return io.fail(url, None, &error),
    };
    match codeartifact_helper::endpoint(&authenticator, url) {
        Ok(Some(_)) if prefix::has_userinfo(url) => io.fail(url, None, &own_credentials(url)),
        Ok(Some(endpoint)) => answer_about(io, url, &authenticator, &endpoint),
        Ok(None) => Exit::Done,
        Err(error) => io.fail(url, None, &error),
    }
}

fn answer_about(
    io: &mut Io<'_>,
    url: &str,
    authenticator: &Authenticator,
    endpoint: &Endpoint,
) -> Exit {
    let prefix = prefix::of(url, endpoint);
    let proxies = served(io.environment());
    let was_sent = proxies
        .iter()
        .any(|proxy| is_of(proxy, &prefix, authenticator));
    let status = io.stdin(|stdin| refusal::status(stdin));
    let found = match meaning(status, was_sent) {
        Meaning::Refused => authenticator.replace(endpoint, None).map(Some),
        Meaning::Missing => authenticator.token(endpoint, None).map(Some),
        Meaning::Absent => after_absence(authenticator, endpoint),
        Meaning::Nothing => authenticator.cached(endpoint, None),
        Meaning::Forbidden => Err(row::REQUEST_FORBIDDEN.with("url", endpoint.root()).into()),
    };
    match found {
        Ok(Some(answer)) => {
            io.warn(&answer.warnings);
            let prefixes = reach::prefixes(url, endpoint, &proxies, authenticator);
            io.print(answer::credentials(&prefixes, &answer.token.secret).expose());
            Exit::Done
        }
        Ok(None) => Exit::Done,
        Err(error) => io.fail(url, None, &error),
    }
}

/// The proxies that may need us: go asks only for https, and prefers the credentials that a URL carries itself.
fn served(environment: &Environment) -> Vec<String> {
    let mut proxies = proxies(environment);
    proxies.retain(|url| is_https(url) && !prefix::has_userinfo(url));
    proxies
}

fn is_https(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("https"))
}

/// `None` if the URL is not CodeArtifact's.
fn set_for(
    url: &str,
    proxies: &[String],
    authenticator: &Authenticator,
) -> Result<Option<(Secret, Answer)>, Error> {
    let Some(endpoint) = codeartifact_helper::endpoint(authenticator, url)? else {
        return Ok(None);
    };
    let answer = authenticator.token(&endpoint, None)?;
    let prefixes = reach::prefixes(url, &endpoint, proxies, authenticator);
    let set = answer::credentials(&prefixes, &answer.token.secret);
    Ok(Some((set, answer)))
}

/// A probe mints nothing. Only a token that ran out since it was sent is replaced: a server may answer 404
/// to it, as if nothing were there.
fn after_absence(
    authenticator: &Authenticator,
    endpoint: &Endpoint,
) -> Result<Option<Answer>, Error> {
    match authenticator.cached(endpoint, None)? {
        None if authenticator.has_run_out(endpoint, None)? => {
            authenticator.token(endpoint, None).map(Some)
        }
        answer => Ok(answer),
    }
}

/// Tells whether the first call answered for this prefix. If not, go sent nothing there, and a 401 says nothing about the
/// token that is kept.
fn is_of(proxy: &str, prefix: &str, authenticator: &Authenticator) -> bool {
    let endpoint = authenticator.endpoint(proxy);
    endpoint.is_ok_and(|endpoint| prefix.starts_with(&prefix::of(proxy, &endpoint)))
}

fn joined(sets: &[Secret]) -> Secret {
    let length = sets.iter().map(|set| set.expose().len()).sum();
    let mut text = String::with_capacity(length);
    for set in sets {
        text.push_str(set.expose());
    }
    Secret::new(text)
}

fn own_credentials(url: &str) -> Error {
    row::URL_WITH_CREDENTIALS
        .with("url", without_userinfo(url))
        .into()
}

#[cfg(test)]
mod tests;
