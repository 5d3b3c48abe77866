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
    let end = bytes.iter().position(|byte| is_end(*byte));
    match end {
        Some(at) if bytes[at..].starts_with(b"\r\n") => at + 2,
        Some(at) => at + 1,
        None => bytes.len(),
    }
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Tells if a line has its end.
pub(super) fn is_finished(line: &[u8]) -> bool {
    line.last().is_some_and(|byte| is_end(*byte))
}

/// The length of a line without its end.
pub(super) fn end_of_text(line: &[u8]) -> usize {
    let end = line.iter().rev().take_while(|byte| is_end(**byte));
    line.len() - end.count()
}
