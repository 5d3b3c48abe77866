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
    /// It asked the repository with one of the expected tokens.
    OurToken,
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
    let sent = |request: &&SeenRequest| {
        request
            .credentials
            .is_one_of(expected.tokens.iter().copied())
    };
    if ours.iter().any(sent) {
        Verdict::OurToken
    } else if observed.status.is_none() {
        Verdict::Hung
    } else if !ours.is_empty() {
        without_token(&ours, expected)
    } else if !observed.distrusted.is_empty() {
        Verdict::Distrusted
    } else if others.is_empty() {
        Verdict::Nothing
    } else {
        elsewhere(&others)
    }
}

impl Expected<'_> {
    fn includes(&self, request: &SeenRequest) -> bool {
        request.host == self.host && request.path.starts_with(self.path)
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
mod tests {
    use std::time::Duration;

    use super::*;

    const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
    const PATH: &str = "/pypi/my-repo/";

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    fn basic(user: &str, password: &str) -> SentCredentials {
        SentCredentials::Basic {
            user: secret(user),
            password: secret(password),
        }
    }

    fn request(host: &str, path: &str, credentials: SentCredentials) -> SeenRequest {
        let kind = match host {
            HOST => HostKind::Repository,
            "sts.amazonaws.com" => HostKind::Aws,
            _ => HostKind::Other,
        };
        let (host, path) = (host.to_owned(), path.to_owned());
        let method = "GET".to_owned();
        SeenRequest {
            host,
            kind,
            method,
            path,
            credentials,
        }
    }

    fn ours(credentials: SentCredentials) -> SeenRequest {
        request(HOST, "/pypi/my-repo/simple/my-package/", credentials)
    }

    fn observed(requests: Vec<SeenRequest>, ended: bool) -> Observed {
        Observed {
            requests,
            distrusted: Vec::new(),
            status: ended.then(std::process::ExitStatus::default),
            output: String::new(),
            took: Duration::ZERO,
        }
    }

    fn verdict(observed: &Observed) -> Verdict {
        let (good, old) = (secret("good"), secret("old"));
        let expected = Expected {
            host: HOST,
            path: PATH,
            tokens: &[&good],
            expired: &[&old],
        };
        judge(observed, &expected)
    }

    #[test]
    fn requests_become_a_verdict() {
        let nothing = || SentCredentials::Nothing;
        let other = |user: Option<&str>, expired| Verdict::OtherCredentials {
            user: user.map(str::to_owned),
            expired,
        };
        let long = "x".repeat(40);
        let elsewhere = |places: &[&str]| {
            Verdict::Elsewhere(
                places
                    .iter()
                    .map(|place| format!("https://{place}"))
                    .collect(),
            )
        };
        let aws = || request("sts.amazonaws.com", "", nothing());
        let public = || request("index.example.com", "/simple/my-package/", nothing());
        let neighbour = || request(HOST, "/pypi/my-repo-2/simple/", basic("aws", "good"));
        let rows = [
            (vec![], Verdict::Nothing),
            (vec![aws()], Verdict::Nothing),
            (vec![ours(nothing())], Verdict::NoCredentials),
            (
                vec![ours(nothing()), ours(basic("aws", "good"))],
                Verdict::OurToken,
            ),
            (
                vec![ours(SentCredentials::Bearer(secret("good")))],
                Verdict::OurToken,
            ),
            (
                vec![ours(SentCredentials::Other(secret("good")))],
                Verdict::OurToken,
            ),
            (
                vec![ours(basic("aws", "old")), ours(basic("aws", "good"))],
                Verdict::OurToken,
            ),
            (vec![ours(basic("aws", "old"))], other(Some("aws"), true)),
            (vec![ours(basic("aws", ""))], other(Some("aws"), false)),
            (
                vec![ours(basic("me", "x")), ours(nothing())],
                other(Some("me"), false),
            ),
            (vec![ours(basic(&long, ""))], other(None, false)),
            (
                vec![ours(SentCredentials::Bearer(secret("${TOKEN}")))],
                other(None, false),
            ),
            (
                vec![public(), public(), aws()],
                elsewhere(&["index.example.com"]),
            ),
            (vec![public(), ours(nothing())], Verdict::NoCredentials),
            (
                vec![neighbour()],
                elsewhere(&[&format!("{HOST}/pypi/my-repo-2/")]),
            ),
        ];
        for (requests, expected) in rows {
            let observed = observed(requests, true);
            assert_eq!(verdict(&observed), expected, "{observed:?}");
        }
    }

    #[test]
    fn a_client_that_hangs_after_it_sent_the_token_is_not_blamed() {
        assert_eq!(
            verdict(&observed(vec![ours(SentCredentials::Nothing)], false)),
            Verdict::Hung
        );
        assert_eq!(
            verdict(&observed(vec![ours(basic("aws", "good"))], false)),
            Verdict::OurToken
        );
    }

    #[test]
    fn distrust_says_nothing_about_credentials() {
        let mut observed = observed(Vec::new(), true);
        observed.distrusted.push(HOST.to_owned());
        assert_eq!(verdict(&observed), Verdict::Distrusted);
    }
}
