//! An `.npmrc` whose lines stay byte for byte as they are, but for the token lines that we set or take away.
//! It knows no file and no registry that is not handed in; [`line`] reads a single line.

mod ending;
mod line;
mod setting;

use std::path::Path;

use anyhow::{Result, ensure};

use super::helper::{HELPERS, Helper};
use ending::{end_of_text, is_finished, split};

pub(crate) use line::text;
pub use line::{Entry, Meaning, Value, read};
pub use setting::line as setting_line;

/// Follows a registry's `//host/path/` in the key of its token.
pub(crate) const TOKEN: &str = ":_authToken";
/// The same in the key of the program that pnpm asks for one.
pub(crate) const HELPER: &str = ":tokenHelper";

/// The text of an `.npmrc`, as lines that still have their terminators.
///
/// It may hold tokens: it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    lines: Vec<Vec<u8>>,
}

impl Document {
    /// Takes any bytes that npm itself could read.
    ///
    /// # Errors
    /// UTF-16, as Windows PowerShell's `>` writes it: npm reads it as garbage, and one ASCII line more would not help.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
        ensure!(
            !is_utf16 && !bytes.contains(&0),
            "not UTF-8 (UTF-16?), so npm cannot read it"
        );
        Ok(Self {
            lines: split(bytes),
        })
    }

    /// The text again, byte for byte but for what was changed.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.lines.concat()
    }

    /// Returns the entries that npm sees, those before the first section, each with its line's number from 1.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (usize, Entry)> {
        self.top_level().map(|(at, entry)| (at + 1, entry))
    }

    /// Makes `token` the one that npm uses below `registry` (`//host/path/`): in every line for it or for a longer
    /// path, which would win over it, and in a line of our own if there is none.
    /// A line that takes its token from a variable (`${NAME}`) is its writer's: ours goes behind it, and wins.
    ///
    /// # Errors
    /// The token has a character that does not stand for itself in an `.npmrc`.
    pub fn set_token(&mut self, registry: &str, token: &str) -> Result<()> {
        self.renew_token(registry, token)?;
        let key = format!("{registry}{TOKEN}");
        if self.setting(&key).as_deref() != Some(token) {
            require_plain(registry, token)?;
            let place = self.place_for(&key);
            self.insert(place, format!("{key}={token}").into_bytes());
        }
        Ok(())
    }

    /// Makes `token` the one of every line that has one for `registry` or for a longer path, and adds none.
    ///
    /// # Errors
    /// As [`Document::set_token`].
    pub fn renew_token(&mut self, registry: &str, token: &str) -> Result<()> {
        let lines = self.tokens_below(registry).into_iter();
        let is_old =
            |(at, value): &(usize, Value)| self.lines[*at][value.span.clone()] != *token.as_bytes();
        let old: Vec<_> = lines.filter(is_old).collect();
        if !old.is_empty() {
            require_plain(registry, token)?;
        }
        for (at, value) in old {
            self.lines[at].splice(value.span, token.bytes());
        }
        Ok(())
    }

    /// Takes away every line that holds a token itself or leads pnpm to a program of ours, for registries that
    /// `is_ours` says yes to. Without that program, pnpm 9 and 10 refuse every command.
    pub fn remove_tokens(&mut self, is_ours: impl Fn(&str) -> bool) {
        self.remove_all(|entry| {
            let token = token_key(entry).filter(|_| holds_token(entry));
            token.or(helper_key(entry)).is_some_and(&is_ours)
        });
    }

    fn top_level(&self) -> impl DoubleEndedIterator<Item = (usize, Entry)> {
        let end = self.first_section().unwrap_or(self.lines.len());
        let meanings = self.lines[..end].iter().map(|line| line::read(line));
        meanings
            .enumerate()
            .filter_map(|(at, meaning)| match meaning {
                Meaning::Entry(entry) => Some((at, entry)),
                Meaning::Nothing | Meaning::Section => None,
            })
    }

    /// The same, where only keys of tokens matter. Most lines need not be read for that.
    fn token_entries(&self) -> impl DoubleEndedIterator<Item = (usize, Entry)> {
        let end = self.first_section().unwrap_or(self.lines.len());
        let lines = self.lines[..end].iter().enumerate();
        let may_have = |line: &[u8]| {
            let is_spelled = line.contains(&b'\\') || line.contains(&b'"') || line.contains(&b'\'');
            let key = line.split(|byte| *byte == b'=').next().unwrap_or_default();
            // A comment may be behind it.
            let mut parts = (0..key.len()).filter(|at| key[*at] == b':');
            is_spelled || parts.any(|at| key[at..].starts_with(TOKEN.as_bytes()))
        };
        let lines = lines.filter(move |(_, line)| may_have(line));
        lines.filter_map(|(at, line)| match line::read(line) {
            Meaning::Entry(entry) => Some((at, entry)),
            Meaning::Nothing | Meaning::Section => None,
        })
    }

    fn first_section(&self) -> Option<usize> {
        self.lines
            .iter()
            .position(|line| line::is_section_head(line))
    }

    /// Lines that hold a token themselves, for `registry` or a longer path.
    fn tokens_below(&self, registry: &str) -> Vec<(usize, Value)> {
        self.token_entries()
            .filter(|(_, entry)| token_key(entry).is_some_and(|key| is_below(key, registry)))
            .filter(|(_, entry)| holds_token(entry))
            .filter_map(|(at, entry)| Some((at, entry.value?)))
            .collect()
    }

    /// Behind the last line for the same key, else at the end of what npm sees.
    fn place_for(&self, key: &str) -> usize {
        let same = self.top_level().rfind(|(_, entry)| entry.key == key);
        let Some(section) = self.first_section() else {
            return same.map_or(self.lines.len(), |(at, _)| at + 1);
        };
        // Lines between the last entry and the section's head belong to the section.
        let last = same.or_else(|| self.top_level().next_back());
        last.map_or(section, |(at, _)| at + 1)
    }

    /// A file whose last line is unfinished keeps that habit.
    fn insert(&mut self, at: usize, mut line: Vec<u8>) {
        let ending = self.line_ending(at);
        match at
            .checked_sub(1)
            .and_then(|before| self.lines.get_mut(before))
        {
            Some(unfinished) if !is_finished(unfinished) => unfinished.extend(ending),
            _ => line.extend(ending),
        }
        self.lines.insert(at, line);
    }

    fn remove(&mut self, at: usize) {
        let removed = self.lines.remove(at);
        let last = self.lines.last_mut();
        if let Some(last) = last.filter(|_| !is_finished(&removed)) {
            last.truncate(end_of_text(last));
        }
    }

    /// As the line before has it: in a file of mixed endings, another one could melt into the next line's.
    fn line_ending(&self, at: usize) -> Vec<u8> {
        let (before, after) = self.lines.split_at(at);
        let mut nearest = before
            .iter()
            .rev()
            .chain(after)
            .filter(|line| is_finished(line));
        let ending = nearest
            .next()
            .map(|line| line[end_of_text(line)..].to_vec());
        ending.unwrap_or_else(|| b"\n".to_vec())
    }
}

/// The `//host/path/` that an entry asks a program of ours about, whoever wrote the line.
pub(crate) fn helper_key(entry: &Entry) -> Option<&str> {
    let registry = entry.key.strip_suffix(HELPER)?;
    let program = Path::new(entry.value.as_ref()?.text.as_str());
    let is_ours = program.parent().is_some_and(|it| it.ends_with(HELPERS));
    let names_registry = Helper::read(program.as_os_str()).is_some();
    (is_ours && names_registry).then_some(registry)
}

/// The `//host/path/` that an entry is a token for.
pub(crate) fn token_key(entry: &Entry) -> Option<&str> {
    let registry = entry.key.strip_suffix(TOKEN)?;
    registry.starts_with("//").then_some(registry)
}

/// Tells if an entry has a token in it, not the name of a variable that has one.
pub(crate) fn holds_token(entry: &Entry) -> bool {
    let value = entry.value.as_ref();
    value.is_some_and(|value| !value.text.contains("${"))
}

/// `//host/path` and everything longer than `//host/path/` wins over it in one client or another.
fn is_below(key: &str, registry: &str) -> bool {
    key.starts_with(registry) || Some(key) == registry.strip_suffix('/')
}

fn require_plain(registry: &str, token: &str) -> Result<()> {
    ensure!(
        !token.is_empty() && token.bytes().all(is_plain),
        "the token for {registry} has a character that cannot stand in an .npmrc"
    );
    Ok(())
}

/// Characters that need no quotes, start no comment and expand to nothing.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'~' | b'+' | b'/' | b'=')
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
