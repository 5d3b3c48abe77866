//! Blocks of ours that are written in one edit: one that is changed again stays one block, and those that are alike are
//! told apart when they go back.

use std::ops::Range;

use super::part::blocks_of;
use super::{Line, Part, Text};

impl Text {
    /// Blocks that are alike cannot be told from each other later: the last part goes back first, into the first block of
    /// its look. So theirs are kept in the opposite order of their places. The last part is the one at `start`.
    pub(super) fn order_like_ones(&mut self, start: usize) {
        let Some(new) = self.parts.last().cloned() else {
            return;
        };
        let is_like = |it: &(String, Part)| it.0 == new.0 && it.1.after == new.1.after;
        let alike = self.parts.iter_mut().filter(|it| is_like(it));
        let mut alike: Vec<&mut Part> = alike.map(|(_, part)| part).collect();
        let mut befores: Vec<_> = alike.iter().map(|it| it.before.clone()).collect();
        let _of_new = befores.pop();
        let in_front = |at: &Range<usize>| at.start < start;
        let blocks = blocks_of(&self.lines, &new.1);
        let number = blocks.iter().filter(|at| in_front(at)).count();
        befores.insert(befores.len().saturating_sub(number), new.1.before);
        for (part, before) in alike.iter_mut().zip(befores) {
            part.before = before;
        }
    }

    /// The block of this name that was written since the text was read and has these lines between its marks: which part
    /// it is, and where.
    pub(super) fn block_around(
        &self,
        lines: &Range<usize>,
        name: &str,
    ) -> Option<(usize, Range<usize>)> {
        let is_within = |block: &Range<usize>| block.start < lines.start && lines.end < block.end;
        let named = self.parts.iter().enumerate();
        let mut named = named.filter(|(_, (mark, _))| mark == name);
        named.find_map(|(number, (_, part))| {
            let blocks = blocks_of(&self.lines, part);
            let block = blocks.into_iter().find(is_within)?;
            Some((number, block))
        })
    }

    /// Changes a block of ours, which stays one.
    pub(super) fn change_block(
        &mut self,
        (part, block): (usize, Range<usize>),
        ending: &str,
        lines: Range<usize>,
        body: &[String],
    ) {
        let new = body.iter().map(|line| Line::new(format!("{line}{ending}")));
        let end = block.end + body.len() - lines.len();
        let _gone = self.lines.splice(lines, new).collect::<Vec<_>>();
        let after = self.lines[block.start..end].iter();
        let after = after.map(|line| line.bare().to_owned()).collect();
        if let Some((_, part)) = self.parts.get_mut(part) {
            part.after = after;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each gets back what was in its own place, whichever was written first.
    #[test]
    fn blocks_that_are_alike_are_told_apart() {
        let original = "a\nb\nc\nd\n";
        for order in [
            [0, 1, 2],
            [2, 1, 0],
            [1, 2, 0],
            [1, 0, 2],
            [2, 0, 1],
            [0, 2, 1],
        ] {
            let mut text = Text::parse(original);
            for line in order {
                let of = ["a", "b", "c"][line];
                let at = text.lines().iter().position(|it| *it == of).unwrap();
                text.replace(at..at + 1, "acme", &["x".to_owned()]);
            }
            for (mark, part) in text.parts().to_vec().iter().rev() {
                text.put_back(part, mark).unwrap();
            }
            assert_eq!(text.to_string(), original, "{order:?}");
        }
    }

    /// A block that is changed twice has one pair of marks, and goes back at once.
    #[test]
    fn a_block_of_ours_that_is_changed_stays_one() {
        let original = "a\nb\nc";
        let mut text = Text::parse(original);
        text.replace(1..2, "acme", &["x".to_owned()]);
        text.replace(2..3, "acme", &["y".to_owned(), "z".to_owned()]);
        text.replace(3..4, "acme", &["w".to_owned()]);
        let marks = [
            "# >>> codeartifact setup acme",
            "# <<< codeartifact setup acme",
        ];
        assert_eq!(text.lines(), ["a", marks[0], "y", "w", marks[1], "c"]);
        // Another's lines are no part of it.
        text.replace(2..3, "globex", &["v".to_owned()]);
        assert_eq!(text.names(), ["acme", "globex"]);
        for (mark, part) in text.parts().to_vec().iter().rev() {
            text.put_back(part, mark).unwrap();
        }
        assert_eq!(text.to_string(), original);
    }
}
