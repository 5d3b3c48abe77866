//! One at a time per key: while one process mints, the others wait for its token.
//!
//! An advisory lock on a file, which the system releases when its holder dies. A process that finishes leaves a note in
//! that file, so that those who waited need not take the lock one after the other. It never fails: where there is no
//! lock, or none in time, each process goes on alone, which costs a call to AWS and nothing else.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::time::Duration;

use super::CacheKey;
use super::shared::SharedFile;
use crate::environment::Environment;
use crate::lock;
use crate::token::Timestamp;

/// For so long after a failure, no process tries again to replace a token that is still valid: builds must go on at
/// their usual pace while AWS is down.
const QUIET_AFTER_FAILURE_SECONDS: u64 = 60;

/// Two numbers of twenty digits; another user's or an older release's file may be of any length.
const LONGEST_NOTE: u64 = 64;

/// A turn at minting. It ends when this is dropped.
#[derive(Debug)]
#[must_use = "the turn ends when this is dropped"]
pub struct SingleFlight {
    /// `None`: alone, without a lock.
    lock: Option<SharedFile>,
    note: Note,
    now: Timestamp,
}

/// The note that finished turns leave in the lock file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Note {
    /// The number of turns that have ended.
    turns: u64,
    /// When the last one that failed did; 0 if none.
    failed_at: u64,
}

impl SingleFlight {
    /// Waits for a turn, or until another process's has ended, but no longer than `deadline`; then goes on.
    pub fn wait(key: &CacheKey, environment: &Environment, deadline: Duration) -> Self {
        let now = environment.now();
        let lock = SharedFile::open(key, environment).and_then(|lock| wait_for(lock, deadline));
        Self::begin(lock, now)
    }

    /// Takes a turn, if it is free at once and no other has just failed.
    pub fn try_now(key: &CacheKey, environment: &Environment) -> Option<Self> {
        let now = environment.now();
        let Some(lock) = SharedFile::open(key, environment) else {
            return Some(Self::begin(None, now));
        };
        let turn = match lock.file.try_lock() {
            Ok(()) => Self::begin(Some(lock), now),
            Err(TryLockError::WouldBlock) => return None,
            Err(TryLockError::Error(_)) => Self::begin(None, now),
        };
        if turn.note.is_quiet(now) {
            turn.give_back();
            return None;
        }
        Some(turn)
    }

    /// Returns how many seconds ago a turn failed, if no process should try again yet.
    pub fn failed_recently(key: &CacheKey, environment: &Environment) -> Option<u64> {
        let now = environment.now();
        let note = Note::read(&SharedFile::open(key, environment)?.file);
        note.is_quiet(now)
            .then(|| now.since(Timestamp(note.failed_at)))
    }

    /// Ends the turn and notes that it failed.
    pub fn failed(mut self) {
        self.note.failed_at = self.now.0;
    }

    fn begin(lock: Option<SharedFile>, now: Timestamp) -> Self {
        let note = lock.as_ref().map(|lock| Note::read(&lock.file));
        let note = note.unwrap_or_default();
        Self { lock, note, now }
    }

    /// Ends the turn as if it had not been.
    fn give_back(mut self) {
        self.lock = None;
    }
}

impl Drop for SingleFlight {
    /// The note comes before the lock is released (by closing the file), so no process sees the one without the other. The
    /// folder is swept when a file was added to it: in one of a thousand customers that takes longer than all else here.
    fn drop(&mut self) {
        if let Some(lock) = &self.lock {
            let is_new = self.note.turns == 0;
            self.note.turns += 1;
            self.note.write(&lock.file);
            if is_new {
                lock.sweep_around();
            }
        }
    }
}

impl Note {
    fn is_quiet(self, now: Timestamp) -> bool {
        let failed_at = Timestamp(self.failed_at);
        failed_at <= now && now.since(failed_at) < QUIET_AFTER_FAILURE_SECONDS
    }

    /// Any other text, a half-written note too, counts as none.
    fn read(mut file: &File) -> Self {
        let mut text = String::new();
        let read = file
            .seek(SeekFrom::Start(0))
            .and_then(|_| file.take(LONGEST_NOTE).read_to_string(&mut text));
        let mut numbers = text
            .split_whitespace()
            .map_while(|number| number.parse().ok());
        match (read, numbers.next(), numbers.next()) {
            (Ok(_), Some(turns), Some(failed_at)) => Self { turns, failed_at },
            _ => Self::default(),
        }
    }

    /// Of one length, so that it replaces what was there in a single write. A full disk may lose it: then the
    /// others take their turns one by one.
    fn write(self, mut file: &File) {
        let text = format!("{:020} {:020}\n", self.turns, self.failed_at);
        let written = file
            .seek(SeekFrom::Start(0))
            .and_then(|_| file.write_all(text.as_bytes()));
        drop(written);
    }
}

/// The lock; `None` once another turn has ended, at the deadline, or where files cannot be locked.
fn wait_for(lock: SharedFile, deadline: Duration) -> Option<SharedFile> {
    let before = Note::read(&lock.file);
    let has_ended = || Note::read(&lock.file) != before;
    let is_locked = lock::wait_unless(&lock.file, deadline, has_ended).ok()?;
    is_locked.then_some(lock)
}
