//! What is wrong with one value of the file or of a variable: the reason, and the corrected value wherever that is
//! known. An external id is never shown, and a message stays on its line.

use std::fmt;

use super::{EndpointError, Failure, row};
use crate::connection::LONGEST_SESSION_POLICY;
use crate::endpoint::Format;

/// What is wrong with one value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each variant's message says what it is, and with which fields"
)]
pub enum Problem {
    Syntax(String),
    UnknownKey {
        nearest: Option<&'static str>,
        known: &'static [&'static str],
    },
    WrongType {
        expected: &'static str,
        found: &'static str,
    },
    Missing(&'static str),
    Empty,
    ControlCharacter,
    Alone(&'static str),
    AccountId(String),
    RoleArn {
        given: String,
        corrected: Option<String>,
    },
    ExternalIdLength(usize),
    ExternalIdCharacter(char),
    Duration(String),
    Choice {
        given: String,
        known: &'static [&'static str],
    },
    Url(EndpointError),
    NoRepository {
        url: String,
        format: Format,
    },
    OtherFormat {
        url: String,
        found: Format,
        expected: Format,
    },
    OtherOwner {
        url: String,
        owner: String,
        account_id: String,
    },
    NotSimple {
        corrected: String,
    },
    NoUrl,
    NothingToNarrow,
    PolicyTooLong(usize),
    NotHost,
    OwnHost,
    SameHost,
}

impl Problem {
    /// Its row, filled, but for where the value is.
    pub fn failure(&self) -> Box<Failure> {
        match self {
            Problem::UnknownKey { nearest, known } => row::KEY_UNKNOWN
                .with("known", known.join(", "))
                .with_any("nearest", *nearest),
            Problem::OtherFormat {
                url,
                found,
                expected,
            } => row::FORMAT_DIFFERS
                .with("url", url)
                .with("found", found)
                .with("expected", expected),
            Problem::OtherOwner {
                url,
                owner,
                account_id,
            } => row::OWNER_DIFFERS
                .with("url", url)
                .with("owner", owner)
                .with("account_id", account_id),
            Problem::NotSimple { corrected } => {
                let root = corrected.strip_suffix("simple/").unwrap_or(corrected);
                row::SIMPLE_MISSING.with("root", root)
            }
            wrong => row::VALUE_WRONG
                .with("reason", wrong.reason())
                .with_any("correction", wrong.correction()),
        }
    }

    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        self.failure().hint().map(str::to_owned)
    }

    /// Why the value is wrong; empty for those that have a row of their own.
    fn reason(&self) -> String {
        match self {
            Problem::Syntax(reason) => format!("not TOML: {reason}"),
            Problem::WrongType { expected, found } => format!("must be {expected}, not {found}"),
            Problem::Missing(key) => format!("{key} is missing"),
            Problem::Alone(key) => format!("goes with {key}, which is missing"),
            Problem::AccountId(given) => {
                format!("`{}` is not an account of 12 digits", given.escape_debug())
            }
            Problem::RoleArn { given, .. } => {
                format!("`{}` is not the ARN of an IAM role", given.escape_debug())
            }
            Problem::ExternalIdLength(length) => {
                format!("has {length} characters, and an external id has 8 to 1224")
            }
            Problem::ExternalIdCharacter(character) => format!(
                "holds {character:?}, and an external id is made of `A–Z a–z 0–9 _ + = , . @ : / -`"
            ),
            Problem::Duration(given) => {
                format!(
                    "`{}` is not a duration from 15m to 12h",
                    given.escape_debug()
                )
            }
            Problem::Choice { given, known } => {
                format!("`{}` is none of {}", given.escape_debug(), known.join(", "))
            }
            Problem::Url(error) => error.to_string(),
            Problem::NoRepository { url, .. } => format!("{url} names no repository"),
            Problem::PolicyTooLong(length) => format!(
                "the session policy for its repositories has {length} characters, and AWS takes {LONGEST_SESSION_POLICY}"
            ),
            plain => plain.plain_reason().to_owned(),
        }
    }

    /// Of those that have one reason only.
    fn plain_reason(&self) -> &'static str {
        match self {
            Problem::Empty => "must not be empty",
            Problem::ControlCharacter => "holds a control character",
            Problem::NoUrl => "there is no repository URL",
            Problem::NothingToNarrow => {
                "there is no role whose session could be narrowed to the repositories"
            }
            Problem::NotHost => "is neither a host nor `host:port`",
            Problem::OwnHost => "is one of CodeArtifact's own hosts, which cannot be mapped",
            Problem::SameHost => "is the same host as another key",
            _ => "",
        }
    }

    /// What to write instead, if that is known.
    fn correction(&self) -> Option<String> {
        Some(match self {
            Problem::WrongType { expected, found }
                if *expected == "a string" && !matches!(*found, "array" | "table") =>
            {
                "put the value in quotes".to_owned()
            }
            Problem::RoleArn { corrected, .. } => match corrected {
                Some(corrected) => format!("did you mean `{corrected}`?"),
                None => "it looks like `arn:aws:iam::111122223333:role/NAME`".to_owned(),
            },
            Problem::Duration(_) => "write 15m, 1h, 12h, or session".to_owned(),
            Problem::Url(error) => error.failure().hint()?.to_owned(),
            Problem::NoRepository { url, format } => {
                format!("write it as {url}{format}/REPOSITORY/")
            }
            Problem::NoUrl => "add one: npm = \"https://…/npm/REPOSITORY/\"".to_owned(),
            Problem::NothingToNarrow => "add role_arn, or leave scope out".to_owned(),
            Problem::PolicyTooLong(_) => "write scope = \"domain\"".to_owned(),
            _ => return None,
        })
    }
}

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure().fmt(formatter)
    }
}
