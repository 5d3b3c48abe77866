//! One call by go, from its argument and stdin to the answer: the first call of a run, and the calls after a
//! request failed. Streams are handed in; what the bytes look like is in `answer`.

use std::io::{self, Read, Write};

use codeartifact_auth::endpoint::Endpoint;
use codeartifact_auth::environment::Environment;
use codeartifact_auth::error::{EndpointError, Exit, Refusal};
use codeartifact_auth::report::Reporter;
use codeartifact_auth::token::Secret;
use codeartifact_auth::{Answer, Authenticator, Error};
use codeartifact_clients::go::proxies;

use crate::{answer, prefix, reach, refusal};

const PROGRAM: &str = "codeartifact-goauth";

const HELP: &str = "\
usage: codeartifact-goauth [URL]

Gives go the tokens for the CodeArtifact repositories in GOPROXY. go runs it:
  go env -w GOAUTH=codeartifact-goauth GOPROXY=https://HOST/go/REPOSITORY/

Without URL it answers for all of GOPROXY; with one, for that, and reads the
response that go got on stdin. See `go help goauth`.
";

/// What the conversation is held with.
pub(crate) struct World<'a> {
    pub(crate) environment: &'a Environment,
    /// Made only when there is something that may be ours.
    pub(crate) authenticator: &'a dyn Fn() -> Result<Authenticator, Error>,
    pub(crate) stdin: Box<dyn Read + Send>,
    pub(crate) stdout: &'a mut dyn Write,
    pub(crate) stderr: &'a mut dyn Write,
}

/// Answers go.
///
/// # Errors
/// A stream is closed: nobody listens.
pub(crate) fn converse(arguments: &[String], mut world: World<'_>) -> io::Result<Exit> {
    match arguments {
        [] => world.first_call(),
        [only] if only == "--version" => {
            world.say(&format!("{PROGRAM} {}\n", env!("CARGO_PKG_VERSION")))
        }
        [only] if only == "--help" || only == "-h" => world.say(HELP),
        [url] if !url.starts_with('-') => world.call_about(url),
        _ => world.usage(),
    }
}

/// What a refused request says about the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// It was sent, and is not taken any more.
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

/// Without a status a person asks, as if go had not asked before.
fn meaning(status: Option<u16>, was_sent: bool) -> Meaning {
    match (status, was_sent) {
        (Some(401), true) => Meaning::Refused,
        (Some(403), true) => Meaning::Forbidden,
        (Some(404), true) => Meaning::Absent,
        (None | Some(401 | 403), _) => Meaning::Missing,
        (Some(_), _) => Meaning::Nothing,
    }
}

impl World<'_> {
    /// go sends what we say here with its very first request. What failed is asked again when that is refused, so
    /// it must not take the rest away: go reads nothing of a helper that fails.
    fn first_call(&mut self) -> io::Result<Exit> {
        let proxies = served(self.environment);
        if proxies.is_empty() {
            return Ok(Exit::Done);
        }
        let authenticator = match (self.authenticator)() {
            Ok(authenticator) => authenticator,
            Err(error) => return self.fail(&proxies[0], &error),
        };
        let (mut sets, mut failed) = (Vec::new(), Exit::Done);
        for url in &proxies {
            match set_for(url, &proxies, &authenticator) {
                Ok(Some((set, answer))) => {
                    self.tell(&answer)?;
                    sets.push(set);
                }
                Ok(None) => {}
                Err(error) => failed = self.fail(url, &error)?,
            }
        }
        match sets.is_empty() {
            true => Ok(failed),
            false => self.say(joined(&sets).expose()),
        }
    }

    fn call_about(&mut self, url: &str) -> io::Result<Exit> {
        let authenticator = match (self.authenticator)() {
            Ok(authenticator) => authenticator,
            Err(error) => return self.fail(url, &error),
        };
        match authenticator.endpoint(url) {
            Ok(_) if prefix::has_userinfo(url) => self.fail(url, &own_credentials(url)),
            Ok(endpoint) => self.answer_about(url, &authenticator, &endpoint),
            Err(Error::Endpoint(EndpointError::NotCodeArtifact(_))) => Ok(Exit::Done),
            Err(error) => self.fail(url, &error),
        }
    }

    fn answer_about(
        &mut self,
        url: &str,
        authenticator: &Authenticator,
        endpoint: &Endpoint,
    ) -> io::Result<Exit> {
        let stdin = std::mem::replace(&mut self.stdin, Box::new(io::empty()));
        let prefix = prefix::of(url, endpoint);
        let proxies = served(self.environment);
        let was_sent = proxies
            .iter()
            .any(|proxy| is_of(proxy, &prefix, authenticator));
        let found = match meaning(refusal::status(stdin), was_sent) {
            Meaning::Refused => authenticator.replace(endpoint, None).map(Some),
            Meaning::Missing => authenticator.token(endpoint, None).map(Some),
            Meaning::Absent => after_absence(authenticator, endpoint),
            Meaning::Nothing => authenticator.cached(endpoint, None),
            Meaning::Forbidden => Err(Refusal::Forbidden(endpoint.root()).into()),
        };
        match found {
            Ok(Some(answer)) => {
                self.tell(&answer)?;
                let prefixes = reach::prefixes(url, endpoint, &proxies, authenticator);
                self.say(answer::credentials(&prefixes, &answer.token.secret).expose())
            }
            Ok(None) => Ok(Exit::Done),
            Err(error) => self.fail(url, &error),
        }
    }

    fn usage(&mut self) -> io::Result<Exit> {
        writeln!(self.stderr, "{PROGRAM}: usage: {PROGRAM} [URL]")?;
        Ok(Exit::Usage)
    }

    fn tell(&mut self, answer: &Answer) -> io::Result<()> {
        let notices = Reporter::new(PROGRAM, self.environment).notices(&answer.notices);
        self.stderr.write_all(notices.as_bytes())
    }

    fn fail(&mut self, url: &str, error: &Error) -> io::Result<Exit> {
        let text = Reporter::new(PROGRAM, self.environment).failure(url, error.connection(), error);
        self.stderr.write_all(text.as_bytes())?;
        Ok(error.exit())
    }

    /// The answer, in one piece.
    fn say(&mut self, text: &str) -> io::Result<Exit> {
        self.stdout.write_all(text.as_bytes())?;
        self.stdout.flush()?;
        Ok(Exit::Done)
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

/// `None`: somebody else's.
fn set_for(
    url: &str,
    proxies: &[String],
    authenticator: &Authenticator,
) -> Result<Option<(Secret, Answer)>, Error> {
    let endpoint = match authenticator.endpoint(url) {
        Err(Error::Endpoint(EndpointError::NotCodeArtifact(_))) => return Ok(None),
        endpoint => endpoint?,
    };
    let answer = authenticator.token(&endpoint, None)?;
    let prefixes = reach::prefixes(url, &endpoint, proxies, authenticator);
    let set = answer::credentials(&prefixes, &answer.token.secret);
    Ok(Some((set, answer)))
}

/// A probe mints nothing. Only a token that ran out since it was sent is replaced: a server may hide behind a 404 that
/// it does not take it any more.
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

/// Whether the first call answered for this prefix. What it did not answer for, go sent nothing to: then a 401 says
/// nothing about the token that is kept.
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
    Refusal::OwnCredentials(prefix::without_userinfo(url)).into()
}

#[cfg(test)]
mod tests;
