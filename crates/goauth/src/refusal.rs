//! What go tells on stdin about the request that failed: `HTTP/1.1 401 Unauthorized`, header lines, a blank line.
//! Only the status is looked at.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Longer than any status line; whoever writes more is not go.
const LONGEST_LINE: u64 = 1024;

/// go has written it before we start; a person's open pipe must not keep us.
const PATIENCE: Duration = Duration::from_secs(2);

/// The status code; `None` when a person calls us and tells nothing.
pub(crate) fn status(stdin: Box<dyn Read + Send>) -> Option<u16> {
    let (found, wait) = mpsc::channel();
    thread::spawn(move || found.send(read_status(stdin)));
    wait.recv_timeout(PATIENCE).ok()?
}

fn read_status(stdin: impl Read) -> Option<u16> {
    let mut line = String::new();
    BufReader::new(stdin.take(LONGEST_LINE))
        .read_line(&mut line)
        .ok()?;
    let mut words = line.split_ascii_whitespace();
    let protocol = words.next()?;
    let code = words.next()?.parse().ok()?;
    protocol.starts_with("HTTP/").then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_in_the_first_line() {
        let rows = [
            (
                "HTTP/1.1 401 Unauthorized\nContent-Length: 19\n\n",
                Some(401),
            ),
            ("HTTP/2.0 404 Not Found\n\n", Some(404)),
            ("HTTP/2.0 403 \n\n", Some(403)),
            ("HTTP/1.1 401", Some(401)),
            ("HTTP/1.1 401 Unauthorized\r\n\r\n", Some(401)),
            ("", None),
            ("\nHTTP/1.1 401 Unauthorized\n", None),
            ("401 Unauthorized\n", None),
            ("HTTP/1.1 four\n", None),
            ("\u{0}\u{1}", None),
        ];
        for (text, expected) in rows {
            let stdin = Box::new(std::io::Cursor::new(text.to_owned()));
            assert_eq!(status(stdin), expected, "{text:?}");
        }
    }

    #[test]
    fn a_pipe_that_stays_open_does_not_keep_us() {
        let (reader, _writer) = std::io::pipe().unwrap();
        assert_eq!(status(Box::new(reader)), None);
    }

    #[test]
    fn an_endless_line_is_given_up() {
        assert_eq!(status(Box::new(std::io::repeat(b'x'))), None);
    }
}
