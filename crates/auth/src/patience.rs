//! Changes a file that another program has open. Windows refuses that: virus scanners open every new file for moments, and
//! most programs that read a file forbid to replace it meanwhile. Elsewhere nothing is tried twice.

use std::io;
use std::thread::sleep;
use std::time::Duration;

/// Windows' "access denied", "in use by another process", and "another process has locked a part of the file".
const IN_USE: [i32; 3] = [5, 32, 33];

/// The waits between the attempts: two seconds in all, as npm and Go have it.
const WAITS: [u64; 8] = [5, 10, 25, 60, 150, 350, 600, 800];

/// Tries again for a moment if the file is in use.
pub(crate) fn patiently<T>(attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let is_in_use = |error: &io::Error| {
        let code = error.raw_os_error();
        cfg!(windows) && code.is_some_and(|code| IN_USE.contains(&code))
    };
    repeated(attempt, is_in_use, sleep)
}

fn repeated<T>(
    mut attempt: impl FnMut() -> io::Result<T>,
    is_in_use: impl Fn(&io::Error) -> bool,
    mut wait: impl FnMut(Duration),
) -> io::Result<T> {
    for milliseconds in WAITS {
        match attempt() {
            Err(error) if is_in_use(&error) => wait(Duration::from_millis(milliseconds)),
            done => return done,
        }
    }
    attempt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns how often a file was tried that is in use for the first `busy` times, and how long that took.
    fn tried(busy: usize, code: i32) -> (usize, Duration, bool) {
        let (mut times, mut waited) = (0, Duration::ZERO);
        let attempt = || {
            times += 1;
            if times > busy {
                return Ok(());
            }
            Err(io::Error::from_raw_os_error(code))
        };
        let is_in_use = |error: &io::Error| IN_USE.contains(&error.raw_os_error().unwrap());
        let done = repeated(attempt, is_in_use, |wait| waited += wait);
        (times, waited, done.is_ok())
    }

    #[test]
    fn a_file_in_use_is_tried_for_two_seconds() {
        assert_eq!(tried(0, 32), (1, Duration::ZERO, true));
        assert_eq!(tried(2, 5), (3, Duration::from_millis(15), true));
        assert_eq!(tried(99, 33), (9, Duration::from_secs(2), false));
        assert_eq!(tried(99, 2), (1, Duration::ZERO, false));
    }
}
