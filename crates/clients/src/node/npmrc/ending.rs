//! Finds the ends of an `.npmrc`'s lines: `\n`, `\r\n`, or a lone `\r`, which npm's reader takes for an end too.

use memchr::memchr2;

/// Cuts a text into its lines, which keep their ends.
pub(super) fn split(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (line, after) = rest.split_at(end_of_first_line(rest));
        lines.push(line.to_vec());
        rest = after;
    }
    lines
}

fn end_of_first_line(bytes: &[u8]) -> usize {
    match memchr2(b'\r', b'\n', bytes) {
        Some(at) if bytes[at..].starts_with(b"\r\n") => at + 2,
        Some(at) => at + 1,
        None => bytes.len(),
    }
}

pub(super) fn is_finished(line: &[u8]) -> bool {
    end_of_text(line) < line.len()
}

pub(super) fn end_of_text(line: &[u8]) -> usize {
    memchr2(b'\r', b'\n', line).unwrap_or(line.len())
}
