//! Shows things while a command is still at work: whole lines on stdout as they come, and a spinner on stderr during a
//! slow step. The result at the end of a command is `output`.

mod spinner;

use std::io::{IsTerminal, Write};

use codeartifact_auth::environment::{self, Environment};

use crate::output::Output;

/// The terminal, or the files, that a command writes to.
pub(crate) struct Console {
    stdout: Box<dyn Write>,
    has_colour: bool,
    has_spinner: bool,
}

/// A colour by its meaning, with its code: one of the eight that every terminal has, or faint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    Good = 32,
    Doubtful = 33,
    Bad = 31,
    Aside = 2,
}

impl Console {
    /// Returns this process's own. Only a terminal shows colours, and only without `NO_COLOR`.
    pub(crate) fn of_process(environment: &Environment) -> Self {
        let stdout = std::io::stdout();
        let is_dumb = environment.text(environment::TERM).as_deref() == Some("dumb");
        let is_refused = environment.variable(environment::NO_COLOR).is_some();
        Self {
            has_colour: stdout.is_terminal() && !is_dumb && !is_refused && understands_codes(),
            has_spinner: std::io::stderr().is_terminal() && !is_dumb,
            stdout: Box::new(stdout),
        }
    }

    /// Shows text at once. A reader that is gone (`| head`) is not an error of ours.
    pub(crate) fn say(&mut self, text: &str) {
        let _ = self.stdout.write_all(text.as_bytes());
        let _ = self.stdout.flush();
    }

    /// Shows the result of a command.
    pub(crate) fn deliver(&mut self, output: &Output) {
        let _ = std::io::stderr().write_all(output.stderr.as_bytes());
        self.say(output.stdout.expose());
    }

    /// The text in a colour, where colours are shown.
    pub(crate) fn paint(&self, colour: Colour, text: &str) -> String {
        if self.has_colour {
            format!("\x1b[{}m{text}\x1b[0m", colour as u8)
        } else {
            text.to_owned()
        }
    }

    /// Does some work, and names it on the terminal if it takes long.
    pub(crate) fn during<T>(&self, what: &str, work: impl FnOnce() -> T) -> T {
        if self.has_spinner {
            spinner::during(what, work)
        } else {
            work()
        }
    }
}

/// Windows' own console shows the codes of colours as text until it is asked not to.
fn understands_codes() -> bool {
    #[cfg(windows)]
    {
        anstyle_query::windows::enable_ansi_colors().unwrap_or(true)
    }
    #[cfg(not(windows))]
    {
        true
    }
}

#[cfg(test)]
pub(crate) mod for_tests {
    use std::cell::RefCell;
    use std::io::{Result, Write};
    use std::rc::Rc;

    use super::Console;

    /// A buffer that can be read while the console is in use.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Said(Rc<RefCell<Vec<u8>>>);

    impl Said {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.borrow().clone()).unwrap()
        }

        pub(crate) fn console(&self, has_colour: bool) -> Console {
            Console {
                stdout: Box::new(self.clone()),
                has_colour,
                has_spinner: false,
            }
        }
    }

    impl Write for Said {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::for_tests::Said;
    use super::*;

    #[test]
    fn colours_are_shown_only_where_they_are_wanted() {
        let said = Said::default();
        assert_eq!(said.console(false).paint(Colour::Good, "✓"), "✓");
        assert_eq!(
            said.console(true).paint(Colour::Good, "✓"),
            "\u{1b}[32m✓\u{1b}[0m"
        );
    }

    #[test]
    fn what_is_said_is_said_at_once() {
        let said = Said::default();
        let mut console = said.console(false);
        console.say("one\n");
        assert_eq!(said.text(), "one\n");
        assert_eq!(console.during("two", || 2), 2);
        assert_eq!(said.text(), "one\n");
    }
}
