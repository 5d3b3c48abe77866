//! The lines of a `.yarnrc.yml`, read as far as its top level and what is right below. Nothing is changed here.

use std::ops::Range;

use crate::text::Text;

/// An entry of a map or list, and the lines that it has.
pub(super) struct Nested {
    pub(super) key: String,
    pub(super) indent: String,
    pub(super) lines: Range<usize>,
}

pub(super) fn entries_below(text: &Text, key: &str) -> Vec<Nested> {
    let lines = text.lines();
    let Some(at) = line_of(text, key) else {
        return Vec::new();
    };
    let end = end_of(&lines, at + 1);
    let indent_of = |line: &str| line.len() - line.trim_start().len();
    let mut entries: Vec<Nested> = Vec::new();
    for (number, line) in lines.iter().enumerate().take(end).skip(at + 1) {
        let indent = indent_of(line);
        let is_deeper = entries
            .first()
            .is_some_and(|first| indent > first.indent.len());
        match entries.last_mut() {
            Some(last) if is_deeper || !is_content(line) => last.lines.end = number + 1,
            _ if !is_content(line) => {}
            _ => entries.push(Nested {
                key: line.trim().trim_end_matches(':').to_owned(),
                indent: line[..indent].to_owned(),
                lines: number..number + 1,
            }),
        }
    }
    entries
}

fn is_content(line: &str) -> bool {
    !line.trim().is_empty() && !line.trim_start().starts_with('#')
}

/// Returns where the next key of the top level is.
fn end_of(lines: &[&str], start: usize) -> usize {
    let is_top_level = |line: &&str| is_content(line) && !line.starts_with([' ', '-']);
    let length = lines[start..].iter().position(is_top_level);
    length.map_or(lines.len(), |length| start + length)
}

pub(super) fn line_of(text: &Text, key: &str) -> Option<usize> {
    text.lines().iter().position(|line| {
        line.strip_prefix(key)
            .is_some_and(|rest| rest.starts_with(':'))
    })
}

/// Tells if the value of a key is on lines below it.
pub(super) fn has_more_lines(text: &Text, key: &str) -> bool {
    !entries_below(text, key).is_empty()
}

/// Without quotes and comment; `None` if there is none on the key's own line.
pub(super) fn value_of(text: &Text, key: &str) -> Option<String> {
    let lines = text.lines();
    let line = lines.get(line_of(text, key)?)?;
    let value = line.split_once(':')?.1.split(" #").next()?.trim();
    let value = value.trim_matches(['"', '\'']);
    (!value.is_empty()).then(|| value.to_owned())
}
