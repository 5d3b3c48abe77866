//! The names of links to this program that are called without an argument: the name says whose token is wanted.
//! pnpm's `tokenHelper` is such a caller. Names are made and read here; no link and no token is.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Result, ensure};
use codeartifact_auth::endpoint::Endpoint;

use super::without_scheme;

/// The directory below ours in which the links are.
pub(crate) const HELPERS: &str = "codeartifact/token-helpers";

/// The beginning of every such name.
const PREFIX: &str = "token-for-";

/// Stands for `/` in a name: no host, repository or connection has one in it.
const SLASH: &str = "+";

/// Between a connection and its registry.
const AT: char = '@';

/// Whose token a link is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helper {
    /// The connection to use, whatever the registry would choose.
    pub connection: Option<String>,
    /// `//host/path/`, as npm writes it in keys.
    pub registry: String,
}

impl Helper {
    /// For a registry, through a connection that is named or chosen by the registry itself.
    pub fn new(endpoint: &Endpoint, connection: Option<&str>) -> Self {
        Self {
            connection: connection.map(str::to_owned),
            registry: without_scheme(&endpoint.root()),
        }
    }

    /// Reads the program's own name, if it is such a link's.
    pub fn read(program: &OsStr) -> Option<Self> {
        let name = Path::new(program).file_name()?.to_str()?;
        let subject = subject(name, std::env::consts::EXE_SUFFIX)?;
        let (connection, registry) = match subject.split_once(AT) {
            Some((connection, registry)) => (Some(connection.to_owned()), registry),
            None => (None, subject),
        };
        Some(Self {
            connection,
            registry: format!("//{}/", registry.replace(SLASH, "/")),
        })
    }

    /// The registry's URL.
    pub fn url(&self) -> String {
        format!("https:{}", self.registry)
    }

    /// `token-for-CONNECTION@HOST+npm+REPOSITORY`, which [`Helper::read`] reads.
    ///
    /// # Errors
    /// The connection's name cannot be part of a file's.
    pub fn link_name(&self) -> Result<String> {
        let connection = match &self.connection {
            Some(name) => {
                ensure!(
                    name.chars().all(is_plain),
                    "a link cannot be named after connection `{}`; rename it, with letters, digits, `-`, `_` and `.`",
                    name.escape_debug()
                );
                format!("{name}{AT}")
            }
            None => String::new(),
        };
        let registry = self.registry.trim_matches('/').replace('/', SLASH);
        let suffix = std::env::consts::EXE_SUFFIX;
        Ok(format!("{PREFIX}{connection}{registry}{suffix}"))
    }
}

/// Returns what is between the prefix and the suffix, which Windows may have in capitals.
fn subject<'a>(name: &'a str, suffix: &str) -> Option<&'a str> {
    let (prefix, rest) = name.split_at_checked(PREFIX.len())?;
    let has_suffix = |at: &usize| rest[*at..].eq_ignore_ascii_case(suffix);
    let end = rest.len().checked_sub(suffix.len());
    let end = end
        .filter(|at| rest.is_char_boundary(*at))
        .filter(has_suffix);
    let is_ours = prefix == PREFIX || !suffix.is_empty() && prefix.eq_ignore_ascii_case(PREFIX);
    is_ours.then(|| &rest[..end.unwrap_or(rest.len())])
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::endpoint::MappedHosts;

    use super::*;

    const HOST: &str = "my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";

    fn endpoint(url: &str) -> Endpoint {
        Endpoint::parse(&url.replace('H', HOST), &MappedHosts::new()).unwrap()
    }

    #[test]
    fn windows_has_names_in_capitals_too() {
        let rows = [
            ("token-for-a@host+npm+r", "", Some("a@host+npm+r")),
            ("TOKEN-FOR-a@host+npm+r", "", None),
            ("token-for-a@host+npm+r.exe", ".exe", Some("a@host+npm+r")),
            ("Token-For-a@host+npm+R.EXE", ".exe", Some("a@host+npm+R")),
            ("token-for-a@host+npm+r", ".exe", Some("a@host+npm+r")),
            ("token-fo", ".exe", None),
            ("npm.exe", ".exe", None),
        ];
        for (name, suffix, expected) in rows {
            assert_eq!(subject(name, suffix), expected, "{name} {suffix}");
        }
    }

    #[test]
    fn a_name_says_what_it_was_made_of() {
        let vpc = "https://vpce-0a1b-2c3d.d.codeartifact.us-east-1.vpce.amazonaws.com/npm/d/my-domain-111122223333/my-repo/";
        let rows = [
            ("https://H/npm/my-repo/", None, "token-for-H+npm+my-repo"),
            (
                "https://H/npm/My.Repo_1/",
                Some("acme"),
                "token-for-acme@H+npm+My.Repo_1",
            ),
            ("https://H/", Some("a-b.c_d"), "token-for-a-b.c_d@H"),
            (
                vpc,
                None,
                "token-for-vpce-0a1b-2c3d.d.codeartifact.us-east-1.vpce.amazonaws.com+npm+d+my-domain-111122223333+my-repo",
            ),
        ];
        for (url, connection, name) in rows {
            let helper = Helper::new(&endpoint(url), connection);
            let name = format!(
                "{}{}",
                name.replace('H', HOST),
                std::env::consts::EXE_SUFFIX
            );
            assert_eq!(helper.link_name().unwrap(), name);
            let called = Path::new("/home/ada/helpers").join(name);
            assert_eq!(Helper::read(called.as_os_str()), Some(helper.clone()));
            assert_eq!(endpoint(&helper.url()), endpoint(url));
        }
    }

    #[test]
    fn other_names_say_nothing() {
        for name in ["codeartifact-npm", "npm", "/opt/token-for-x/npm", ""] {
            assert_eq!(Helper::read(OsStr::new(name)), None, "{name}");
        }
        for connection in ["a/b", "a@b", "a b", "ü", "a+b"] {
            let helper = Helper::new(&endpoint("https://H/npm/my-repo/"), Some(connection));
            assert!(helper.link_name().is_err(), "{connection}");
        }
    }
}
