//! The one way to wait for an advisory lock on a file, which the system releases when its holder dies. Every wait has a
//! deadline; what happens without the lock is the caller's to say.

use std::fs::{File, TryLockError};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

/// A turn usually takes less than this.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
/// Not felt beside what takes longer, and seldom enough for a hundred waiting processes.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// Takes the lock, which is held until the file is closed. Returns false if another process still has it at the deadline.
///
/// # Errors
/// Files cannot be locked there.
pub fn wait(file: &File, deadline: Duration) -> io::Result<bool> {
    wait_unless(file, deadline, || false)
}

/// The same, but gives up as soon as `is_over`.
///
/// # Errors
/// Files cannot be locked there.
pub fn wait_unless(
    file: &File,
    deadline: Duration,
    mut is_over: impl FnMut() -> bool,
) -> io::Result<bool> {
    let began = Instant::now();
    let mut pause = FIRST_PAUSE;
    while !is_over() {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        let Some(left) = deadline.checked_sub(began.elapsed()) else {
            break;
        };
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_for_the_first_until_its_deadline() {
        let directory = tempfile::tempdir().unwrap();
        let open = || File::create(directory.path().join("lock")).unwrap();
        let first = open();
        assert!(wait(&first, Duration::ZERO).unwrap());
        assert!(!wait(&open(), Duration::from_millis(5)).unwrap());
        assert!(!wait_unless(&open(), Duration::from_secs(60), || true).unwrap());
        let start = Instant::now();
        thread::scope(|scope| {
            let second = scope.spawn(|| wait(&open(), Duration::from_secs(60)).unwrap());
            thread::sleep(Duration::from_millis(50));
            drop(first);
            assert!(second.join().unwrap());
        });
        assert!(start.elapsed() >= Duration::from_millis(50));
    }
}
