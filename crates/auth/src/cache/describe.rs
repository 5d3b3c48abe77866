//! Describes where tokens of a choice are kept now, and why, in a sentence for `status`.

use std::path::Path;

use super::keyring::{self, Keyring, KeyringError};
use super::memory::{self, Place};
use crate::connection::CacheChoice;
use crate::environment::Environment;
use crate::private_folder::PrivateFolder;

/// The store that keeps tokens, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreLocation {
    /// The store's name; `none` where tokens are not kept.
    pub store: &'static str,
    /// One sentence for people, without a period.
    pub why: String,
}

/// Describes where tokens of `choice` are kept in this environment. It asks the keyring, if the choice does.
pub fn describe(choice: CacheChoice, environment: &Environment) -> StoreLocation {
    let keyring = || Keyring::new(environment).trouble();
    match choice {
        CacheChoice::Off => nowhere("every call asks AWS, as the configuration says"),
        CacheChoice::File => match environment.cache_directory() {
            Some(directory) => of_files(&directory),
            None => nowhere("no home directory, so tokens are not kept"),
        },
        CacheChoice::Keyring => of_keyring(keyring()),
        CacheChoice::Auto => of_auto(keyring(), memory::find(environment).as_ref()),
    }
}

fn of_keyring(trouble: Option<KeyringError>) -> StoreLocation {
    match trouble {
        None => in_keyring(),
        Some(trouble) => nowhere(format!("{}, so tokens are not kept", words(trouble))),
    }
}

fn of_files(directory: &Path) -> StoreLocation {
    match PrivateFolder::open(directory) {
        Ok(_) => {
            let directory = directory.display();
            let why = format!("tokens are kept in {directory}, as the configuration says");
            place("file", why)
        }
        Err(reason) => nowhere(format!("{reason}, so tokens are not kept")),
    }
}

fn of_auto(trouble: Option<KeyringError>, memory: Option<&Place>) -> StoreLocation {
    match (trouble.map(words), memory) {
        (None, _) => in_keyring(),
        (Some(trouble), Some(found)) => {
            let reasons = [&[trouble], &found.passed_over[..]].concat();
            let (reasons, path) = (reasons.join("; "), found.path.display());
            let why = format!("{reasons}, so tokens are kept in {path}, which is memory-backed");
            place("memory-backed file", why)
        }
        (Some(trouble), None) => nowhere(format!(
            "{trouble}, and no memory-backed storage, so tokens are not kept"
        )),
    }
}

fn in_keyring() -> StoreLocation {
    place(keyring::NAME, "tokens are kept in this system's keyring")
}

fn nowhere(why: impl Into<String>) -> StoreLocation {
    place("none", why)
}

fn place(store: &'static str, why: impl Into<String>) -> StoreLocation {
    let why = why.into();
    StoreLocation { store, why }
}

/// The beginning of the sentence.
fn words(trouble: KeyringError) -> String {
    match trouble {
        KeyringError::Absent(reason) => reason,
        KeyringError::Locked => "the keyring is locked".to_owned(),
        KeyringError::Slow => "the keyring does not answer".to_owned(),
        KeyringError::Failed(reason) => format!("the keyring failed ({reason})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_where_and_why() {
        let absent = || Some(KeyringError::Absent("no session bus".into()));
        let at = |passed_over: &[&str]| Place {
            path: "/dev/shm/codeartifact-0".into(),
            folder: None,
            passed_over: passed_over.iter().map(|it| (*it).to_owned()).collect(),
        };
        let (shm, second) = (
            at(&[]),
            at(&["/run/user/0: belongs to user 7, and we are 0"]),
        );
        let (shm, second) = (Some(&shm), Some(&second));
        let rows = [
            (
                of_auto(None, shm),
                "keyring: tokens are kept in this system's keyring",
            ),
            (
                of_auto(absent(), shm),
                "memory-backed file: no session bus, so tokens are kept in /dev/shm/codeartifact-0, which is memory-backed",
            ),
            (
                of_auto(Some(KeyringError::Locked), shm),
                "memory-backed file: the keyring is locked, so tokens are kept in /dev/shm/codeartifact-0, which is memory-backed",
            ),
            (
                of_auto(absent(), second),
                "memory-backed file: no session bus; /run/user/0: belongs to user 7, and we are 0, so tokens are kept in /dev/shm/codeartifact-0, which is memory-backed",
            ),
            (
                of_auto(absent(), None),
                "none: no session bus, and no memory-backed storage, so tokens are not kept",
            ),
            (
                of_keyring(None),
                "keyring: tokens are kept in this system's keyring",
            ),
            (
                of_keyring(Some(KeyringError::Slow)),
                "none: the keyring does not answer, so tokens are not kept",
            ),
        ];
        for (place, expected) in rows {
            assert_eq!(format!("{}: {}", place.store, place.why), expected);
        }
    }
}
