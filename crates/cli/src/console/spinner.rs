//! A sign of life during slow work: nothing at first, then a turning sign and the name of the work, and nothing again
//! at the end. It does not know the work.

use std::io::Write;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// People take anything shorter for immediate.
const PATIENCE: Duration = Duration::from_millis(300);

const TURN: Duration = Duration::from_millis(100);

const SIGNS: [char; 4] = ['|', '/', '-', '\\'];

const CLEAR: &str = "\r\x1b[K";

/// Does some work and turns meanwhile. The line is clear again before this returns.
pub(super) fn during<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (stop, stopped) = channel();
    thread::scope(|scope| {
        scope.spawn(move || spin(what, &stopped, std::io::stderr()));
        let done = work();
        drop(stop);
        done
    })
}

fn spin(what: &str, stopped: &Receiver<()>, mut terminal: impl Write) {
    let mut pause = PATIENCE;
    let mut signs = SIGNS.iter().cycle();
    while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let sign = signs.next().copied().unwrap_or_default();
        let _ = write!(terminal, "{CLEAR}{sign} {what}");
        let _ = terminal.flush();
        pause = TURN;
    }
    if pause == TURN {
        let _ = write!(terminal, "{CLEAR}");
        let _ = terminal.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lasts: Duration) -> String {
        let (stop, stopped) = channel();
        let timer = thread::spawn(move || {
            thread::sleep(lasts);
            drop(stop);
        });
        let mut terminal = Vec::new();
        spin("hop 1", &stopped, &mut terminal);
        timer.join().unwrap();
        String::from_utf8(terminal).unwrap()
    }

    #[test]
    fn quick_work_shows_nothing_and_slow_work_leaves_nothing() {
        assert_eq!(shown(Duration::ZERO), "");
        let slow = shown(PATIENCE + TURN);
        assert!(slow.starts_with("\r\u{1b}[K| hop 1"), "{slow:?}");
        assert!(slow.ends_with(CLEAR), "{slow:?}");
    }
}
