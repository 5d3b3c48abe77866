//! go's words on stdin about the request that failed: `HTTP/1.1 401 Unauthorized`, header lines, a blank line.
//! Only the status is looked at.

use std::io::{BufRead, BufReader, Read};

/// Longer than any status line that go writes.
const LONGEST_LINE: u64 = 1024;

/// The status code; `None` when a person calls us and says nothing.
pub(crate) fn status(stdin: impl Read) -> Option<u16> {
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
            assert_eq!(status(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn an_endless_line_is_given_up() {
        assert_eq!(status(std::io::repeat(b'x')), None);
    }
}
