//! Says what a setup wants in a client's file: a repository, under which mark, and how to tell that an entry of the user's is
//! of that repository already, whatever its URL looks like.

use codeartifact_auth::endpoint::UrlParts;

use crate::error::UserError;
use crate::here::Here;
use crate::setup::{Level, Repository};
use crate::toml::{Entry, Toml, entries};
use crate::variables::{USER, shouted};

/// The request to a room's edit.
pub(crate) struct Wanted<'a> {
    pub(crate) here: &'a Here<'a>,
    pub(crate) repository: &'a Repository,
    pub(crate) level: Level,
    /// Of the repository's lines.
    pub(crate) mark: &'a str,
    /// Of what all repositories of the file share.
    pub(crate) shared: &'a str,
}

impl Wanted<'_> {
    /// The URL that a client installs from.
    pub(crate) fn index(&self) -> String {
        self.repository.endpoint.client_url()
    }

    /// The URL that a client publishes to.
    pub(crate) fn root(&self) -> String {
        self.repository.endpoint.root()
    }

    /// Tells if a URL is of the repository: with or without a user, a token, `/simple/`.
    pub(crate) fn is_meant(&self, url: &str) -> bool {
        let found = self.here.endpoint(url.trim());
        found.is_some_and(|it| it.root() == self.root())
    }

    /// Tells if a client would send a password that is in the URL, or name another user than CodeArtifact's.
    pub(crate) fn is_clean(&self, url: &str) -> bool {
        let userinfo = UrlParts::cut(url).userinfo;
        userinfo.is_empty() || userinfo == USER
    }

    /// The entries that are of the repository, by their numbers.
    pub(crate) fn meant(&self, entries: &[Entry<'_>]) -> Vec<usize> {
        let is_meant = |entry: &Entry<'_>| entry.string("url").is_some_and(|it| self.is_meant(it));
        let numbered = entries.iter().enumerate();
        let meant = numbered.filter(|(_, entry)| is_meant(entry));
        meant.map(|(number, _)| number).collect()
    }

    /// Completes the URL of each entry at `path` that is of the repository, where pdm and poetry would send the password in it
    /// and ask no keyring. Returns false if there is no such entry.
    pub(crate) fn completes(&self, toml: &mut Toml<'_>, path: &[&str]) -> Result<bool, UserError> {
        let document = toml.document()?;
        let there = entries(&document, path);
        let meant = self.meant(&there);
        for &number in &meant {
            let url = there[number].string("url").unwrap_or_default();
            let is_index = url.trim_end_matches('/').ends_with("/simple");
            if !(self.is_clean(url) && is_index) {
                toml.set_in(path, number, "url", self.index())?;
            }
        }
        Ok(!meant.is_empty())
    }
}

/// The URL with CodeArtifact's user name in it.
pub(crate) fn with_user(url: &str) -> String {
    url.replacen("://", &format!("://{USER}@"), 1)
}

/// A name that is not taken: `acme`, `acme-2`. Clients make one variable of `my-repo`, `my_repo` and `My.Repo`, and some
/// look a password up by that, so these are one name.
pub(crate) fn free_name(name: String, taken: &[&str]) -> String {
    let is_taken = |name: &str| taken.iter().any(|it| shouted(it) == shouted(name));
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or(name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_make_one_variable_are_one() {
        let rows: [(&[&str], &str); 4] = [
            (&[], "my-repo"),
            (&["my-repository"], "my-repo"),
            (&["My_Repo"], "my-repo-2"),
            (&["my.repo", "MY-REPO-2"], "my-repo-3"),
        ];
        for (taken, expected) in rows {
            assert_eq!(free_name("my-repo".to_owned(), taken), expected);
        }
    }
}
