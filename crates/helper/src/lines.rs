//! A client's requests, a line each. They are read by a thread, so that no wait for one is longer than its deadline.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// Longer than any request: NuGet sends a whole service index in one. What is longer ends the conversation.
const LONGEST_LINE: u64 = 1 << 20;

/// The lines of a stream, as they arrive.
#[derive(Debug)]
pub struct Lines(Receiver<String>);

impl Lines {
    pub(crate) fn of(stream: Box<dyn Read + Send>) -> Self {
        let (found, lines) = mpsc::channel();
        thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            while let Some(line) = read(&mut stream) {
                if found.send(line).is_err() {
                    break;
                }
            }
        });
        Self(lines)
    }

    /// Returns the next line, without its ending. `None` at the end of the stream, or if no line comes in time.
    pub fn next(&self, patience: Duration) -> Option<String> {
        self.0.recv_timeout(patience).ok()
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
    fn lines_come_one_by_one_until_the_stream_ends() {
        let rows: [(&[u8], &[&str]); 5] = [
            (b"", &[]),
            (b"a\nb", &["a", "b"]),
            (b"a\r\n\r\nb\r\n", &["a", "", "b"]),
            (b"\xff\n", &[]),
            (b"a\n\xff\nb\n", &["a"]),
        ];
        for (stream, expected) in rows {
            let lines = Lines::of(Box::new(stream));
            for line in expected {
                assert_eq!(lines.next(SOON).as_deref(), Some(*line), "{stream:?}");
            }
            assert_eq!(lines.next(SOON), None, "{stream:?}");
        }
    }

    #[test]
    fn neither_an_endless_line_nor_silence_is_waited_for() {
        assert_eq!(Lines::of(Box::new(std::io::repeat(b'x'))).next(SOON), None);
        let (reader, _writer) = std::io::pipe().unwrap();
        let lines = Lines::of(Box::new(reader));
        assert_eq!(lines.next(Duration::from_millis(10)), None);
    }
}
