//! From what was seen to what is said. Pure, and about one repository: a client that asks several is judged once
//! for each.

use codeartifact_auth::token::Secret;

use crate::hosts::HostKind;
use crate::seen::{SeenRequest, SentCredentials};
use crate::trials::Observed;

/// A user name longer than this may be a token in the wrong place.
const LONGEST_USER: usize = 32;

/// The request that a client should have made.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The repository's host, as [`SeenRequest::host`] has it.
    pub host: &'a str,
    /// The beginning of the path of each of its requests: `/pypi/my-repo/`.
    pub path: &'a str,
    /// Tokens that are good for it.
    pub tokens: &'a [&'a Secret],
    /// Tokens that are known to be no longer good, such as one in a settings file.
    pub expired: &'a [&'a Secret],
}

/// The client's behaviour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It asked the repository with one of the expected tokens, and got what it asked for.
    OurToken,
    /// It asked with one of them, but only for what no repository has: this URL.
    Absent(String),
    /// It asked with one of them, but for the files of packages with something else.
    File(Box<Verdict>),
    /// It asked with something else.
    OtherCredentials {
        /// The user name, if there was one that can be shown.
        user: Option<String>,
        /// Tells whether the secret is one of the expired tokens.
        expired: bool,
    },
    /// It asked, and sent no credentials.
    NoCredentials,
    /// It asked other places only: `https://HOST` or, on a repository's host, `https://HOST/FORMAT/REPOSITORY/`.
    Elsewhere(Vec<String>),
    /// It refused the stand-in's certificate, so the trial shows nothing about its credentials.
    Distrusted,
    /// It asked nothing.
    Nothing,
    /// It did not end in time, and had sent no good token by then.
    Hung,
}

/// Judges a run. A good token counts even if worse credentials were sent before or beside it, because clients try
/// several; without one the last credentials count.
pub fn judge(observed: &Observed, expected: &Expected<'_>) -> Verdict {
    let (ours, others): (Vec<_>, Vec<_>) = observed
        .requests
        .iter()
        .filter(|request| request.kind != HostKind::Aws)
        .partition(|request| expected.includes(request));
    let (with_token, without): (Vec<_>, Vec<_>) = ours
        .iter()
        .copied()
        .partition(|request| expected.is_sent_by(request));
    if let Some(last) = with_token.last() {
        with_good_token(&with_token, &without, last, expected)
    } else if observed.status.is_none() {
        Verdict::Hung
    } else if !ours.is_empty() {
        without_token(&ours, expected)
    } else if is_distrusted(observed) {
        Verdict::Distrusted
    } else if others.is_empty() {
        Verdict::Nothing
    } else {
        elsewhere(&others)
    }
}

/// A client that ends leaves connections behind that it had only begun: where it asked, it trusts.
fn is_distrusted(observed: &Observed) -> bool {
    let has_asked = |host: &String| observed.requests.iter().any(|it| it.host == *host);
    !observed.distrusted.iter().all(has_asked)
}

impl Expected<'_> {
    fn is_sent_by(&self, request: &SeenRequest) -> bool {
        let tokens = self.tokens.iter().copied();
        request.credentials.is_one_of(tokens)
    }

    fn includes(&self, request: &SeenRequest) -> bool {
        request.host == self.host && request.path.starts_with(self.path)
    }
}

/// A file may be at another host or path than its index page, by which clients look credentials up.
fn with_good_token(
    with_token: &[&SeenRequest],
    without: &[&SeenRequest],
    last: &SeenRequest,
    expected: &Expected<'_>,
) -> Verdict {
    if with_token.iter().all(|request| request.is_for_nothing()) {
        return Verdict::Absent(format!("https://{}{}", last.host, last.path));
    }
    let files = without.iter().copied().filter(|it| it.is_for_file());
    let files: Vec<_> = files.collect();
    if files.is_empty() || with_token.iter().any(|it| it.is_for_file()) {
        Verdict::OurToken
    } else {
        Verdict::File(Box::new(without_token(&files, expected)))
    }
}

fn without_token(ours: &[&SeenRequest], expected: &Expected<'_>) -> Verdict {
    let mut sent = ours.iter().rev().map(|request| &request.credentials);
    match sent.find(|sent| sent.secret().is_some()) {
        None => Verdict::NoCredentials,
        Some(sent) => Verdict::OtherCredentials {
            user: user(sent),
            expired: sent.is_one_of(expected.expired.iter().copied()),
        },
    }
}

fn user(sent: &SentCredentials) -> Option<String> {
    let SentCredentials::Basic { user, .. } = sent else {
        return None;
    };
    let user = user.expose();
    let shown = user.len() <= LONGEST_USER && user.chars().all(|it| it.is_ascii_graphic());
    shown.then(|| user.to_owned())
}

fn elsewhere(requests: &[&SeenRequest]) -> Verdict {
    let mut places: Vec<String> = requests.iter().map(|request| place(request)).collect();
    places.sort_unstable();
    places.dedup();
    Verdict::Elsewhere(places)
}

fn place(request: &SeenRequest) -> String {
    let host = &request.host;
    let mut segments = request.path.split('/').skip(1);
    match (request.kind, segments.next(), segments.next()) {
        (HostKind::Repository, Some(format), Some(repository)) => {
            format!("https://{host}/{format}/{repository}/")
        }
        _ => format!("https://{host}"),
    }
}

#[cfg(test)]
mod tests;
