//! Domains that nobody has named but a project, and for which there was no token a moment ago: pip asks a process of its
//! own for each of four hundred. One of them at a time is asked for on each way to AWS; after a failure, no other one for a
//! minute. What the user has configured never waits here.
//!
//! A file with its lock, as in `single_flight`. Where there is none, each process goes on alone.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::time::Duration;

use super::CacheKey;
use super::shared::SharedFile;
use crate::connection::Connection;
use crate::environment::Environment;
use crate::lock;
use crate::token::Timestamp;

const REMEMBERED_SECONDS: u64 = 60;

/// A key and a time a line, and no more lines than failures that matter.
const LONGEST_NOTE: u64 = 1024;

/// Without roles a failure costs one call to AWS, and people do name a domain beside theirs that they may not read.
const MOST_WITHOUT_ROLES: usize = 3;

/// As many domains without a token as a way is tried for before others are refused.
pub(crate) fn most(connection: &Connection) -> usize {
    if connection.hops.is_empty() {
        MOST_WITHOUT_ROLES
    } else {
        1
    }
}

/// A turn at asking for such a domain.
#[derive(Debug)]
#[must_use = "the turn ends when this is dropped"]
pub(crate) struct Strangers {
    shared: Option<SharedFile>,
    failures: Vec<Failure>,
    most: usize,
    began: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Failure {
    at: Timestamp,
    key: CacheKey,
}

impl Strangers {
    /// Waits for the others on this way, but no longer than `deadline`.
    pub(crate) fn wait(
        connection: &Connection,
        environment: &Environment,
        deadline: Duration,
    ) -> Self {
        let began = environment.now();
        let way = CacheKey::of_way(connection, environment);
        let shared = SharedFile::open(&way, environment);
        let shared = shared.filter(|it| lock::wait(&it.file, deadline).unwrap_or(false));
        let failures = shared.as_ref().map(|it| read(&it.file, environment.now()));
        Self {
            shared,
            failures: failures.unwrap_or_default(),
            most: most(connection),
            began,
        }
    }

    /// Tells whether too many others had no token, or this one had none while we waited. One that failed before that is
    /// asked for again: by now it may be right.
    pub(crate) fn refuse(&self, key: &CacheKey) -> bool {
        let mut ours = self.failures.iter().filter(|it| it.key == *key);
        match ours.next_back() {
            Some(failure) => failure.at >= self.began,
            None => self.failures.len() >= self.most,
        }
    }

    /// Notes that there was no token. A failure on the way there is one for all domains.
    pub(crate) fn failed(&mut self, key: &CacheKey, is_about_domain: bool, at: Timestamp) {
        self.failures.retain(|failure| failure.key != *key);
        let number = if is_about_domain { 1 } else { self.most };
        let key = key.clone();
        self.failures
            .extend(std::iter::repeat_n(Failure { at, key }, number));
        let first = self.failures.len().saturating_sub(self.most);
        self.failures.drain(..first);
        if let Some(shared) = &self.shared {
            write(&shared.file, &self.failures);
            shared.sweep_around();
        }
    }
}

/// Any other text counts as nothing.
fn read(mut file: &File, now: Timestamp) -> Vec<Failure> {
    let mut text = String::new();
    let read = file
        .seek(SeekFrom::Start(0))
        .and_then(|_| file.take(LONGEST_NOTE).read_to_string(&mut text));
    let lines = text.lines().filter(|_| read.is_ok());
    let failures = lines.filter_map(Failure::parse);
    let is_recent = |it: &Failure| it.at <= now && now.since(it.at) < REMEMBERED_SECONDS;
    failures.filter(is_recent).collect()
}

/// A domain that a full disk loses is asked for once more.
fn write(mut file: &File, failures: &[Failure]) {
    let text: String = failures.iter().map(Failure::line).collect();
    let written = file
        .set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| file.write_all(text.as_bytes()));
    drop(written);
}

impl Failure {
    fn parse(line: &str) -> Option<Self> {
        let (at, key) = line.split_once(' ')?;
        Some(Self {
            at: Timestamp(at.parse().ok()?),
            key: CacheKey::from_digits(key)?,
        })
    }

    fn line(&self) -> String {
        format!("{} {}\n", self.at.0, self.key)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::connection::Hop;

    fn at(home: &Path, now: u64) -> Environment {
        let variables = [("XDG_RUNTIME_DIR", home.to_str().unwrap())];
        Environment::fixed(&variables, home.to_owned(), Timestamp(now))
    }

    fn home() -> tempfile::TempDir {
        let memory = tempfile::tempdir_in("/dev/shm");
        memory.unwrap_or_else(|_| tempfile::tempdir().unwrap())
    }

    fn key(digit: char) -> CacheKey {
        CacheKey::from_digits(&digit.to_string().repeat(64)).unwrap()
    }

    fn connection(hops: usize) -> Connection {
        let hop = Hop {
            role_arn: "arn:aws:iam::111122223333:role/Reader".to_owned(),
            external_id: None,
        };
        Connection {
            hops: vec![hop; hops],
            ..Connection::default()
        }
    }

    /// The domains of `asked` that are refused, one process and second each, with those before them failed.
    fn refused(home: &Path, connection: &Connection, asked: &str, now: u64) -> String {
        let times = now..;
        let is_refused = |(digit, now): &(char, u64)| {
            let mut turn = Strangers::wait(connection, &at(home, *now), Duration::ZERO);
            let refuses = turn.refuse(&key(*digit));
            if !refuses {
                turn.failed(&key(*digit), true, Timestamp(*now));
            }
            refuses
        };
        let asked = asked.chars().zip(times).filter(is_refused);
        asked.map(|(digit, _)| digit).collect()
    }

    #[test]
    fn after_a_failed_domain_no_other_one_is_asked_for_in_the_same_minute() {
        let home = home();
        let (chain, other) = (connection(2), connection(1));
        assert_eq!(refused(home.path(), &chain, "abca", 1000), "bc");
        assert_eq!(refused(home.path(), &chain, "b", 1062), "b");
        assert_eq!(refused(home.path(), &other, "ab", 1062), "b", "another way");
        assert_eq!(refused(home.path(), &chain, "ba", 1063), "a");
        assert_eq!(refused(home.path(), &chain, "c", 900), "", "another clock");
        let own = connection(0);
        assert_eq!(refused(home.path(), &own, "abcdea", 1000), "de");
    }

    #[test]
    fn a_failure_on_the_way_is_one_for_all() {
        let home = home();
        let own = connection(0);
        let wait = |now| Strangers::wait(&own, &at(home.path(), now), Duration::ZERO);
        wait(1000).failed(&key('a'), false, Timestamp(1001));
        assert!(wait(1002).refuse(&key('b')) && !wait(1002).refuse(&key('a')));
        assert!(wait(1001).refuse(&key('a')), "it failed while we waited");
    }

    #[test]
    fn another_text_counts_as_nothing() {
        let home = home();
        let chain = connection(1);
        let shared = SharedFile::open(
            &CacheKey::of_way(&chain, &at(home.path(), 1)),
            &at(home.path(), 1),
        )
        .unwrap();
        let long = "1 ".repeat(100_000);
        for text in ["nonsense", "1000 abc\n", "\0\0", &long] {
            shared.file.set_len(0).unwrap();
            (&shared.file).write_all(text.as_bytes()).unwrap();
            let turn = Strangers::wait(&chain, &at(home.path(), 1000), Duration::ZERO);
            assert!(!turn.refuse(&key('b')), "{text:.20}");
        }
    }
}
