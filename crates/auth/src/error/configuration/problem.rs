//! What is wrong with one value, whether it stands in the file or in a variable: the words, and the hint, which
//! is the corrected value wherever that can be told. An external id is never shown, and a message stays on its line.

use thiserror::Error;

use crate::endpoint::Format;
use crate::error::EndpointError;

/// What is wrong with one value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[expect(
    missing_docs,
    reason = "each variant's message says what it is, and with which fields"
)]
pub enum Problem {
    #[error("not TOML: {0}")]
    Syntax(String),
    #[error("there is no such key")]
    UnknownKey {
        nearest: Option<&'static str>,
        known: &'static [&'static str],
    },
    #[error("must be {expected}, not {found}")]
    WrongType {
        expected: &'static str,
        found: &'static str,
    },
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("must not be empty")]
    Empty,
    #[error("holds a control character")]
    ControlCharacter,
    #[error("goes with {0}, which is missing")]
    Alone(&'static str),
    #[error("`{}` is not an account of 12 digits", .0.escape_debug())]
    AccountId(String),
    #[error("`{}` is not the ARN of an IAM role", .given.escape_debug())]
    RoleArn {
        given: String,
        corrected: Option<String>,
    },
    #[error("has {0} characters, and an external id has 8 to 1224")]
    ExternalIdLength(usize),
    #[error("holds {0:?}, and an external id is made of `A–Z a–z 0–9 _ + = , . @ : / -`")]
    ExternalIdCharacter(char),
    #[error("`{}` is not a duration from 15m to 12h", .0.escape_debug())]
    Duration(String),
    #[error("`{}` is none of {}", .given.escape_debug(), .known.join(", "))]
    Choice {
        given: String,
        known: &'static [&'static str],
    },
    #[error(transparent)]
    Url(EndpointError),
    #[error("{url} names no repository")]
    NoRepository { url: String, format: Format },
    #[error("{url} is of format {found}, not {expected}")]
    OtherFormat {
        url: String,
        found: Format,
        expected: Format,
    },
    #[error("{url} belongs to account {owner}, and account_id is {account_id}")]
    OtherOwner {
        url: String,
        owner: String,
        account_id: String,
    },
    #[error("pip and its like need the URL to end in /simple/")]
    NotSimple { corrected: String },
    #[error("there is no repository URL")]
    NoUrl,
    #[error("there is no role whose session could be narrowed to the repositories")]
    NothingToNarrow,
    #[error(
        "the session policy for its repositories has {0} characters, and AWS takes {limit}",
        limit = crate::connection::LONGEST_SESSION_POLICY
    )]
    PolicyTooLong(usize),
    #[error("is neither a host nor `host:port`")]
    NotHost,
    #[error("is a host of CodeArtifact's own, which cannot stand for another one")]
    OwnHost,
    #[error("is the same host as another key")]
    SameHost,
}

impl Problem {
    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Problem::UnknownKey { nearest, known } => Some(match nearest {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("the keys here are {}", known.join(", ")),
            }),
            Problem::WrongType { expected, found } => {
                let quotes = *expected == "a string" && !matches!(*found, "array" | "table");
                quotes.then(|| "put the value in quotes".to_owned())
            }
            Problem::RoleArn { corrected, .. } => Some(match corrected {
                Some(corrected) => format!("did you mean `{corrected}`?"),
                None => "it looks like `arn:aws:iam::111122223333:role/NAME`".to_owned(),
            }),
            Problem::Duration(_) => Some("write 15m, 1h, 12h, or session".to_owned()),
            Problem::Url(error) => Some(error.hint()),
            Problem::NoRepository { url, format } => {
                Some(format!("write it as {url}{format}/REPOSITORY/"))
            }
            Problem::OtherFormat { found, .. } => Some(format!("its key is `{found}`")),
            Problem::OtherOwner { .. } => {
                Some("a connection is for one account: correct the URL, or account_id".to_owned())
            }
            Problem::NotSimple { corrected } => Some(format!("write {corrected}")),
            Problem::NoUrl => Some("add one: npm = \"https://…/npm/REPOSITORY/\"".to_owned()),
            Problem::NothingToNarrow => Some("add role_arn, or leave scope out".to_owned()),
            Problem::PolicyTooLong(_) => Some("write scope = \"domain\"".to_owned()),
            _ => None,
        }
    }
}
