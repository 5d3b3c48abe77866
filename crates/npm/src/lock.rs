//! One writer of `.npmrc` at a time: an advisory lock that the system releases when its holder dies.
//! It serves this program alone; npm itself takes no lock.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// A writer needs a few milliseconds; whoever waits longer than this has met a stopped one.
const DEADLINE: Duration = Duration::from_secs(5);

const PAUSE: Duration = Duration::from_millis(5);

/// Held until dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for `file`'s lock. `None`: no lock can be had, because of its directory or in time. The caller then goes
    /// on alone: a line that gets lost is found missing, and written, by the next run.
    pub(crate) fn wait(file: &Path) -> Option<Self> {
        fs::create_dir_all(file.parent()?).ok()?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(file)
            .ok()?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Some(Self { _file: file }),
                Err(TryLockError::WouldBlock) if start.elapsed() < DEADLINE => thread::sleep(PAUSE),
                Err(_) => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_for_the_first() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("new/lock");
        let first = Lock::wait(&file).unwrap();
        let start = Instant::now();
        thread::scope(|scope| {
            let second = scope.spawn(|| Lock::wait(&file).is_some());
            thread::sleep(Duration::from_millis(50));
            drop(first);
            assert!(second.join().unwrap());
        });
        assert!(start.elapsed() >= Duration::from_millis(50));
    }

    #[test]
    fn without_a_directory_the_caller_goes_on_alone() {
        assert!(Lock::wait(Path::new("/dev/null/lock")).is_none());
    }
}
