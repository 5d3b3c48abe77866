//! Package formats, by their name in a repository's path: how a URL of theirs ends, and how a token is sent there. Each
//! client's helper decides what else it does with a format.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::token::Secret;

/// The user name that CodeArtifact wants beside a token.
const USER: &str = "aws";

/// Package formats, by their name in a repository's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the formats' own")]
pub enum Format {
    Npm,
    Pypi,
    /// Served under `/go/REPO/`, though the API's list of formats lacks it.
    Go,
    Cargo,
    Nuget,
    Maven,
    Ruby,
    Swift,
    Generic,
}

impl Format {
    /// Every format, in the order people are shown them.
    pub const ALL: [Format; 9] = [
        Format::Npm,
        Format::Pypi,
        Format::Go,
        Format::Cargo,
        Format::Nuget,
        Format::Maven,
        Format::Ruby,
        Format::Swift,
        Format::Generic,
    ];

    /// The name in paths and in the configuration: lower case.
    pub fn name(self) -> &'static str {
        match self {
            Format::Npm => "npm",
            Format::Pypi => "pypi",
            Format::Go => "go",
            Format::Cargo => "cargo",
            Format::Nuget => "nuget",
            Format::Maven => "maven",
            Format::Ruby => "ruby",
            Format::Swift => "swift",
            Format::Generic => "generic",
        }
    }

    /// Returns the path that its clients need after the repository's root: pip its index, NuGet its service index.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Pypi => "simple/",
            Format::Nuget => "v3/index.json",
            _ => "",
        }
    }

    /// The header `Authorization` by which its clients send a token. Cargo sends it as it is. Source: AWS's pages on
    /// npm, pip, Maven and cargo with CodeArtifact.
    pub fn authorization(self, token: &Secret) -> Secret {
        let token = token.expose();
        Secret::new(match self {
            Format::Npm => format!("Bearer {token}"),
            Format::Cargo => token.to_owned(),
            _ => {
                let pair = Secret::new(format!("{USER}:{token}"));
                format!("Basic {}", STANDARD.encode(pair.expose()))
            }
        })
    }

    /// The format of that exact name.
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_sends_the_token_in_its_own_way() {
        let token = Secret::new("eyJ2".into());
        let rows = [
            (Format::Npm, "Bearer eyJ2"),
            (Format::Pypi, "Basic YXdzOmV5SjI="),
            (Format::Go, "Basic YXdzOmV5SjI="),
            (Format::Maven, "Basic YXdzOmV5SjI="),
            (Format::Cargo, "eyJ2"),
        ];
        for (format, expected) in rows {
            assert_eq!(format.authorization(&token).expose(), expected);
        }
    }

    #[test]
    fn a_name_is_read_back_and_no_other_spelling_is() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
            assert_eq!(Format::from_name(&format.name().to_uppercase()), None);
        }
        assert_eq!(Format::from_name(""), None);
    }
}
