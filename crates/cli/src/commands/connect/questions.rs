//! The questions that `connect` asks at a terminal. Plain lines, no screen control: they work everywhere, and a test
//! can answer them. Questions go to stderr, so that stdout keeps the result alone.

use std::io::{BufRead, Write};

use codeartifact_auth::connection::Key;

use super::draft::Draft;
use super::{ASKED_FORMATS, external_id};
use crate::commands::refused::reason;

/// What AWS's documentation and our templates call the role.
const ROLE_NAME: &str = "CodeArtifactReader";

/// Takes a key away, or keeps it from being made.
const NONE: &str = "-";

/// Where questions are put and answered.
pub(super) struct Terminal<I, O> {
    input: I,
    output: O,
}

/// An empty line takes it.
enum Preset {
    Value(String),
    Generated(String),
    Nothing,
    Required,
}

impl<I: BufRead, O: Write> Terminal<I, O> {
    pub(super) fn new(input: I, output: O) -> Self {
        Self { input, output }
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
pub(super) fn ask(
    draft: &mut Draft<'_>,
    terminal: &mut Terminal<impl BufRead, impl Write>,
) -> anyhow::Result<Option<()>> {
    let generated = external_id::generate()?;
    Ok(ask_all(draft, &generated, terminal))
}

/// Whether what was saved shall be tested at once; an end of input is a no.
pub(super) fn wants_test(terminal: &mut Terminal<impl BufRead, impl Write>) -> bool {
    loop {
        match terminal.ask("Test now? [Y/n] ").as_deref() {
            Some("" | "y" | "Y" | "yes") => return true,
            Some("n" | "N" | "no") | None => return false,
            Some(_) => {}
        }
    }
}

fn ask_all(
    draft: &mut Draft<'_>,
    generated: &str,
    terminal: &mut Terminal<impl BufRead, impl Write>,
) -> Option<()> {
    terminal.say("An empty line takes what stands in brackets, - takes it away.\n")?;
    for (key, label) in [(Key::AccountId, "Account ID"), (Key::RoleArn, "Role ARN")] {
        ask_unless_given(key, label, generated, draft, terminal)?;
    }
    if draft.text(Key::RoleArn).is_some() {
        ask_unless_given(Key::ExternalId, "External ID", generated, draft, terminal)?;
    } else if draft.text(Key::ExternalId).is_some() {
        drop(draft.set(Key::ExternalId, ""));
    }
    ask_urls(draft, generated, terminal)
}

/// Until there is one at least.
fn ask_urls(
    draft: &mut Draft<'_>,
    generated: &str,
    terminal: &mut Terminal<impl BufRead, impl Write>,
) -> Option<()> {
    for format in ASKED_FORMATS {
        let label = format!("{format} URL");
        ask_unless_given(Key::Url(format), &label, generated, draft, terminal)?;
    }
    while !draft.has_url() {
        terminal.say("  a connection needs one URL at least\n")?;
        for format in ASKED_FORMATS {
            let key = Key::Url(format);
            ask_one(
                key,
                &format!("{format} URL"),
                Preset::Nothing,
                draft,
                terminal,
            )?;
        }
    }
    Some(())
}

fn ask_unless_given(
    key: Key,
    label: &str,
    generated: &str,
    draft: &mut Draft<'_>,
    terminal: &mut Terminal<impl BufRead, impl Write>,
) -> Option<()> {
    match draft.is_given(key) {
        true => Some(()),
        false => ask_one(key, label, preset(key, generated, draft), draft, terminal),
    }
}

fn preset(key: Key, generated: &str, draft: &Draft<'_>) -> Preset {
    match (draft.text(key), key) {
        (Some(value), _) => Preset::Value(value),
        (None, Key::AccountId) => Preset::Required,
        (None, Key::RoleArn) if draft.is_new() => {
            let account_id = draft.text(Key::AccountId).unwrap_or_default();
            Preset::Value(format!("arn:aws:iam::{account_id}:role/{ROLE_NAME}"))
        }
        (None, Key::ExternalId) if draft.new_role().is_some() => {
            Preset::Generated(generated.to_owned())
        }
        (None, _) => Preset::Nothing,
    }
}

/// Again and again, with the reason, until the answer is right.
fn ask_one(
    key: Key,
    label: &str,
    preset: Preset,
    draft: &mut Draft<'_>,
    terminal: &mut Terminal<impl BufRead, impl Write>,
) -> Option<()> {
    let question = match &preset {
        Preset::Value(value) => format!("{label} [{value}]: "),
        Preset::Generated(value) => format!("{label} [generated: {value}]: "),
        Preset::Nothing => format!("{label} (empty: none): "),
        Preset::Required => format!("{label}: "),
    };
    loop {
        let answer = terminal.ask(&question)?;
        let text = match (answer.as_str(), &preset) {
            ("", Preset::Required) | (NONE, Preset::Required) => continue,
            ("", Preset::Value(value)) => value.clone(),
            ("", Preset::Generated(value)) => {
                draft.generated(value.clone());
                return Some(());
            }
            ("", Preset::Nothing) | (NONE, _) => String::new(),
            (text, _) => text.to_owned(),
        };
        match draft.set(key, &text) {
            Ok(()) => return tell_remarks(draft, terminal),
            Err(problem) => terminal.say(&format!("  {}\n", reason(label, &problem)))?,
        }
    }
}

/// Where they belong: right after the answer that they are about.
fn tell_remarks(
    draft: &mut Draft<'_>,
    terminal: &mut Terminal<impl BufRead, impl Write>,
) -> Option<()> {
    let remarks = draft.take_remarks();
    remarks
        .iter()
        .try_for_each(|remark| terminal.say(&format!("  {remark}\n")))
}

#[cfg(test)]
mod tests {
    use codeartifact_auth::endpoint::{Format, MappedHosts};

    use super::*;
    use crate::config_file::{Value, Written};

    const HOST: &str = "https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com";
    const ROLE: &str = "arn:aws:iam::111122223333:role/CodeArtifactReader";
    const GENERATED: &str = "7Qm4tZ0cXb1Lr9Wv7Qm4tZ0cXb1Lr9Wv";

    /// What was said, and what became of it; `None` if the input ended too early.
    fn asked(before: Option<Written>, answers: &str) -> (String, Option<Written>) {
        let hosts = MappedHosts::new();
        let mut draft = Draft::new(before.clone(), &hosts);
        let mut terminal = Terminal::new(answers.as_bytes(), Vec::new());
        let done = ask_all(&mut draft, GENERATED, &mut terminal);
        let said = String::from_utf8(terminal.output).unwrap();
        let after = before.unwrap_or_default().after(draft.changes());
        (said, done.map(|()| after))
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
                "An empty line takes what stands in brackets, - takes it away.\n\
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
    fn what_is_there_is_kept_by_empty_lines_and_taken_away_by_a_hyphen() {
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
    fn a_test_is_offered_until_it_is_taken_or_left() {
        for (answers, expected) in [
            ("\n", true),
            ("y\n", true),
            ("n\n", false),
            ("perhaps\nno\n", false),
            ("", false),
        ] {
            let mut terminal = Terminal::new(answers.as_bytes(), Vec::new());
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
