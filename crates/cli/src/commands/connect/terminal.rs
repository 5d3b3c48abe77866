//! The terminal at which `connect` asks: lines out and in. Plain ones, no screen control: they work everywhere, and a test can
//! answer them. Questions go to stderr, so that stdout keeps the result alone.

use std::io::{BufRead, Write};

/// A way to put questions and read the answers.
pub(super) struct Terminal {
    input: Box<dyn BufRead>,
    output: Box<dyn Write>,
}

impl Terminal {
    pub(super) fn of_process() -> Self {
        Self {
            input: Box::new(std::io::stdin().lock()),
            output: Box::new(std::io::stderr()),
        }
    }

    pub(super) fn say(&mut self, text: &str) -> Option<()> {
        write!(self.output, "{text}").ok()?;
        self.output.flush().ok()
    }

    /// The answer; `None` at the end of input.
    pub(super) fn ask(&mut self, question: &str) -> Option<String> {
        self.say(question)?;
        let mut line = String::new();
        match self.input.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim().to_owned()),
        }
    }
}

/// Asks for a test of what was saved; an end of input is a no.
pub(super) fn wants_test(terminal: &mut Terminal) -> bool {
    loop {
        match terminal.ask("Test now? [Y/n] ").as_deref() {
            Some("" | "y" | "Y" | "yes") => return true,
            Some("n" | "N" | "no") | None => return false,
            Some(_) => {}
        }
    }
}

#[cfg(test)]
pub(super) mod for_tests {
    use std::io::Cursor;

    use super::Terminal;
    use crate::console::for_tests::Said;

    /// A terminal at which somebody types these lines.
    pub(in super::super) fn terminal(answers: &str, said: &Said) -> Terminal {
        Terminal {
            input: Box::new(Cursor::new(answers.to_owned())),
            output: Box::new(said.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::for_tests::terminal;
    use super::*;
    use crate::console::for_tests::Said;

    #[test]
    fn a_test_is_offered_until_the_answer_is_yes_or_no() {
        for (answers, expected) in [
            ("\n", true),
            ("y\n", true),
            ("n\n", false),
            ("perhaps\nno\n", false),
            ("", false),
        ] {
            let mut terminal = terminal(answers, &Said::default());
            assert_eq!(wants_test(&mut terminal), expected, "{answers:?}");
        }
    }
}
