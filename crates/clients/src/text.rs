//! A text file of the user's, by lines, and our lines in it: blocks between two marks that say whose they are. What a
//! block replaces is noted as a [`Part`], which a setup keeps elsewhere: taking the block away and putting back what
//! was there leaves the file as it was, to the byte. Which lines a client needs, and where, is its room's to tell.

mod block;
mod changes;
mod line;
mod part;

use std::fmt;
use std::ops::Range;

use crate::error::UserError;

pub(crate) use changes::Change;
pub(crate) use line::is_closing;
use line::{BEGIN, END, Line, aside, bare, give_back, marked};
pub(crate) use part::{Outcome, Part};

/// Some editors put it in front of a file.
pub(crate) const BOM: &str = "\u{feff}";

/// Lines with their endings, whatever those are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    has_bom: bool,
    lines: Vec<Line>,
    /// As it was read.
    read: Vec<String>,
    /// The parts that our blocks have replaced, with the mark of each.
    parts: Vec<(String, Part)>,
}

impl Text {
    pub(crate) fn parse(text: &str) -> Self {
        let rest = text.strip_prefix(BOM);
        let lines = rest.unwrap_or(text).split_inclusive('\n');
        let read: Vec<_> = lines.map(str::to_owned).collect();
        let line = |(at, text): (usize, &String)| Line {
            text: text.clone(),
            from: Some(at),
        };
        Self {
            has_bom: rest.is_some(),
            lines: read.iter().enumerate().map(line).collect(),
            read,
            parts: Vec::new(),
        }
    }

    /// Tells if a byte order mark comes first, which is no part of any line here.
    pub(crate) fn has_bom(&self) -> bool {
        self.has_bom
    }

    /// The lines without their endings.
    pub(crate) fn lines(&self) -> Vec<&str> {
        self.lines.iter().map(Line::bare).collect()
    }

    /// The whole text, without a byte order mark.
    pub(crate) fn body(&self) -> String {
        self.lines.iter().map(|line| line.text.as_str()).collect()
    }

    /// Returns the number of lines: the place behind the last one.
    pub(crate) fn end(&self) -> usize {
        self.lines.len()
    }

    /// The names under which we wrote something.
    pub(crate) fn names(&self) -> Vec<&str> {
        let lines = self.lines.iter().map(|line| line.bare().trim_start());
        lines.filter_map(|line| line.strip_prefix(BEGIN)).collect()
    }

    /// Returns what our blocks have replaced since the text was read, with the mark of each.
    pub(crate) fn parts(&self) -> &[(String, Part)] {
        &self.parts
    }

    /// The lines of the block of that name, without its marks.
    pub(crate) fn block(&self, name: &str) -> Option<Vec<&str>> {
        let body = self.lines.iter().skip(self.place_of(name)? + 1);
        let body = body.take_while(|line| marked(&line.text, END) != Some(name));
        Some(body.map(Line::bare).collect())
    }

    /// Puts `body` before the line `at`, as a block of ours that is marked with `name`.
    pub(crate) fn insert(&mut self, at: usize, name: &str, body: &[String]) {
        self.replace_with(self.ending(), at..at, name, body);
    }

    /// The same for a client to which the file's own line ending is a part of the value.
    pub(crate) fn insert_with(
        &mut self,
        ending: &'static str,
        at: usize,
        name: &str,
        body: &[String],
    ) {
        self.replace_with(ending, at..at, name, body);
    }

    /// Puts the block in the place of these lines, which are noted.
    pub(crate) fn replace(&mut self, lines: Range<usize>, name: &str, body: &[String]) {
        self.replace_with(self.ending(), lines, name, body);
    }

    fn replace_with(
        &mut self,
        ending: &'static str,
        lines: Range<usize>,
        name: &str,
        body: &[String],
    ) {
        if let Some(found) = self.block_around(&lines, name) {
            return self.change_block(found, ending, lines, body);
        }
        let indent: String = body
            .first()
            .map(|line| line.chars().take_while(|it| it.is_whitespace()).collect())
            .unwrap_or_default();
        let begin = format!("{indent}{BEGIN}{name}");
        let end = format!("{indent}{END}{name}");
        let block = [&[begin], body, &[end]].concat();
        let mut block: Vec<_> = block.iter().map(|line| format!("{line}{ending}")).collect();
        if lines.end == self.lines.len() {
            self.keep_last_line_open(ending, &mut block);
        }
        let part = |lines: &[String]| lines.iter().map(|line| bare(line).to_owned()).collect();
        let after = part(&block);
        let start = lines.start;
        let gone = self.lines.splice(lines, block.into_iter().map(Line::new));
        let before = part(&gone.map(|line| line.text).collect::<Vec<_>>());
        self.parts.push((name.to_owned(), Part { before, after }));
        self.order_like_ones(start);
    }

    /// A last line without an ending gets one, and the block none: so it is seen later that there was none.
    fn keep_last_line_open(&mut self, ending: &str, block: &mut [String]) {
        let is_open = |line: &&mut Line| !line.text.ends_with('\n');
        if let Some(last) = self.lines.last_mut().filter(is_open) {
            last.text.push_str(ending);
            if let Some(end) = block.last_mut() {
                end.truncate(end.len() - ending.len());
            }
        }
    }

    /// Returns where the block of that name begins.
    pub(crate) fn place_of(&self, name: &str) -> Option<usize> {
        self.lines
            .iter()
            .position(|line| marked(&line.text, BEGIN) == Some(name))
    }

    /// Takes the line `at` away for good: one with a secret in it must not lie about as a comment.
    pub(crate) fn drop_line(&mut self, at: usize) {
        let dropped = self.lines.remove(at);
        self.open_line_before(at, &dropped.text);
    }

    /// Makes a comment of the line `at`, for as long as there is a block of that name.
    pub(crate) fn set_aside_whole(&mut self, at: usize, name: &str) {
        if let Some(Line { text, .. }) = self.lines.get_mut(at) {
            *text = aside(name, text);
        }
    }

    /// Puts `line` at the end.
    pub(crate) fn append(&mut self, line: &str) {
        let is_open = |last: &&mut Line| !last.text.ends_with('\n');
        if let Some(last) = self.lines.last_mut().filter(is_open) {
            last.text.push('\n');
        }
        self.lines.push(Line::new(format!("{line}\n")));
    }

    /// Takes away what we wrote under `name`, or all of it, and gives back what was set aside for it.
    ///
    /// # Errors
    /// A block has lost its end, so ours cannot be told from the user's.
    pub(crate) fn remove(&mut self, name: Option<&str>) -> Result<(), UserError> {
        let is_meant = |found: &str| name.is_none_or(|name| name == found);
        let begins = |line: &Line| marked(&line.text, BEGIN).is_some_and(is_meant);
        while let Some(at) = self.lines.iter().position(begins) {
            let block = self.block_at(at)?;
            let open = self.lines[block.end - 1].text.clone();
            self.lines.drain(block);
            self.open_line_before(at, &open);
        }
        for line in &mut self.lines {
            give_back(line, is_meant);
        }
        Ok(())
    }

    /// The lines of the block that begins at `at`, with its marks.
    fn block_at(&self, at: usize) -> Result<Range<usize>, UserError> {
        let name = marked(&self.lines[at].text, BEGIN).unwrap_or_default();
        let is_end = |line: &Line| marked(&line.text, END) == Some(name);
        match self.lines[at..].iter().position(is_end) {
            Some(end) => Ok(at..at + end + 1),
            None => Err(lost_end(name)),
        }
    }

    fn ending(&self) -> &'static str {
        match self.lines.first() {
            Some(first) if first.text.ends_with("\r\n") => "\r\n",
            _ => "\n",
        }
    }

    /// The counterpart of [`Text::keep_last_line_open`].
    fn open_line_before(&mut self, at: usize, gone: &str) {
        if gone.ends_with('\n') || at == 0 {
            return;
        }
        if let Some(last) = self.lines.get_mut(at - 1) {
            last.text.truncate(last.bare().len());
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.has_bom { BOM } else { "" })?;
        self.lines
            .iter()
            .try_for_each(|line| formatter.write_str(&line.text))
    }
}

fn lost_end(name: &str) -> UserError {
    UserError::new(format!(
        "the line `{END}{name}` is missing, so our lines cannot be recognized; put it back below them"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> Vec<String> {
        vec!["x = 1".to_owned(), String::new()]
    }

    #[test]
    fn what_was_inserted_is_marked_and_removed_to_the_byte() {
        let texts = [
            "",
            "a",
            "a\n",
            "a\r\nb\r\n",
            "a\r\nb",
            "\u{feff}a\nb",
            "\n\n",
            "  # a\n\tb = c\n",
        ];
        for text in texts {
            for at in 0..=Text::parse(text).end() {
                let mut changed = Text::parse(text);
                changed.insert(at, "acme", &block());
                assert_eq!(changed.names(), ["acme"]);
                assert!(
                    changed.to_string().starts_with('\u{feff}') == text.starts_with('\u{feff}')
                );
                let mut changed = Text::parse(&changed.to_string());
                changed.remove(Some("other")).unwrap();
                assert_ne!(changed.to_string(), text);
                changed.remove(Some("acme")).unwrap();
                assert_eq!(changed.to_string(), text, "{text:?} {at}");
            }
        }
    }

    #[test]
    fn a_block_has_the_files_ending_and_its_bodys_indent() {
        let mut text = Text::parse("a\r\n");
        text.insert(1, "acme", &["    x".to_owned()]);
        assert_eq!(
            text.to_string(),
            "a\r\n    # >>> codeartifact setup acme\r\n    x\r\n    # <<< codeartifact setup acme\r\n"
        );
    }

    #[test]
    fn a_line_that_was_set_aside_comes_back() {
        let original = "a\n  index-url = https://example.com/  \nb";
        let mut text = Text::parse(original);
        text.set_aside_whole(1, "acme");
        text.insert(2, "acme", &block());
        assert!(
            text.to_string()
                .contains("\n# set aside by codeartifact setup acme:   index-url = ")
        );
        text.remove(None).unwrap();
        assert_eq!(text.to_string(), original);
    }

    #[test]
    fn several_blocks_of_several_names() {
        let mut text = Text::parse("a\n");
        for name in ["acme", "globex", "acme"] {
            text.insert(1, name, &block());
        }
        text.remove(Some("acme")).unwrap();
        assert_eq!(text.names(), ["globex"]);
        text.remove(None).unwrap();
        assert_eq!(text.to_string(), "a\n");
    }

    #[test]
    fn a_lost_end_is_told() {
        let mut text = Text::parse("# >>> codeartifact setup acme\nx\n");
        let error = text.remove(None).unwrap_err().to_string();
        assert!(error.contains("# <<< codeartifact setup acme"), "{error}");
    }
}
