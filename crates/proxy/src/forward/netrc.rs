//! A netrc in which a placeholder stands for the token: uv sends nothing to an index with `authenticate = "always"` unless it
//! has a password, and the names of a project's indexes are not known here. It takes the place of the user's own netrc,
//! so it repeats what that says of other hosts, for a command of the same user alone.

use std::path::PathBuf;

use codeartifact_auth::environment::Environment;
use codeartifact_auth::user_file::read_regular;

use super::reach::Reach;
use super::settings::Purpose;

/// Stands where a client insists on a token. The proxy replaces whatever is there.
pub(crate) const PLACEHOLDER: &str = "codeartifact-proxy";

/// Names the file to pip, uv, poetry and go. curl and git read the one in the home directory.
pub(crate) const VARIABLE: &str = "NETRC";

/// The file's text. The first entry of a host counts.
pub(crate) fn text(reach: &Reach, purpose: &Purpose, environment: &Environment) -> Vec<u8> {
    let entries = reach.hosts().map(|host| {
        let machine = host.split(':').next().unwrap_or(host);
        format!("machine {machine} login aws password {PLACEHOLDER}\n")
    });
    let mut text = entries.collect::<String>().into_bytes();
    // The folder of a proxy that serves may be shared with another user's container.
    if matches!(purpose, Purpose::Command { .. }) {
        let users = path(environment).and_then(|path| read_regular(&path).ok());
        text.extend(users.unwrap_or_default());
    }
    text
}

fn path(environment: &Environment) -> Option<PathBuf> {
    let name = if cfg!(windows) { "_netrc" } else { ".netrc" };
    let named = environment.variable(VARIABLE).map(PathBuf::from);
    named.or_else(|| Some(environment.home()?.join(name)))
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::token::Timestamp;

    use super::*;
    use crate::forward::reach::for_tests::{HOST, reach};

    #[test]
    fn only_a_command_of_the_same_user_has_the_users_entries() {
        let home = tempfile::tempdir().unwrap();
        let users = "machine git.example.com login me password secret\n";
        std::fs::write(home.path().join(path_in_home()), users).unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        let serve = Purpose::Serve {
            directory: PathBuf::new(),
            listen: ([127, 0, 0, 1], 0).into(),
        };
        for (purpose, expected) in [(Purpose::Command { isolate: false }, true), (serve, false)] {
            let text = text(&reach(&[]), &purpose, &environment);
            let text = String::from_utf8(text).unwrap();
            assert!(text.contains(&format!("machine {HOST} login aws password ")));
            assert_eq!(text.ends_with(users), expected, "{purpose:?}");
        }
    }

    fn path_in_home() -> &'static str {
        if cfg!(windows) { "_netrc" } else { ".netrc" }
    }
}
