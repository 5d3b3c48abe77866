//! The question how this machine gets its first credentials: a profile, a CI system's identity token, or AWS's default
//! chain, to which a container's and an instance's role belong.

use codeartifact_auth::connection::Key;

use super::{NONE, Questions};
use crate::commands::refused::reason;

const LABEL: &str = "First credentials (a profile, or a CI system's token)";

impl Questions<'_, '_> {
    pub(super) fn ask_first(&mut self) -> Option<()> {
        if self.draft.is_given(Key::Profile) || self.draft.is_given(Key::Source) {
            return Some(());
        }
        if let Some(line) = self.found.line() {
            self.terminal.say(&line)?;
        }
        let of_draft = |key| self.draft.text(key).map(str::to_owned);
        let present = of_draft(Key::Profile).or_else(|| of_draft(Key::Source));
        let usual = present.or_else(|| self.found.usual.clone());
        let usual = usual.unwrap_or_else(|| "AWS's default chain".to_owned());
        let question = format!("{LABEL} [{usual}]: ");
        loop {
            let answer = self.terminal.ask(&question)?;
            match answer.as_str() {
                "" => return Some(()),
                NONE => {
                    self.draft.remove(Key::Profile);
                    self.draft.remove(Key::Source);
                    return Some(());
                }
                text => {
                    if self.take_first(text)? {
                        return Some(());
                    }
                }
            }
        }
    }

    /// Takes a profile that is here, also as `profile NAME`, or a source. Anything else is asked for again.
    fn take_first(&mut self, text: &str) -> Option<bool> {
        let name = text.strip_prefix("profile ").unwrap_or(text).trim();
        let is_profile = self.found.profiles.iter().any(|profile| profile == name);
        let (key, value) = if is_profile {
            (Key::Profile, name)
        } else {
            (Key::Source, text)
        };
        if let Some(Ok(())) = self.draft.take_url(text) {
            self.say_remarks()?;
            return Some(false);
        }
        match self.draft.set(key, value) {
            Ok(()) => Some(true),
            Err(problem) => {
                let reason = reason("no profile of that name is here", &problem);
                self.terminal.say(&format!("  {reason}\n"))?;
                Some(false)
            }
        }
    }
}
