//! Remembers what a block of ours has replaced, and puts it back: where the block is as we wrote it; where it has been
//! changed, by its marks; and where a client has written the file anew without comments, by what our lines mean.

use std::ops::Range;

use serde_json::{Value, json};

use super::{Line, Text, bare};
use crate::error::UserError;

/// Lines that were there, and our block in their place, marks included. Without line endings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) before: Vec<String>,
    pub(crate) after: Vec<String>,
}

/// The fate of our lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// They are gone, and what was there is back.
    Back,
    /// They are not there, or not as we wrote them.
    NotFound,
}

impl Part {
    pub(crate) fn json(&self) -> Value {
        json!({"before": self.before, "after": self.after})
    }

    pub(crate) fn of_json(value: &Value) -> Option<Self> {
        let lines = |key: &str| -> Option<Vec<String>> {
            let lines = value[key].as_array()?.iter();
            lines.map(|it| it.as_str().map(str::to_owned)).collect()
        };
        Some(Self {
            before: lines("before")?,
            after: lines("after")?,
        })
    }

    /// Our lines by what they mean, without marks and comments.
    fn meanings(&self) -> Vec<String> {
        self.after.iter().filter_map(|line| meaning(line)).collect()
    }
}

impl Text {
    /// Takes our block away, and puts what was there in its place.
    ///
    /// # Errors
    /// The block has lost its end, and its lines are not all as we wrote them.
    pub(crate) fn put_back(&mut self, part: &Part, name: &str) -> Result<Outcome, UserError> {
        let found = match self.as_written(part) {
            Some(found) => Some(found),
            None => self.in_marks(part, name)?,
        };
        let Some(found) = found.or_else(|| self.by_meaning(part)) else {
            return Ok(Outcome::NotFound);
        };
        self.exchange(&found, part);
        Ok(Outcome::Back)
    }

    /// Our lines, one below the other, and nothing between them.
    fn as_written(&self, part: &Part) -> Option<Vec<usize>> {
        let mut blocks = blocks_of(&self.lines, part).into_iter();
        blocks.next().map(Iterator::collect)
    }

    /// Between our marks, the lines that we wrote: one that somebody has put there stays.
    fn in_marks(&self, part: &Part, name: &str) -> Result<Option<Vec<usize>>, UserError> {
        let ours = part.meanings();
        let mut start = 0;
        while let Some(at) = self.begin_after(start, name) {
            let block = self.block_at(at)?;
            let is_mark = |at: usize| at == block.start || at == block.end - 1;
            let means = |at: usize| meaning(&self.lines[at].text);
            let is_ours = |at: &usize| means(*at).is_some_and(|it| ours.contains(&it));
            let kept = |at: &usize| is_mark(*at) || is_ours(at) || means(*at).is_none();
            let has_ours = block.clone().any(|at| is_ours(&at));
            let is_empty = block.clone().all(|at| kept(&at));
            if has_ours || is_empty {
                return Ok(Some(block.clone().filter(kept).collect()));
            }
            start = block.end;
        }
        Ok(None)
    }

    fn begin_after(&self, start: usize, name: &str) -> Option<usize> {
        let begins = |line: &Line| super::marked(&line.text, super::BEGIN) == Some(name);
        let found = self.lines[start..].iter().position(begins)?;
        Some(start + found)
    }

    /// Lines that mean what ours do, in our order, with nothing but comments between them; and no such lines twice.
    fn by_meaning(&self, part: &Part) -> Option<Vec<usize>> {
        let ours = part.meanings();
        let theirs = self.lines.iter().enumerate();
        let theirs: Vec<_> = theirs
            .filter_map(|(at, line)| Some((at, meaning(&line.text)?)))
            .collect();
        let is_it = |lines: &[(usize, String)]| lines.iter().map(|(_, it)| it).eq(ours.iter());
        let mut found = theirs.windows(ours.len().max(1)).filter(|it| is_it(it));
        match (found.next(), found.next()) {
            (Some(lines), None) => Some(lines.iter().map(|(at, _)| *at).collect()),
            _ => None,
        }
    }

    /// A table's header of ours stays if it has got other lines below ours, which are somebody's.
    fn exchange(&mut self, found: &[usize], part: &Part) {
        let (Some(&first), Some(&last)) = (found.first(), found.last()) else {
            return;
        };
        let kept = self.header_in_use(found, last);
        let open = self.lines[last].text.clone();
        let is_end = last + 1 == self.lines.len();
        let ending = self.ending();
        for at in found.iter().rev().filter(|at| Some(**at) != kept) {
            self.lines.remove(*at);
        }
        let mut back: Vec<_> = part
            .before
            .iter()
            .map(|line| format!("{line}{ending}"))
            .collect();
        if back.is_empty() && is_end {
            self.open_line_before(first, &open);
        } else if let Some(end) = back.last_mut()
            && is_end
            && !open.ends_with('\n')
        {
            end.truncate(bare(end).len());
        }
        self.lines
            .splice(first..first, back.into_iter().map(Line::put_back));
    }

    fn header_in_use(&self, found: &[usize], last: usize) -> Option<usize> {
        let is_yaml = |line: &str| line.ends_with(':') && !line.starts_with([' ', '#', ';']);
        let is_header = |at: &&usize| {
            let line = self.lines[**at].bare().trim_end();
            let is_table = line.trim_start().starts_with('[') && line.ends_with(']');
            is_table && !line.trim_start().starts_with("[[") || is_yaml(line)
        };
        let header = found.iter().rev().find(is_header)?;
        let behind = self.lines[last + 1..].iter();
        let next = behind
            .map(Line::bare)
            .find(|line| meaning(line).is_some())?;
        let is_in_use = if is_yaml(self.lines[*header].bare().trim_end()) {
            next.starts_with([' ', '-'])
        } else {
            !next.trim_start().starts_with('[')
        };
        is_in_use.then_some(*header)
    }
}

/// Returns where our lines are, one below the other, with nothing between them.
pub(super) fn blocks_of(lines: &[Line], part: &Part) -> Vec<Range<usize>> {
    let length = part.after.len();
    let is_it = |lines: &[Line]| lines.iter().map(Line::bare).eq(part.after.iter());
    let windows = lines.windows(length.max(1)).enumerate();
    let found = windows.filter(|(_, lines)| is_it(lines));
    found.map(|(at, _)| at..at + length).collect()
}

/// A line as every client reads it: `key = value` without blanks and quotes, a header, an entry of a list. `None` for a
/// comment and an empty line.
fn meaning(line: &str) -> Option<String> {
    let line = bare(line).trim();
    if line.is_empty() || line.starts_with(['#', ';']) {
        return None;
    }
    let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('[')) else {
        return Some(line.to_owned());
    };
    let value = value.trim();
    let quotes = ['"', '\''];
    let quoted = quotes
        .iter()
        .find_map(|it| value.strip_prefix(*it)?.strip_suffix(*it));
    Some(format!("{}={}", key.trim(), quoted.unwrap_or(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|&it| it.to_owned()).collect()
    }

    /// The text after ours came, and what undoes it.
    fn replaced(before: &str, lines: std::ops::Range<usize>, body: &[&str]) -> (String, Part) {
        let mut text = Text::parse(before);
        text.replace(lines, "pip acme", &strings(body));
        let part = Part::of_json(&text.parts()[0].1.json()).unwrap();
        (text.to_string(), part)
    }

    fn back(now: &str, part: &Part) -> Option<String> {
        let mut text = Text::parse(now);
        let outcome = text.put_back(part, "pip acme").unwrap();
        (outcome == Outcome::Back).then(|| text.to_string())
    }

    #[test]
    fn what_was_there_comes_back_to_the_byte() {
        for before in ["a", "a\n", "a\nb\nc", "a\r\nb\r\n", "\u{feff}a\nb", "a\n\n"] {
            let end = Text::parse(before).end();
            for lines in (0..=end).flat_map(|from| (from..=end).map(move |to| from..to)) {
                let (now, part) = replaced(before, lines.clone(), &["x = 1", "y = 2"]);
                assert_eq!(
                    back(&now, &part).as_deref(),
                    Some(before),
                    "{before:?} {lines:?}"
                );
            }
        }
    }

    #[test]
    fn what_others_have_changed_since_stays() {
        let (now, part) = replaced("[g]\nx = 0\n", 1..2, &["x = 1", "y = 2"]);
        let rows = [
            // A line behind ours, one between them, and one of ours changed.
            (now.clone() + "z = 3\n", "[g]\nx = 0\nz = 3\n"),
            (now.replace("y = 2", "z = 3\ny = 2"), "[g]\nx = 0\nz = 3\n"),
            (now.replace("y = 2", "y = 3"), "[g]\nx = 0\ny = 3\n"),
            // Written anew, without comments.
            (
                "[g]\nx=1\ny = '2'\nz = 3\n\n".to_owned(),
                "[g]\nx = 0\nz = 3\n\n",
            ),
        ];
        for (now, expected) in rows {
            assert_eq!(back(&now, &part).as_deref(), Some(expected), "{now}");
        }
        for gone in ["[g]\nx = 1\n", "[g]\nx = 1\ny = 2\n[h]\nx = 1\ny = 2\n", ""] {
            assert_eq!(back(gone, &part), None, "{gone}");
        }
    }

    #[test]
    fn a_header_of_ours_stays_while_it_is_needed() {
        let (now, part) = replaced("", 0..0, &["[g]", "x = 1"]);
        assert_eq!(back(&now, &part).as_deref(), Some(""));
        let used = now.clone() + "\nz = 3\n";
        assert_eq!(back(&used, &part).as_deref(), Some("[g]\n\nz = 3\n"));
        let used = "[g]\nx = 1\nz = 3\n\n";
        assert_eq!(back(used, &part).as_deref(), Some("[g]\nz = 3\n\n"));
        let other = now + "[h]\nz = 3\n";
        assert_eq!(back(&other, &part).as_deref(), Some("[h]\nz = 3\n"));

        let (now, part) = replaced("", 0..0, &["g:", "  - x"]);
        let used = now.clone() + "  - z\n";
        assert_eq!(back(&used, &part).as_deref(), Some("g:\n  - z\n"));
        let other = now + "h: z\n";
        assert_eq!(back(&other, &part).as_deref(), Some("h: z\n"));
    }
}
