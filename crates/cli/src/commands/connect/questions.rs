//! The questions that `connect` asks at a terminal. Plain lines, no screen control: they work everywhere, and a test
//! can answer them. Questions go to stderr, so that stdout keeps the result alone.

use std::io::{BufRead, Write};

use codeartifact_auth::connection::Key;

use super::draft::Draft;
use super::{ASKED_FORMATS, external_id};
use crate::commands::refused::reason;

/// The name of the role in AWS's documentation and in our templates.
const ROLE_NAME: &str = "CodeArtifactReader";

/// The answer that clears a key, or keeps it from being made.
const NONE: &str = "-";

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

    fn say(&mut self, text: &str) -> Option<()> {
        write!(self.output, "{text}").ok()?;
        self.output.flush().ok()
    }

    /// The answer; `None` at the end of input.
    fn ask(&mut self, question: &str) -> Option<String> {
        self.say(question)?;
        let mut line = String::new();
        match self.input.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim().to_owned()),
        }
    }
}

/// Asks for everything that was not given; `None` if the input ended before.
pub(super) fn ask(draft: &mut Draft<'_>, terminal: &mut Terminal) -> anyhow::Result<Option<()>> {
    let generated = external_id::generate()?;
    let mut questions = Questions {
        draft,
        generated,
        terminal,
    };
    Ok(questions.ask_all())
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

struct Questions<'a, 'h> {
    draft: &'a mut Draft<'h>,
    /// The external id to propose.
    generated: String,
    terminal: &'a mut Terminal,
}

/// The meaning of an empty line.
enum Preset {
    Value(String),
    Generated(String),
    Nothing,
    Required,
}

impl Questions<'_, '_> {
    fn ask_all(&mut self) -> Option<()> {
        let how = "Press Enter to keep the value in brackets; type - to clear it.\n";
        self.terminal.say(how)?;
        self.ask_unless_given(Key::AccountId)?;
        self.ask_unless_given(Key::RoleArn)?;
        if self.draft.text(Key::RoleArn).is_some() {
            self.ask_unless_given(Key::ExternalId)?;
        } else if self.draft.text(Key::ExternalId).is_some() {
            self.draft.remove(Key::ExternalId);
        }
        for format in ASKED_FORMATS {
            self.ask_unless_given(Key::Url(format))?;
        }
        while !self.draft.has_url() {
            self.terminal
                .say("  a connection needs one URL at least\n")?;
            for format in ASKED_FORMATS {
                self.ask(Key::Url(format))?;
            }
        }
        Some(())
    }

    fn ask_unless_given(&mut self, key: Key) -> Option<()> {
        if self.draft.is_given(key) {
            return Some(());
        }
        self.ask(key)
    }

    /// Asks until the answer is right, and gives the reason where it is not.
    fn ask(&mut self, key: Key) -> Option<()> {
        let label = label(key);
        let preset = self.preset(key);
        let question = match &preset {
            Preset::Value(value) => format!("{label} [{value}]: "),
            Preset::Generated(value) => format!("{label} [generated: {value}]: "),
            Preset::Nothing => format!("{label} (empty: none): "),
            Preset::Required => format!("{label}: "),
        };
        loop {
            let answer = self.terminal.ask(&question)?;
            let text = match (answer.as_str(), &preset) {
                ("" | NONE, Preset::Required) => continue,
                ("", Preset::Value(value)) => value,
                ("", Preset::Generated(value)) => {
                    self.draft.generated(value.clone());
                    return Some(());
                }
                ("", Preset::Nothing) | (NONE, _) => "",
                (text, _) => text,
            };
            match self.draft.set(key, text) {
                Ok(()) => return self.say_remarks(),
                Err(problem) => {
                    let reason = reason(&label, &problem);
                    self.terminal.say(&format!("  {reason}\n"))?;
                }
            }
        }
    }

    fn preset(&self, key: Key) -> Preset {
        match (self.draft.text(key), key) {
            (Some(value), _) => Preset::Value(value.to_owned()),
            (None, Key::AccountId) => Preset::Required,
            (None, Key::RoleArn) if self.draft.is_new() => {
                let account_id = self.draft.text(Key::AccountId).unwrap_or_default();
                Preset::Value(format!("arn:aws:iam::{account_id}:role/{ROLE_NAME}"))
            }
            (None, Key::ExternalId) if self.draft.new_role().is_some() => {
                Preset::Generated(self.generated.clone())
            }
            (None, _) => Preset::Nothing,
        }
    }

    /// Shows remarks right after the answer that they are about.
    fn say_remarks(&mut self) -> Option<()> {
        let remarks = self.draft.take_remarks();
        let mut remarks = remarks.iter();
        remarks.try_for_each(|remark| self.terminal.say(&format!("  {remark}\n")))
    }
}

fn label(key: Key) -> String {
    match key {
        Key::AccountId => "Account ID".to_owned(),
        Key::RoleArn => "Role ARN".to_owned(),
        Key::ExternalId => "External ID".to_owned(),
        Key::Url(format) => format!("{format} URL"),
        other => other.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use codeartifact_auth::endpoint::{Format, MappedHosts};

    use super::*;
    use crate::config_file::{Value, Written};
    use crate::console::for_tests::Said;

    const HOST: &str = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
    const ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactReader";
    const GENERATED: &str = "7Qm4tZ0cXb1Lr9Wv7Qm4tZ0cXb1Lr9Wv";

    /// Returns the questions and the connection they lead to; `None` if the input ended too early.
    fn asked(before: Option<Written>, answers: &str) -> (String, Option<Written>) {
        let hosts = MappedHosts::new();
        let mut draft = Draft::new(before.clone(), &hosts);
        let said = Said::default();
        let mut questions = Questions {
            draft: &mut draft,
            generated: GENERATED.to_owned(),
            terminal: &mut terminal(answers, &said),
        };
        let done = questions.ask_all();
        let after = before.unwrap_or_default().after(draft.changes());
        (said.text(), done.map(|()| after))
    }

    fn terminal(answers: &str, said: &Said) -> Terminal {
        Terminal {
            input: Box::new(Cursor::new(answers.to_owned())),
            output: Box::new(said.clone()),
        }
    }

    fn written(values: &[(Key, &str)]) -> Written {
        let changes = values
            .iter()
            .map(|(key, text)| (*key, Some(Value::Text((*text).to_owned()))));
        Written::default().after(&changes.collect::<Vec<_>>())
    }

    #[test]
    fn the_whole_conversation() {
        let npm = format!("{HOST}/npm/my-repo/");
        let (said, after) = asked(None, &format!("111122223333\n\n\n{npm}\n\n\n"));
        assert_eq!(
            said,
            format!(
                "Press Enter to keep the value in brackets; type - to clear it.\n\
                 Account ID: Role ARN [{ROLE}]: External ID [generated: {GENERATED}]: npm URL (empty: none): \
                 pypi URL (empty: none): go URL (empty: none): "
            )
        );
        let expected = written(&[
            (Key::AccountId, "111122223333"),
            (Key::RoleArn, ROLE),
            (Key::ExternalId, GENERATED),
            (Key::Url(Format::Npm), &npm),
        ]);
        assert_eq!(after, Some(expected));
    }

    #[test]
    fn a_wrong_answer_is_explained_and_asked_for_again() {
        let answers = format!(
            "123\n111122223333\nReader\n-\n{HOST}/pypi/my-repo/\n\n{HOST}/pypi/my-repo/\n\n"
        );
        let (said, after) = asked(None, &answers);
        for text in [
            "  Account ID: `123` is not an account of 12 digits\n",
            "  Role ARN: `Reader` is not the ARN of an IAM role\n  hint: it looks like",
            "  npm URL: https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/pypi/my-repo/ is of \
             format pypi, not npm\n  hint: its key is `pypi`\n",
            &format!(
                "  the pypi URL is saved as its clients need it: {HOST}/pypi/my-repo/simple/\n"
            ),
        ] {
            assert!(said.contains(text), "{text:?} is not in {said:?}");
        }
        let expected = written(&[
            (Key::AccountId, "111122223333"),
            (
                Key::Url(Format::Pypi),
                &format!("{HOST}/pypi/my-repo/simple/"),
            ),
        ]);
        assert_eq!(after, Some(expected));
    }

    #[test]
    fn an_empty_line_keeps_a_value_and_a_hyphen_clears_it() {
        let (npm, go) = (
            format!("{HOST}/npm/my-repo/"),
            format!("{HOST}/go/my-repo/"),
        );
        let before = written(&[
            (Key::AccountId, "111122223333"),
            (Key::RoleArn, ROLE),
            (Key::ExternalId, "12345678"),
            (Key::Url(Format::Npm), &npm),
        ]);
        let (said, after) = asked(Some(before.clone()), "\n\n\n\n\n\n");
        assert_eq!(after.as_ref(), Some(&before));
        assert!(said.contains("External ID [12345678]: "), "{said}");

        let (_, after) = asked(Some(before), &format!("\n-\n-\n\n{go}\n"));
        let expected = written(&[
            (Key::AccountId, "111122223333"),
            (Key::Url(Format::Go), &go),
        ]);
        assert_eq!(after, Some(expected));
    }

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

    #[test]
    fn one_url_at_least_and_an_end_of_input_ends_it() {
        let (said, after) = asked(None, "111122223333\n-\n\n\n\n");
        assert!(
            said.contains("a connection needs one URL at least"),
            "{said}"
        );
        assert_eq!(after, None);
    }
}
