//! The record of failures: a small file of ours in the state directory, one JSON object per line, the latest last.
//! A line that cannot be written is lost, one that cannot be read is skipped: it is for people, and nothing depends on it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::lock;
use crate::private_folder::PrivateFolder;
use crate::token::Timestamp;

const NAME: &str = "failures.jsonl";

/// The oldest lines go first. Enough for a long build that failed over and over.
const MOST_LINES: usize = 100;

/// AWS's words may be long; a line need not be.
const LONGEST_TEXT: usize = 1000;

/// Far more than the lines above take; a larger file is not ours.
const LARGEST_FILE: u64 = 512 * 1024;

/// Another process's turn takes well under a millisecond, so after this long something is wrong with the lock.
const LOCK_DEADLINE: Duration = Duration::from_millis(300);

/// A request for a token that got none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedFailure {
    /// When.
    pub time: Timestamp,
    /// The program that was asked, by the name that people type.
    pub program: String,
    /// The URL or host it was asked for.
    pub what: String,
    /// The connection, if it was named.
    pub connection: Option<String>,
    /// The cause, on one line.
    pub cause: String,
    /// AWS's own words, if AWS was reached.
    #[serde(default)]
    pub aws: Option<String>,
    /// The one thing to do next.
    pub hint: Option<String>,
}

/// Adds `failure`, if that can be done soon.
pub(super) fn append(failure: &RecordedFailure, environment: &Environment) {
    drop(try_append(failure, environment));
}

/// Reads the noted failures, the latest first.
pub(super) fn read(environment: &Environment) -> Vec<RecordedFailure> {
    let folder = environment.state_directory();
    let folder = folder.and_then(|path| PrivateFolder::open(&path).ok().flatten());
    let file = folder.and_then(|folder| folder.file(NAME).ok().flatten());
    let text = file
        .and_then(|file| text_of(&file).ok())
        .unwrap_or_default();
    let failures = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let mut failures: Vec<RecordedFailure> = failures.collect();
    failures.reverse();
    failures
}

fn try_append(failure: &RecordedFailure, environment: &Environment) -> io::Result<()> {
    let path = environment.state_directory();
    let path = path.ok_or(io::ErrorKind::NotFound)?;
    let folder = PrivateFolder::open_or_make_closed(&path).map_err(io::Error::other)?;
    let file = folder.file_or_new(NAME).map_err(io::Error::other)?;
    if !lock::wait(&file, LOCK_DEADLINE)? {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    let text = text_of(&file)?;
    let line = serde_json::to_string(&shortened(failure))?;
    let mut lines: Vec<&str> = text.lines().chain([line.as_str()]).collect();
    lines.drain(..lines.len().saturating_sub(MOST_LINES));
    rewrite(&file, &(lines.join("\n") + "\n"))
}

fn text_of(file: &File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// In place: a line torn by a crash is skipped by the next reader.
fn rewrite(mut file: &File, text: &str) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)
}

fn shortened(failure: &RecordedFailure) -> RecordedFailure {
    let cut = |text: &str| text.chars().take(LONGEST_TEXT).collect();
    RecordedFailure {
        what: cut(&failure.what),
        cause: cut(&failure.cause),
        aws: failure.aws.as_deref().map(cut),
        ..failure.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::thread;

    use super::*;

    fn path(environment: &Environment) -> Option<std::path::PathBuf> {
        Some(environment.state_directory()?.join(NAME))
    }

    fn failure(number: u64) -> RecordedFailure {
        RecordedFailure {
            time: Timestamp(1_800_000_000 + number),
            program: "codeartifact-keyring".into(),
            what: "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/".into(),
            connection: None,
            cause: "cannot assume the role".into(),
            aws: None,
            hint: Some("codeartifact test".into()),
        }
    }

    fn environment() -> (tempfile::TempDir, Environment) {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment::fixed(&[], home.path().to_owned(), Timestamp(0));
        (home, environment)
    }

    #[test]
    fn the_latest_hundred_are_kept() {
        let (_home, environment) = environment();
        (0..150).for_each(|number| append(&failure(number), &environment));
        let expected: Vec<_> = (50..150).rev().map(failure).collect();
        assert_eq!(read(&environment), expected);
    }

    #[test]
    fn many_at_once_lose_nothing() {
        let (_home, environment) = environment();
        thread::scope(|scope| {
            for number in 0..8 {
                let environment = &environment;
                scope.spawn(move || append(&failure(number), environment));
            }
        });
        assert_eq!(read(&environment).len(), 8);
    }

    #[test]
    fn what_is_no_failure_is_skipped() {
        let (_home, environment) = environment();
        append(&failure(1), &environment);
        let path = path(&environment).unwrap();
        let mut text = fs::read(&path).unwrap();
        text.extend(b"\xff torn\n{}\n");
        fs::write(&path, text).unwrap();
        append(&failure(2), &environment);
        assert_eq!(read(&environment), [failure(2), failure(1)]);
    }

    #[test]
    fn an_endless_cause_is_cut() {
        let (_home, environment) = environment();
        let long = "x".repeat(100_000);
        let endless = RecordedFailure {
            cause: long.clone(),
            aws: Some(long),
            ..failure(1)
        };
        append(&endless, &environment);
        let kept = &read(&environment)[0];
        assert_eq!(kept.cause.len(), LONGEST_TEXT);
        assert_eq!(kept.aws.as_ref().map(String::len), Some(LONGEST_TEXT));
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_that_others_can_read_is_closed_and_one_that_they_can_write_is_not_used() {
        use std::os::unix::fs::PermissionsExt;
        for (mode, recorded, after) in [(0o755, 1, 0o700), (0o750, 1, 0o700), (0o777, 0, 0o777)] {
            let (_home, environment) = environment();
            let directory = environment.state_directory().unwrap();
            fs::create_dir_all(&directory).unwrap();
            fs::set_permissions(&directory, fs::Permissions::from_mode(mode)).unwrap();
            append(&failure(1), &environment);
            assert_eq!(read(&environment).len(), recorded, "{mode:o}");
            let found = fs::metadata(&directory).unwrap().permissions().mode() & 0o777;
            assert_eq!(found, after, "{mode:o}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn it_is_ours_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (_home, environment) = environment();
        append(&failure(1), &environment);
        let path = path(&environment).unwrap();
        let mode =
            |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
}
