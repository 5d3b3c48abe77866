//! Why a client's request was refused though a token is at hand: what a helper learns when it is asked again.

use thiserror::Error;

/// Why a client's request was refused though a token is at hand. The texts are URLs without userinfo.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The server knows the token: another one would be refused as well.
    #[error("{0} was refused (403 Forbidden): the token is good, but its role may not read there")]
    Forbidden(String),
    /// The client's own URL carries credentials, which it prefers to ours.
    #[error("{0} was refused with the user and password that stand in the URL itself")]
    OwnCredentials(String),
    /// A repository's root was given to pip, which reads an index below it.
    #[error("{0} is not an index, so pip will find no package there")]
    NotAnIndex(String),
}

impl Refusal {
    /// The one thing to do next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Refusal::Forbidden(_) => {
                "compare what the role may read with `codeartifact policy permissions`".to_owned()
            }
            Refusal::NotAnIndex(root) => format!("give pip {root}simple/"),
            Refusal::OwnCredentials(_) => {
                "remove them from the URL, so that it begins with `https://` and the host"
                    .to_owned()
            }
        })
    }
}
