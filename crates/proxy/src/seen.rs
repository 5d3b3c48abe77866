//! Records what a client sent: one row for each request, in order. Queries are left out, since they may hold secrets.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use codeartifact_auth::token::Secret;
use http::{HeaderMap, StatusCode, header};

use crate::hosts::HostKind;

/// A request as it reached the stand-in.
#[derive(Debug, Clone)]
pub struct SeenRequest {
    /// The host that the client asked, lower case, with its port unless that is 443.
    pub host: String,
    /// How the stand-in treated that host.
    pub kind: HostKind,
    /// `GET`, `HEAD`, …; `CONNECT` for a tunnel to AWS, of which nothing else can be seen.
    pub method: String,
    /// Without the query; empty for a tunnel.
    pub path: String,
    /// The credentials that the client sent.
    pub credentials: SentCredentials,
    /// The stand-in's answer; `None` from AWS itself.
    pub answered: Option<StatusCode>,
}

/// How the files of packages end that a client downloads from a repository.
const FILES: [&str; 5] = [".whl", ".tar.gz", ".tgz", ".crate", ".nupkg"];

impl SeenRequest {
    /// Tells whether it was for the file of a package.
    pub fn is_for_file(&self) -> bool {
        FILES.iter().any(|ending| self.path.ends_with(ending))
    }

    /// Tells whether the repository has nothing at that path.
    pub fn is_for_nothing(&self) -> bool {
        self.answered == Some(StatusCode::NOT_FOUND)
    }
}

/// The value of the header `Authorization`.
#[derive(Debug, Clone)]
pub enum SentCredentials {
    /// There was no such header.
    Nothing,
    /// A user name and a password. A token is sometimes put in the place of the user, so both are secret.
    Basic {
        /// `aws`, as a rule.
        user: Secret,
        /// The token, as a rule.
        password: Secret,
    },
    /// A token as npm's clients send it.
    Bearer(Secret),
    /// Anything else, whole: cargo sends the bare token.
    Other(Secret),
}

impl SentCredentials {
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Self::Nothing;
        };
        let value = String::from_utf8_lossy(value.as_bytes());
        let (scheme, rest) = value.split_once(' ').unwrap_or((&value, ""));
        if scheme.eq_ignore_ascii_case("bearer") {
            return Self::Bearer(Secret::new(rest.trim().to_owned()));
        }
        let basic = scheme.eq_ignore_ascii_case("basic").then(|| basic(rest));
        basic
            .flatten()
            .unwrap_or_else(|| Self::Other(Secret::new(value.clone().into_owned())))
    }

    /// The part that takes the place of a password.
    pub fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Nothing => None,
            Self::Basic { password, .. } => Some(password),
            Self::Bearer(secret) | Self::Other(secret) => Some(secret),
        }
    }

    /// Tells whether this is one of `tokens`.
    pub fn is_one_of<'a>(&self, tokens: impl IntoIterator<Item = &'a Secret>) -> bool {
        let sent = self.secret().map(Secret::expose);
        tokens.into_iter().any(|token| Some(token.expose()) == sent)
    }
}

fn basic(encoded: &str) -> Option<SentCredentials> {
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let decoded = Secret::new(decoded);
    let (user, password) = decoded.expose().split_once(':')?;
    Some(SentCredentials::Basic {
        user: Secret::new(user.to_owned()),
        password: Secret::new(password.to_owned()),
    })
}

/// The requests of one run so far.
#[derive(Default)]
pub(crate) struct Log(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    requests: Vec<SeenRequest>,
    distrusted: Vec<String>,
}

impl Log {
    pub(crate) fn add(&self, request: SeenRequest) {
        self.entries().requests.push(request);
    }

    /// Notes that a handshake as `host` failed: the client does not trust the run's authority, as a rule.
    pub(crate) fn add_distrusted(&self, host: &str) {
        self.entries().distrusted.push(host.to_owned());
    }

    /// Takes the requests, and the hosts whose handshakes failed.
    pub(crate) fn take(&self) -> (Vec<SeenRequest>, Vec<String>) {
        let entries = std::mem::take(&mut *self.entries());
        (entries.requests, entries.distrusted)
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorization_headers() {
        let rows = [
            (None, "nothing"),
            (Some("Basic YXdzOnNlY3JldA=="), "basic aws secret"),
            (Some("basic  YXdzOg=="), "basic aws "),
            (Some("Bearer secret"), "bearer secret"),
            (Some("bearer "), "bearer "),
            (Some("secret"), "other secret"),
            (Some("Basic !"), "other Basic !"),
            (Some("Basic YXdz"), "other Basic YXdz"),
        ];
        for (value, expected) in rows {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            }
            let shown = match SentCredentials::read(&headers) {
                SentCredentials::Nothing => "nothing".to_owned(),
                SentCredentials::Basic { user, password } => {
                    format!("basic {} {}", user.expose(), password.expose())
                }
                SentCredentials::Bearer(token) => format!("bearer {}", token.expose()),
                SentCredentials::Other(value) => format!("other {}", value.expose()),
            };
            assert_eq!(shown, expected, "{value:?}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::AUTHORIZATION,
            "Basic YXdzOnNlY3JldA==".parse().unwrap(),
        );
        let shown = format!("{:?}", SentCredentials::read(&headers));
        assert!(
            !shown.contains("secret") && !shown.contains("aws"),
            "{shown}"
        );
    }
}
