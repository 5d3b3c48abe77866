//! A conversation in lines of JSON. No wait for a client's line is longer than its deadline.

use std::io::{self, BufRead, BufReader, Read};
use std::time::Duration;

use codeartifact_auth::timed::Timed;
use codeartifact_auth::token::Secret;
use serde::Serialize;

/// Longer than any request: NuGet sends a whole service index in one. What is longer ends the conversation.
const LONGEST_LINE: u64 = 1 << 20;

/// A message of ours as a line. It is measured first: growing would leave copies of a token behind.
pub fn line_of(message: &impl Serialize) -> Secret {
    let mut length = Length(1);
    // Writing fails for maps with keys that are no text, which no protocol has.
    let _ = serde_json::to_writer(&mut length, message);
    let mut line = Vec::with_capacity(length.0);
    let _ = serde_json::to_writer(&mut line, message);
    line.push(b'\n');
    Secret::new(String::from_utf8(line).unwrap_or_default())
}

/// Counts what is written.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The lines of a stream, as they arrive.
pub struct Lines(BufReader<Timed>);

impl Lines {
    pub(crate) fn of(stream: Timed) -> Self {
        Self(BufReader::new(stream))
    }

    /// Returns the next line, without its ending. `None` at the end of the stream, or if no line comes in time.
    pub fn next(&mut self, patience: Duration) -> Option<String> {
        self.0.get_mut().allow(patience);
        read(&mut self.0)
    }
}

/// A line that is not UTF-8 or too long is no line of a protocol.
fn read(stream: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    let length = stream.take(LONGEST_LINE).read_line(&mut line).ok()?;
    if length == 0 || length as u64 == LONGEST_LINE {
        return None;
    }
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    #[test]
    fn a_message_is_a_line_of_json() {
        let line = line_of(&("a\"b", 7));
        assert_eq!(line.expose(), "[\"a\\\"b\",7]\n");
    }

    #[test]
    fn lines_come_one_by_one_until_the_stream_ends() {
        let rows: [(&[u8], &[&str]); 5] = [
            (b"", &[]),
            (b"a\nb", &["a", "b"]),
            (b"a\r\n\r\nb\r\n", &["a", "", "b"]),
            (b"\xff\n", &[]),
            (b"a\n\xff\nb\n", &["a"]),
        ];
        for (stream, expected) in rows {
            let mut lines = Lines::of(Timed::bytes(stream));
            for line in expected {
                assert_eq!(lines.next(SOON).as_deref(), Some(*line), "{stream:?}");
            }
            assert_eq!(lines.next(SOON), None, "{stream:?}");
        }
    }

    #[test]
    fn neither_an_endless_line_nor_silence_is_waited_for() {
        let endless = Timed::bytes(std::io::repeat(b'x'));
        assert_eq!(Lines::of(endless).next(SOON), None);
        let (reader, _writer) = std::io::pipe().unwrap();
        let mut lines = Lines::of(Timed::pipe(reader));
        assert_eq!(lines.next(Duration::from_millis(10)), None);
    }
}
