//! The questions that `connect` asks at a terminal: a repository's URL first, which says account, domain and Region; how
//! this machine gets its first credentials; the roles. Plain lines, no screen control: they work everywhere, and a test can
//! answer them. Questions go to stderr, so that stdout keeps the result alone.

mod first;

use std::io::{BufRead, Write};

use codeartifact_auth::connection::Key;

use super::draft::Draft;
use super::found::Found;
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
pub(super) fn ask(
    draft: &mut Draft<'_>,
    found: &Found,
    terminal: &mut Terminal,
) -> anyhow::Result<Option<()>> {
    let generated = external_id::generate()?;
    let mut questions = Questions {
        draft,
        found,
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
    found: &'a Found,
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
        while !self.draft.has_url() {
            self.ask_url()?;
        }
        self.ask_first()?;
        self.ask_via()?;
        self.ask_unless_given(Key::RoleArn)?;
        if self.draft.text(Key::RoleArn).is_none() {
            if self.draft.text(Key::ExternalId).is_some() {
                self.draft.remove(Key::ExternalId);
            }
        } else if self.sends_external_id() {
            self.ask_unless_given(Key::ExternalId)?;
        }
        for format in ASKED_FORMATS {
            self.ask_unless_given(Key::Url(format))?;
        }
        Some(())
    }

    /// AWS takes none beside an identity token, which is for the first role of the chain.
    fn sends_external_id(&self) -> bool {
        let has = |key| self.draft.text(key).is_some();
        let by_token = has(Key::Source) || (self.found.is_usual_source && !has(Key::Profile));
        let via = self.draft.via().unwrap_or(&self.found.usual_via);
        !by_token || !via.is_empty()
    }

    /// Any URL of the repository says the rest. An account alone is taken too, and a URL is asked for again.
    fn ask_url(&mut self) -> Option<()> {
        let answer = self.terminal.ask("Repository URL: ")?;
        if answer.is_empty() {
            return Some(());
        }
        let taken = self.draft.take_url(&answer).unwrap_or_else(|| {
            self.draft.set(Key::AccountId, &answer).map_err(|_| {
                "it is not the URL of a repository in CodeArtifact, such as \
                 https://my-domain-111122223333.d.codeartifact.us-east-1.amazonaws.com/npm/my-repo/"
                    .to_owned()
            })
        });
        match taken {
            Ok(()) => self.say_remarks(),
            Err(reason) => self.terminal.say(&format!("  {reason}\n")),
        }
    }

    /// Those of `[defaults]` hold unless the connection says its own, which may be none.
    fn ask_via(&mut self) -> Option<()> {
        if self.draft.is_given(Key::Via) {
            return Some(());
        }
        let present = self.draft.via().unwrap_or(&self.found.usual_via).join(", ");
        let question = match present.as_str() {
            "" => "Roles before the account's own, separated by commas (empty: none): ".to_owned(),
            present => format!("Roles before the account's own [{present}]: "),
        };
        loop {
            let answer = self.terminal.ask(&question)?;
            let roles: Vec<_> = match answer.as_str() {
                "" => return Some(()),
                NONE => Vec::new(),
                text => text.split(',').map(|role| role.trim().to_owned()).collect(),
            };
            match self.draft.choose_via(&roles) {
                Ok(()) => return Some(()),
                Err(problem) => {
                    let reason = reason("Roles", &problem);
                    self.terminal.say(&format!("  {reason}\n"))?;
                }
            }
        }
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
            // Whoever pastes a URL into another field means the repository.
            if !matches!(key, Key::Url(_))
                && let Some(Ok(())) = self.draft.take_url(text)
            {
                self.say_remarks()?;
                continue;
            }
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
        asked_with(&Found::default(), before, answers)
    }

    fn asked_with(
        found: &Found,
        before: Option<Written>,
        answers: &str,
    ) -> (String, Option<Written>) {
        let hosts = MappedHosts::new();
        let mut draft = Draft::new(before.clone(), &hosts);
        let said = Said::default();
        let mut questions = Questions {
            draft: &mut draft,
            found,
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
        let (said, after) = asked(None, &format!("{npm}\n\n\n\n\n\n\n"));
        assert_eq!(
            said,
            format!(
                "Press Enter to keep the value in brackets; type - to clear it.\n\
                 Repository URL: First credentials (a profile, or a CI system's token) [AWS's default chain]: \
                 Roles before the account's own, separated by commas (empty: none): \
                 Role ARN [{ROLE}]: External ID [generated: {GENERATED}]: \
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
    fn the_first_credentials_are_offered_and_chosen() {
        let found = Found {
            profiles: vec!["dev".to_owned(), "github".to_owned()],
            sources: vec!["github-actions"],
            ..Found::default()
        };
        let npm = format!("{HOST}/npm/my-repo/");
        let rows = [
            ("dev\n", Some((Key::Profile, "dev")), true),
            ("profile github\n", Some((Key::Profile, "github")), true),
            (
                "github-actions\n",
                Some((Key::Source, "github-actions")),
                false,
            ),
            (
                "prod\nfile:/token\n",
                Some((Key::Source, "file:/token")),
                false,
            ),
            ("\n", None, true),
            ("-\n", None, true),
        ];
        for (answer, chosen, has_external_id) in rows {
            let rest = if has_external_id {
                "\n\n\n\n\n"
            } else {
                "\n\n\n\n"
            };
            let (said, after) = asked_with(&found, None, &format!("{npm}\n{answer}{rest}"));
            assert!(said.contains("  found here: github-actions, profile dev, profile github\n"));
            let after = after.unwrap();
            let keys = [Key::Profile, Key::Source];
            let found = keys
                .into_iter()
                .find_map(|key| Some((key, after.text(key)?)));
            assert_eq!(found, chosen, "{answer} {said}");
            assert_eq!(after.has(Key::ExternalId), has_external_id, "{answer}");
            let is_unknown = said.contains("`prod` is none of github-actions, gitlab:VARIABLE");
            assert_eq!(is_unknown, answer.starts_with("prod"), "{said}");
        }
    }

    #[test]
    fn roles_before_are_asked_for() {
        let via = "arn:aws:iam::198331734661:role/IntegrationReadOnly";
        let npm = format!("{HOST}/npm/my-repo/");
        let list = |roles: &[&str]| {
            roles
                .iter()
                .map(|&role| role.to_owned())
                .collect::<Vec<_>>()
        };
        let usual = Found {
            usual_via: list(&[via]),
            ..Found::default()
        };
        let rows = [
            (
                Found::default(),
                format!("Reader\n{via}\n"),
                Some(list(&[via])),
            ),
            (
                Found::default(),
                format!("{via}, {ROLE}\n"),
                Some(list(&[via, ROLE])),
            ),
            (usual.clone(), "\n".to_owned(), None),
            (usual, "-\n".to_owned(), Some(Vec::new())),
        ];
        for (found, answer, expected) in rows {
            let (said, after) = asked_with(&found, None, &format!("{npm}\n\n{answer}\n\n\n\n"));
            assert_eq!(after.unwrap().list(Key::Via).cloned(), expected, "{said}");
        }
    }

    #[test]
    fn a_wrong_answer_is_explained_and_asked_for_again() {
        let answers = format!(
            "https://example.com/\n{HOST}/\n{HOST}/pypi/my-repo/\n\n\nReader\n-\n{HOST}/pypi/my-repo/\n\n\n"
        );
        let (said, after) = asked(None, &answers);
        for text in [
            "  it is not the URL of a repository in CodeArtifact, such as https://my-domain-111122223333",
            "names no repository: add /npm/REPOSITORY/ or the like\n",
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

    /// Whoever pastes a URL into any field means the repository.
    #[test]
    fn an_account_may_come_first_and_a_url_anywhere() {
        let (npm, pypi) = (
            format!("{HOST}/npm/my-repo/"),
            format!("{HOST}/pypi/my-repo/simple/"),
        );
        let (_, after) = asked(
            None,
            &format!("111122223333\n{npm}\n{pypi}\n\n\n{pypi}\n\n\n\n"),
        );
        let expected = written(&[
            (Key::AccountId, "111122223333"),
            (Key::RoleArn, ROLE),
            (Key::ExternalId, GENERATED),
            (Key::Url(Format::Npm), &npm),
            (Key::Url(Format::Pypi), &pypi),
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
            (Key::Profile, "dev"),
            (Key::RoleArn, ROLE),
            (Key::ExternalId, "12345678"),
            (Key::Url(Format::Npm), &npm),
        ]);
        let (said, after) = asked(Some(before.clone()), "\n\n\n\n\n\n\n");
        assert_eq!(after.as_ref(), Some(&before));
        assert!(said.contains("External ID [12345678]: "), "{said}");
        assert!(said.contains("token) [dev]: "), "{said}");

        let (_, after) = asked(Some(before), &format!("-\n\n-\n-\n\n{go}\n"));
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
    fn an_end_of_input_ends_it() {
        for answers in ["", "111122223333\n", "\n\n"] {
            let (said, after) = asked(None, answers);
            assert!(said.ends_with("Repository URL: "), "{said}");
            assert_eq!(after, None);
        }
    }
}
