//! Shows what became of a text since it was read, as lines for people: exactly the lines that went and came, at the places
//! where they did. It compares nothing, as a search for the shortest difference would: that one likes to pair our lines
//! with the user's.

use super::{Line, Text, bare};

/// A line that went (`-`) or came (`+`), without its ending.
pub(crate) type Change = (char, String);

impl Text {
    /// The lines that went and came, in their order.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut run = Replaced::default();
        let mut next = 0;
        for line in &self.lines {
            match line.from.filter(|at| *at >= next) {
                Some(at) => {
                    run.gone
                        .extend(self.read[next..at].iter().map(|it| bare(it)));
                    next = at + 1;
                    let was = bare(&self.read[at]);
                    if was == line.bare() {
                        run.flush(&mut changes);
                    } else {
                        run.gone.push(was);
                        run.come.push(line.bare());
                    }
                }
                None => run.come.push(line.bare()),
            }
        }
        run.gone.extend(self.read[next..].iter().map(|it| bare(it)));
        run.flush(&mut changes);
        changes
    }

    /// The same of a file that goes.
    pub(crate) fn all_gone(&self) -> Vec<Change> {
        let lines = self.read.iter().map(|line| ('-', bare(line).to_owned()));
        lines.collect()
    }
}

/// Lines that went and came between two that stayed.
#[derive(Default)]
struct Replaced<'a> {
    gone: Vec<&'a str>,
    come: Vec<&'a str>,
}

impl Replaced<'_> {
    /// Without what is the same at both ends: a block that was written anew.
    fn flush(&mut self, changes: &mut Vec<Change>) {
        let pairs = self.gone.iter().zip(&self.come);
        let same = pairs.take_while(|(one, other)| one == other).count();
        let (gone, come) = (&self.gone[same..], &self.come[same..]);
        let pairs = gone.iter().rev().zip(come.iter().rev());
        let same = pairs.take_while(|(one, other)| one == other).count();
        let signed = |sign: char| move |line: &&str| (sign, (*line).to_owned());
        changes.extend(gone[..gone.len() - same].iter().map(signed('-')));
        changes.extend(come[..come.len() - same].iter().map(signed('+')));
        self.gone.clear();
        self.come.clear();
    }
}

impl Line {
    /// It is one that was put back, and nobody's new one.
    pub(super) fn put_back(text: String) -> Self {
        Self { text, from: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &Text) -> String {
        let lines = text.changes().into_iter();
        lines
            .map(|(sign, line)| format!("{sign}{line}\n"))
            .collect()
    }

    /// A search for the shortest difference takes the user's `[[index]]` for ours.
    #[test]
    fn the_change_is_shown_where_it_is() {
        let mut text = Text::parse("[[index]]\nname = 'a'\n");
        let body = ["[[index]]", "name = 'b'"].map(str::to_owned);
        text.insert(0, "uv acme", &body);
        assert_eq!(
            shown(&text),
            "+# >>> codeartifact setup uv acme\n+[[index]]\n+name = 'b'\n+# <<< codeartifact setup uv acme\n"
        );
    }

    #[test]
    fn what_is_replaced_goes_and_what_is_written_anew_is_no_change() {
        let mut text = Text::parse("a\nb\nc");
        text.replace(1..2, "m", &["B".to_owned()]);
        assert_eq!(
            shown(&text),
            "-b\n+# >>> codeartifact setup m\n+B\n+# <<< codeartifact setup m\n"
        );
        let mut again = Text::parse(&text.to_string());
        again.remove(Some("m")).unwrap();
        again.insert(1, "m", &["B".to_owned()]);
        assert_eq!(shown(&again), "");
        again.drop_line(4);
        assert_eq!(shown(&again), "-c\n");
    }
}
