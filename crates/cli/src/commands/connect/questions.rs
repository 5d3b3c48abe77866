//! The questions that `connect` asks at a terminal: a repository's URL first, which says account, domain and Region; how
//! this machine gets its first credentials; the roles. How a question is put is `terminal.rs`'s.

mod first;

use codeartifact_auth::connection::Key;

use super::draft::Draft;
use super::found::Found;
use super::terminal::Terminal;
use super::{ASKED_FORMATS, external_id};
use crate::commands::refused::reason;

/// The name of the role in AWS's documentation and in our templates.
const ROLE_NAME: &str = "CodeArtifactReader";

/// The answer that clears a key, or keeps it from being made.
const NONE: &str = "-";

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
mod tests;
