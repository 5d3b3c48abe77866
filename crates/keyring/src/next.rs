//! The user's real `keyring`, further along PATH, as `auth::next_on_path` finds it. It may call us in turn (a wrapper
//! script that runs us, a Python keyring whose back end asks us), so it gets the rest of PATH in a variable. That
//! shrinks each time, so the circle ends.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use codeartifact_auth::environment::{Environment, KEYRING_SEARCH, PATH};
use codeartifact_auth::next_on_path;

use crate::usage::PLAYED;

/// Means "nothing left": an empty variable would count as unset, and an empty PATH entry as this directory.
const NOWHERE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// The next keyring with the same arguments, if there is one.
pub(crate) fn command(arguments: &[OsString], environment: &Environment) -> Option<Command> {
    let search = search(environment)?;
    let next = next_on_path::find_in(OsStr::new(PLAYED), &search)?;
    let mut command = Command::new(&next);
    command
        .args(arguments)
        .env(KEYRING_SEARCH, rest(&search, &next));
    Some(command)
}

fn search(environment: &Environment) -> Option<OsString> {
    environment
        .variable(KEYRING_SEARCH)
        .or_else(|| environment.variable(PATH))
}

/// The directories after that of `next`.
fn rest(search: &OsStr, next: &Path) -> OsString {
    let behind = std::env::split_paths(search)
        .skip_while(|directory| Some(directory.as_path()) != next.parent())
        .skip(1);
    match std::env::join_paths(behind) {
        Ok(rest) if !rest.is_empty() => rest,
        _ => NOWHERE.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use codeartifact_auth::token::Timestamp;

    use super::*;

    #[test]
    fn the_search_shrinks_until_nothing_is_left() {
        let join = |names: &[&str]| std::env::join_paths(names).unwrap();
        let rows: [(&[&str], &str, OsString); 4] = [
            (&["/a", "/b", "/c"], "/a/keyring", join(&["/b", "/c"])),
            (&["/a", "/b", "/c"], "/b/keyring", join(&["/c"])),
            (&["/a", "/b", "/c"], "/c/keyring", NOWHERE.into()),
            (&["/a"], "/elsewhere/keyring", NOWHERE.into()),
        ];
        for (search, next, expected) in rows {
            assert_eq!(rest(&join(search), Path::new(next)), expected, "{next}");
        }
    }

    #[test]
    fn what_is_left_counts_before_path() {
        let environment = |variables: &[(&str, &str)]| {
            Environment::fixed(variables, PathBuf::from("/home/u"), Timestamp(0))
        };
        let first = environment(&[(PATH, "/a:/b")]);
        assert_eq!(search(&first), Some("/a:/b".into()));
        let second = environment(&[(PATH, "/a:/b"), (KEYRING_SEARCH, "/b")]);
        assert_eq!(search(&second), Some("/b".into()));
    }
}
