//! Finds the ends of an `.npmrc`'s lines: `\n`, `\r\n`, or a lone `\r`, which npm's reader takes for an end too.
//!
//! Not by `memchr`: its first call asks the processor what it can, which takes longer in a virtual machine than all of this.

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
    match end(bytes) {
        Some(at) if bytes[at..].starts_with(b"\r\n") => at + 2,
        Some(at) => at + 1,
        None => bytes.len(),
    }
}

pub(super) fn is_finished(line: &[u8]) -> bool {
    end_of_text(line) < line.len()
}

pub(super) fn end_of_text(line: &[u8]) -> usize {
    end(line).unwrap_or(line.len())
}

fn end(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'))
}
